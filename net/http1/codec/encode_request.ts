import {
  type BodyEncoder,
  ChunkedEncoder,
  encodeText,
  FixedEncoder,
  WrongLength,
} from "./body_encoder.ts";
import { bodyOf, type HttpBody, type StreamedBody } from "./body_source.ts";
import { assertMethod, assertTarget, type FieldsInit, FieldText } from "./field_text.ts";

/** A request as a program gives it. */
export interface HttpRequestInit {
  /** GET unless said otherwise. */
  readonly method?: string;
  /** The path and query, or one of the other forms of RFC 9112 §3.2; "/" unless said otherwise. */
  readonly target?: string;
  readonly fields?: FieldsInit;
  readonly body?: HttpBody;
  /** Sends the body only when the server asks for it, or says nothing for a while. */
  readonly expectContinue?: boolean;
}

/** A larger body is written behind the head instead of being copied. */
const MAX_JOINED_BYTES = 64 * 1024;
/** RFC 9110 §8.6: with these, no body is a body of length 0. */
const BODY_IS_USUAL = ["POST", "PUT", "PATCH"];

/**
 * A request in bytes: encode it once and send it as often as you like, if its body is no stream.
 *
 * @example
 * ```ts
 * import { encodeRequest } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * const request = encodeRequest({ method: "POST", target: "/jobs", body: "{}" }, "example.org");
 * assertEquals(
 *   new TextDecoder().decode(request.bytes),
 *   "POST /jobs HTTP/1.1\r\nHost: example.org\r\nContent-Length: 2\r\n\r\n{}",
 * );
 * ```
 */
export class EncodedRequest {
  constructor(
    readonly method: string,
    /** The head, and a small body. */
    readonly bytes: Uint8Array,
    /** A large body. */
    readonly rest: Uint8Array | undefined,
    readonly streamed: StreamedBody | undefined,
    /** How the stream is sent; undefined for bytes. */
    readonly length: number | undefined,
    readonly expectsContinue: boolean,
    /** Whether it asks the server to end the connection. */
    readonly close: boolean,
  ) {}

  /** Whether it can be sent once more. */
  get replayable(): boolean {
    return this.streamed === undefined;
  }

  /** Makes the wire's bytes of its stream. */
  encoder(): BodyEncoder {
    return this.length === undefined ? new ChunkedEncoder() : new FixedEncoder(this.length);
  }
}

/**
 * Encodes a request to `host`, which is what `Host` says unless the fields have one.
 *
 * @throws {TypeError} when method, target or a field could not stand in a head
 * @throws {WrongLength} when a Content-Length was given that is not the body's
 */
export function encodeRequest(init: HttpRequestInit, host: string): EncodedRequest {
  const { method = "GET", target = "/" } = init;
  assertMethod(method);
  assertTarget(target);
  const fields = new FieldText(init.fields);
  const lines = new FieldText();
  if (!fields.hasHost) lines.add("Host", host);
  const body = bodyOf(init.body);
  const bytes = body instanceof Uint8Array ? body : undefined;
  const expectContinue = init.expectContinue === true && bytes?.length !== 0; // RFC 9110 §10.1.1
  lines.text += fields.text + framing(method, bytes, fields);
  if (expectContinue) lines.add("Expect", "100-continue");
  const head = `${method} ${target} HTTP/1.1\r\n${lines.text}\r\n`;
  const joined = bytes !== undefined && bytes.length <= MAX_JOINED_BYTES && !expectContinue;
  return new EncodedRequest(
    method,
    encodeText(head, joined ? bytes : undefined),
    joined ? undefined : bytes,
    body instanceof Uint8Array ? undefined : body,
    fields.contentLength,
    expectContinue,
    fields.close,
  );
}

/** The line that tells how long the body is, where one is needed. */
function framing(method: string, bytes: Uint8Array | undefined, fields: FieldText): string {
  const told = fields.contentLength;
  if (bytes === undefined) return told === undefined ? "Transfer-Encoding: chunked\r\n" : "";
  if (told !== undefined) {
    if (told !== bytes.length) throw new WrongLength(told, bytes.length);
    return "";
  }
  const isTold = bytes.length > 0 || BODY_IS_USUAL.includes(method);
  return isTold ? `Content-Length: ${bytes.length}\r\n` : "";
}
