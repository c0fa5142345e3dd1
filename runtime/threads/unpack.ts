import { FLOAT_BYTES, Kind, LENGTH_BYTES, VIEWS } from "./pack_kinds.ts";

const decoder = new TextDecoder();

/** Reads what a `Packer` has written. */
export class Unpacker {
  #bytes: Uint8Array;
  #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  unpack(start: number): unknown {
    this.#at = start;
    return this.#read();
  }

  #read(): unknown {
    switch (this.#bytes[this.#at++] as Kind) {
      case Kind.Undefined:
        return undefined;
      case Kind.Null:
        return null;
      case Kind.False:
        return false;
      case Kind.True:
        return true;
      case Kind.Int:
        return this.#int();
      case Kind.Float:
        return this.#float();
      case Kind.BigInt:
        return BigInt(this.#read() as string);
      case Kind.String:
        return decoder.decode(this.#raw());
      case Kind.Latin:
        return this.#latin();
      default:
        this.#at--;
        return this.#object();
    }
  }

  #object(): unknown {
    switch (this.#bytes[this.#at++] as Kind) {
      case Kind.Array:
        return this.#items();
      case Kind.Object:
        return this.#record();
      case Kind.Map:
        return this.#map();
      case Kind.Set:
        return new Set(this.#items());
      case Kind.Date:
        return new Date(this.#float());
      case Kind.Buffer:
        return this.#raw().buffer;
      default:
        return new VIEWS[this.#bytes[this.#at++]](this.#raw().buffer);
    }
  }

  #items(): unknown[] {
    const items = new Array(this.#int());
    for (let i = 0; i < items.length; i++) items[i] = this.#read();
    return items;
  }

  #record(): Record<string, unknown> {
    const record: Record<string, unknown> = {};
    for (let left = this.#int(); left > 0; left--) {
      const key = this.#read() as string;
      if (key === "__proto__") Object.defineProperty(record, key, own(this.#read()));
      else record[key] = this.#read();
    }
    return record;
  }

  #map(): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    for (let left = this.#int(); left > 0; left--) {
      const key = this.#read();
      map.set(key, this.#read());
    }
    return map;
  }

  #int(): number {
    const value = this.#view.getInt32(this.#at, true);
    this.#at += LENGTH_BYTES;
    return value;
  }

  #float(): number {
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += FLOAT_BYTES;
    return value;
  }

  /** A copy of its own: the memory is written again soon. */
  #raw(): Uint8Array<ArrayBuffer> {
    const length = this.#int();
    const copy = new Uint8Array(length);
    copy.set(this.#bytes.subarray(this.#at, this.#at + length));
    this.#at += length;
    return copy;
  }

  #latin(): string {
    const length = this.#bytes[this.#at++];
    let text = "";
    for (let i = 0; i < length; i++) text += String.fromCharCode(this.#bytes[this.#at + i]);
    this.#at += length;
    return text;
  }
}

function own(value: unknown): PropertyDescriptor {
  return { value, enumerable: true, configurable: true, writable: true };
}
