/**
 * How small values cross between threads: written into shared memory, read on the other side.
 *
 * The platform's structured clone crosses by messages only, which cost ten times as much, so what
 * is plain and small is packed here: primitives, arrays, plain objects, maps, sets, dates, buffers
 * and typed arrays. Whatever else the structured clone takes goes by message. One byte names the
 * kind; numbers are little-endian; lengths are 32 bits.
 */

import { FLOAT_BYTES, Kind, LENGTH_BYTES, VIEWS } from "./pack_kinds.ts";

/** The value does not fit, or is of a kind that is not packed: it has to go by message. */
export const UNPACKABLE = -1;

/** Shorter texts are copied letter by letter, which is faster than asking the encoder. */
const SHORT_TEXT = 32;
const LAST_ASCII = 0x7f;
/** Deeper values are rare, and those that contain themselves are endless. */
const MAX_DEPTH = 32;

const encoder = new TextEncoder();

/** Writes values into a stretch of bytes. */
export class Packer {
  #bytes: Uint8Array;
  #view: DataView;
  #at = 0;
  #end = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Writes `value` from `start`; answers how many bytes that took, or `UNPACKABLE`. */
  pack(value: unknown, start: number, room: number): number {
    this.#at = start;
    this.#end = start + room;
    return this.#write(value, 0) ? this.#at - start : UNPACKABLE;
  }

  #write(value: unknown, depth: number): boolean {
    switch (typeof value) {
      case "number":
        return this.#number(value);
      case "string":
        return this.#string(value);
      case "boolean":
        return this.#kind(value ? Kind.True : Kind.False);
      case "undefined":
        return this.#kind(Kind.Undefined);
      case "bigint":
        return this.#kind(Kind.BigInt) && this.#string(value.toString());
      case "object":
        if (value === null) return this.#kind(Kind.Null);
        return depth < MAX_DEPTH && this.#object(value, depth + 1);
      default:
        return false;
    }
  }

  #object(value: object, depth: number): boolean {
    switch (Object.getPrototypeOf(value)) {
      case Array.prototype:
        return this.#all(Kind.Array, (value as unknown[]).length, value as unknown[], depth);
      case Object.prototype:
      case null:
        return this.#record(value as Record<string, unknown>, depth);
      case Map.prototype:
        return this.#pairs(value as Map<unknown, unknown>, depth);
      case Set.prototype:
        return this.#all(Kind.Set, (value as Set<unknown>).size, value as Set<unknown>, depth);
      case Date.prototype:
        return this.#kind(Kind.Date) && this.#float((value as Date).getTime());
      case ArrayBuffer.prototype:
        return this.#kind(Kind.Buffer) && this.#raw(new Uint8Array(value as ArrayBuffer));
      default:
        return this.#typedArray(value);
    }
  }

  #number(value: number): boolean {
    if ((value | 0) !== value || Object.is(value, -0)) {
      return this.#kind(Kind.Float) && this.#float(value);
    }
    return this.#kind(Kind.Int) && this.#int(value);
  }

  #all(kind: Kind, count: number, items: Iterable<unknown>, depth: number): boolean {
    if (!this.#kind(kind) || !this.#int(count)) return false;
    for (const item of items) if (!this.#write(item, depth)) return false;
    return true;
  }

  #record(value: Record<string, unknown>, depth: number): boolean {
    const keys = Object.keys(value);
    if (!this.#kind(Kind.Object) || !this.#int(keys.length)) return false;
    for (const key of keys) {
      if (!this.#string(key) || !this.#write(value[key], depth)) return false;
    }
    return true;
  }

  #pairs(map: Map<unknown, unknown>, depth: number): boolean {
    if (!this.#kind(Kind.Map) || !this.#int(map.size)) return false;
    for (const [key, value] of map) {
      if (!this.#write(key, depth) || !this.#write(value, depth)) return false;
    }
    return true;
  }

  #typedArray(value: object): boolean {
    const kind = VIEWS.findIndex(({ prototype }) => Object.getPrototypeOf(value) === prototype);
    if (kind < 0 || !this.#kind(Kind.View)) return false;
    const { buffer, byteOffset, byteLength } = value as Uint8Array;
    if (!(buffer instanceof ArrayBuffer)) return false;
    return this.#kind(kind) && this.#raw(new Uint8Array(buffer, byteOffset, byteLength));
  }

  #kind(kind: number): boolean {
    if (this.#at >= this.#end) return false;
    this.#bytes[this.#at++] = kind;
    return true;
  }

  #int(value: number): boolean {
    if (this.#at + LENGTH_BYTES > this.#end) return false;
    this.#view.setInt32(this.#at, value, true);
    this.#at += LENGTH_BYTES;
    return true;
  }

  #float(value: number): boolean {
    if (this.#at + FLOAT_BYTES > this.#end) return false;
    this.#view.setFloat64(this.#at, value, true);
    this.#at += FLOAT_BYTES;
    return true;
  }

  #raw(bytes: Uint8Array): boolean {
    if (!this.#int(bytes.length) || this.#at + bytes.length > this.#end) return false;
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    return true;
  }

  #string(text: string): boolean {
    if (text.length <= SHORT_TEXT && this.#latin(text)) return true;
    const least = this.#at + 1 + LENGTH_BYTES + text.length;
    if (least > this.#end || !text.isWellFormed()) return false;
    const bytes = encoder.encode(text);
    return this.#kind(Kind.String) && this.#raw(bytes);
  }

  /** A short text of ASCII letters; false when it is not one, or has no room. */
  #latin(text: string): boolean {
    const start = this.#at;
    if (start + 2 + text.length > this.#end) return false;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > LAST_ASCII) return false;
      this.#bytes[start + 2 + i] = code;
    }
    this.#bytes[start] = Kind.Latin;
    this.#bytes[start + 1] = text.length;
    this.#at = start + 2 + text.length;
    return true;
  }
}
