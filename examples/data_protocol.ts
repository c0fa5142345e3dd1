/**
 * The messages that `data_server.ts` and `data_client.ts` exchange: three fields, written byte by
 * byte, with the length in front. All numbers are little-endian.
 *
 *   frame    u32 length of what follows, then the message
 *   message  u32 field1, u16 field2, u32 length of field3, field3 as UTF-8
 */

import { End, InvalidText, type Item, TooLong, UnexpectedEof } from "wakeful/runtime";
import type { Stream } from "wakeful/net";

export interface Message {
  readonly field1: number;
  readonly field2: number;
  readonly field3: string;
}

const LENGTH_BYTES = 4;
const FIELD2_AT = 4;
const LENGTH_AT = 6;
const TEXT_AT = 10;
/** The longest message; a longer one is taken for nonsense. */
export const LONGEST_MESSAGE = 64 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** A message as a frame. */
export function encodeFrame({ field1, field2, field3 }: Message): Uint8Array {
  const text = encoder.encode(field3);
  const frame = new Uint8Array(LENGTH_BYTES + TEXT_AT + text.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, TEXT_AT + text.length, true);
  view.setUint32(LENGTH_BYTES, field1, true);
  view.setUint16(LENGTH_BYTES + FIELD2_AT, field2, true);
  view.setUint32(LENGTH_BYTES + LENGTH_AT, text.length, true);
  frame.set(text, LENGTH_BYTES + TEXT_AT);
  return frame;
}

/**
 * Reads a message without its frame.
 *
 * @throws {UnexpectedEof} when it is shorter than it says
 * @throws {TooLong} when something follows its text
 * @throws {InvalidText} when its text is not UTF-8
 */
export function decodeMessage(bytes: Uint8Array): Message {
  if (bytes.length < TEXT_AT) throw new UnexpectedEof(TEXT_AT, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(LENGTH_AT, true);
  if (bytes.length < TEXT_AT + length) throw new UnexpectedEof(TEXT_AT + length, bytes.length);
  if (bytes.length > TEXT_AT + length) throw new TooLong("the message", TEXT_AT + length);
  return {
    field1: view.getUint32(0, true),
    field2: view.getUint16(FIELD2_AT, true),
    field3: decodeText(bytes.subarray(TEXT_AT)),
  };
}

function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new InvalidText("field3");
  }
}

/**
 * Reads the next frame's message, still as bytes; `End` when the peer has sent its last.
 *
 * @throws {TooLong} when it says that it is longer than a message may be
 * @throws {UnexpectedEof} when the peer ends in the middle
 */
export function* readFrame(stream: Stream): Generator<void, Item<Uint8Array>, void> {
  if ((yield* stream.fill()).length === 0) return End;
  const header = new Uint8Array(LENGTH_BYTES);
  yield* stream.readExact(header);
  const length = new DataView(header.buffer).getUint32(0, true);
  if (length > LONGEST_MESSAGE) throw new TooLong(`a frame of ${length} bytes`, LONGEST_MESSAGE);
  const message = new Uint8Array(length);
  yield* stream.readExact(message);
  return message;
}
