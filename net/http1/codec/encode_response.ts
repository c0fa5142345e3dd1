import {
  type BodyEncoder,
  ChunkedEncoder,
  encodeText,
  FixedEncoder,
  UntilCloseEncoder,
} from "./body_encoder.ts";
import { bodyOf, type HttpBody, type StreamedBody } from "./body_source.ts";
import { type FieldsInit, FieldText } from "./field_text.ts";
import { reasonOf } from "./reasons.ts";

/** An answer as a program gives it. */
export interface HttpResponseInit {
  /** 200 unless said otherwise. */
  readonly status?: number;
  readonly fields?: FieldsInit;
  readonly body?: HttpBody;
}

/** What an answer has to know besides itself. */
export interface ResponseContext {
  /** The method of the request: HEAD is answered without a body. */
  readonly method: string;
  /** The minor version of the client's HTTP; 0 knows no chunks. */
  readonly minor: 0 | 1;
  /** Whether the connection may go on. */
  readonly keepAlive: boolean;
  /** The value of `Date`, unless the fields have one. RFC 9110 §6.6.1 */
  readonly date: string;
}

/** An answer in bytes. */
export interface EncodedResponse {
  /** The head, and a small body. */
  readonly bytes: Uint8Array;
  /** A large body. */
  readonly rest: Uint8Array | undefined;
  readonly streamed: StreamedBody | undefined;
  /** Makes the wire's bytes of the stream. */
  readonly encoder: BodyEncoder;
  /** Whether the connection ends after it. */
  readonly close: boolean;
}

const MAX_JOINED_BYTES = 64 * 1024;
const LOWEST_STATUS = 200;
const HIGHEST_STATUS = 999;
const NO_CONTENT = 204;
const NOT_MODIFIED = 304;

/**
 * Encodes a final answer: with `Content-Length` where the length is known, otherwise in chunks, or
 * up to the end of the connection for a client of HTTP/1.0. RFC 9112 §6
 *
 * 204 and 304, and what answers HEAD, have no body; a body that is given says only how long it
 * would be.
 *
 * @throws {TypeError} when a field could not stand in a head
 * @throws {RangeError} when the status is not from 200 to 999
 * @throws {WrongLength} when a Content-Length was given that is not the body's
 *
 * @example
 * ```ts
 * import { encodeResponse } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * const context = { method: "GET", minor: 1, keepAlive: true, date: "today" } as const;
 * const { bytes } = encodeResponse({ status: 404, body: "no such job" }, context);
 * assertEquals(
 *   new TextDecoder().decode(bytes),
 *   "HTTP/1.1 404 Not Found\r\nDate: today\r\nContent-Length: 11\r\n\r\nno such job",
 * );
 * ```
 */
export function encodeResponse(init: HttpResponseInit, context: ResponseContext): EncodedResponse {
  const { status = 200 } = init;
  assertStatus(status);
  const fields = new FieldText(init.fields);
  const body = bodyOf(init.body);
  const isEmpty = status === NO_CONTENT || status === NOT_MODIFIED;
  const isBodiless = isEmpty || context.method === "HEAD";
  const framed = frame(body, fields.contentLength, context.minor);
  const close = !context.keepAlive || fields.close || (framed.encoder.untilClose && !isBodiless);
  const lines = new FieldText();
  if (!fields.hasDate) lines.add("Date", context.date);
  lines.text += fields.text + (isEmpty ? "" : framed.line);
  if (close && !fields.close) lines.add("Connection", "close");
  if (!close && context.minor === 0) lines.add("Connection", "keep-alive");
  const head = `HTTP/1.1 ${status} ${reasonOf(status)}\r\n${lines.text}\r\n`;
  const { encoder } = framed;
  if (isBodiless) {
    return { bytes: encodeText(head), rest: undefined, streamed: undefined, encoder, close };
  }
  if (body instanceof Uint8Array && fields.contentLength !== undefined) {
    encoder.encode(body);
    encoder.finish(); // for their checks alone: these bytes go out as they are
  }
  const joined = body instanceof Uint8Array && body.length <= MAX_JOINED_BYTES;
  return {
    bytes: encodeText(head, joined ? body : undefined),
    rest: body instanceof Uint8Array && !joined ? body : undefined,
    streamed: body instanceof Uint8Array ? undefined : body,
    encoder,
    close,
  };
}

/** How the body is sent, and the line that says so. */
function frame(
  body: Uint8Array | StreamedBody,
  told: number | undefined,
  minor: 0 | 1,
): { encoder: BodyEncoder; line: string } {
  if (body instanceof Uint8Array) {
    const line = told === undefined ? `Content-Length: ${body.length}\r\n` : "";
    return { encoder: new FixedEncoder(told ?? body.length), line };
  }
  if (told !== undefined) return { encoder: new FixedEncoder(told), line: "" };
  if (minor === 0) return { encoder: new UntilCloseEncoder(), line: "" };
  return { encoder: new ChunkedEncoder(), line: "Transfer-Encoding: chunked\r\n" };
}

function assertStatus(status: number): void {
  if (Number.isInteger(status) && status >= LOWEST_STATUS && status <= HIGHEST_STATUS) return;
  throw new RangeError(`Expected a status from 200 to 999, got ${status}`);
}
