import { DIGIT_0, isBlank, isDigit, spells, TCHAR } from "./octets.ts";
import { refuse } from "./refusal.ts";

const COMMA = 0x2c;
const DECIMAL = 10;
/** No length was told. */
export const NO_LENGTH = -1;

/**
 * What the fields of one head say about the message itself: how long its body is, whether the
 * connection outlives it, what its sender waits for.
 *
 * A parser notes each field as it passes. Only the names that matter are compared, and those only
 * with a name of the same length.
 */
export class FramingFields {
  contentLength = NO_LENGTH;
  chunked = false;
  hasTransferEncoding = false;
  close = false;
  keepAlive = false;
  upgrade = false;
  expectsContinue = false;
  hosts = 0;

  clear(): void {
    this.contentLength = NO_LENGTH;
    this.chunked = this.hasTransferEncoding = false;
    this.close =
      this.keepAlive =
      this.upgrade =
      this.expectsContinue =
        false;
    this.hosts = 0;
  }

  /** The same, in an object of its own. */
  copy(): FramingFields {
    const copy = new FramingFields();
    copy.contentLength = this.contentLength;
    copy.chunked = this.chunked;
    copy.hasTransferEncoding = this.hasTransferEncoding;
    copy.close = this.close;
    copy.keepAlive = this.keepAlive;
    copy.upgrade = this.upgrade;
    copy.expectsContinue = this.expectsContinue;
    copy.hosts = this.hosts;
    return copy;
  }

  /** A field whose name is `bytes[from, nameTo)` and whose value `bytes[valueFrom, to)`. */
  note(bytes: Uint8Array, from: number, nameTo: number, valueFrom: number, to: number): void {
    switch (nameTo - from) {
      case "host".length:
        if (spells(bytes, from, nameTo, "host")) this.hosts++;
        break;
      case "expect".length:
        if (spells(bytes, from, nameTo, "expect")) {
          this.expectsContinue ||= spells(bytes, valueFrom, to, "100-continue");
        }
        break;
      case "connection".length:
        if (spells(bytes, from, nameTo, "connection")) this.#connection(bytes, valueFrom, to);
        break;
      case "content-length".length:
        if (spells(bytes, from, nameTo, "content-length")) this.#length(bytes, valueFrom, to);
        break;
      case "transfer-encoding".length:
        if (spells(bytes, from, nameTo, "transfer-encoding")) this.#coding(bytes, valueFrom, to);
        break;
    }
  }

  /** RFC 9110 §7.6.1: a list of options. */
  #connection(bytes: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to;) {
      if (TCHAR[bytes[at]] === 0) {
        at++;
        continue;
      }
      let end = at;
      while (end < to && TCHAR[bytes[end]] === 1) end++;
      this.close ||= spells(bytes, at, end, "close");
      this.keepAlive ||= spells(bytes, at, end, "keep-alive");
      this.upgrade ||= spells(bytes, at, end, "upgrade");
      at = end;
    }
  }

  /** RFC 9112 §6.3: the same number told twice is one; a list, or another number, is refused. */
  #length(bytes: Uint8Array, from: number, to: number): void {
    if (from === to) refuse("content-length");
    let length = 0;
    for (let at = from; at < to; at++) {
      if (!isDigit(bytes[at])) refuse("content-length");
      length = length * DECIMAL + (bytes[at] - DIGIT_0);
    }
    if (length > Number.MAX_SAFE_INTEGER) refuse("content-length");
    if (this.contentLength !== NO_LENGTH && this.contentLength !== length) {
      refuse("differing-lengths");
    }
    this.contentLength = length;
  }

  /** RFC 9112 §6.1 and §6.3: chunked, once, and nothing else. */
  #coding(bytes: Uint8Array, from: number, to: number): void {
    const first = !this.hasTransferEncoding;
    this.hasTransferEncoding = true;
    this.chunked = first && spells(bytes, from, to, "chunked");
    if (this.chunked) return;
    let last = to;
    while (last > from && bytes[last - 1] !== COMMA) last--;
    while (last < to && isBlank(bytes[last])) last++;
    const endsInChunked = spells(bytes, last, to, "chunked");
    refuse(first && (endsInChunked && last > from) ? "transfer-coding" : "chunked-not-last");
  }
}
