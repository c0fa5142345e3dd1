import { NotPortable } from "../core/errors.ts";
import { cloneFor } from "./crossing.ts";
import { Packer, UNPACKABLE } from "./pack.ts";
import { Unpacker } from "./unpack.ts";

/** How a channel between threads writes its messages: as its two ends have agreed. */
export type CodecName = "plain" | "json" | "bytes";

/** Turns values into bytes and back, in one scratch buffer. */
export interface Codec {
  /** Writes into the scratch buffer and answers the length; throws what cannot be written. */
  encode(value: unknown): number;
  readonly scratch: Uint8Array;
  decode(bytes: Uint8Array, at: number, length: number): unknown;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function tooLong(longest: number): NotPortable {
  return new NotPortable("the message", `it is longer than the ${longest} bytes it may have`);
}

/** What is plain, as arguments of portable tasks are. */
class PlainCodec implements Codec {
  readonly scratch: Uint8Array;
  #packer: Packer;
  #unpacker: Unpacker;

  constructor(shared: Uint8Array, longest: number) {
    this.scratch = new Uint8Array(longest);
    this.#packer = new Packer(this.scratch);
    this.#unpacker = new Unpacker(shared);
  }

  encode(value: unknown): number {
    const length = this.#packer.pack(value, 0, this.scratch.length);
    if (length !== UNPACKABLE) return length;
    cloneFor(value, "the message"); // says what of it is not portable at all
    throw new NotPortable(
      "the message",
      `it is longer than ${this.scratch.length} bytes, or more than plain data`,
    );
  }

  decode(_bytes: Uint8Array, at: number): unknown {
    return this.#unpacker.unpack(at);
  }
}

/** A value as JSON text. */
class JsonCodec implements Codec {
  scratch = new Uint8Array(0);

  constructor(readonly longest: number) {}

  encode(value: unknown): number {
    const text = JSON.stringify(value);
    if (text === undefined) throw new NotPortable("the message", "JSON has no word for it");
    this.scratch = encoder.encode(text);
    if (this.scratch.length > this.longest) throw tooLong(this.longest);
    return this.scratch.length;
  }

  decode(bytes: Uint8Array, at: number, length: number): unknown {
    return JSON.parse(decoder.decode(bytes.slice(at, at + length)));
  }
}

/** Bytes as they are. */
class BytesCodec implements Codec {
  scratch = new Uint8Array(0);

  constructor(readonly longest: number) {}

  encode(value: unknown): number {
    if (!(value instanceof Uint8Array)) {
      throw new NotPortable("the message", "the channel's codec is bytes, and it is none");
    }
    if (value.length > this.longest) throw tooLong(this.longest);
    this.scratch = value as Uint8Array<ArrayBuffer>;
    return value.length;
  }

  decode(bytes: Uint8Array, at: number, length: number): unknown {
    return bytes.slice(at, at + length);
  }
}

/** Makes the codec of that name, for messages of at most so many bytes. */
export function codecNamed(name: CodecName, shared: Uint8Array, longest: number): Codec {
  if (name === "plain") return new PlainCodec(shared, longest);
  return name === "json" ? new JsonCodec(longest) : new BytesCodec(longest);
}
