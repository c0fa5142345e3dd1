import { spells, textAt } from "./octets.ts";

const NOTHING = new Uint8Array(0);

/** How many positions a field has: where its name begins and ends, where its value does. */
const MARKS = 4;
const VALUE_MARK = 2;

/**
 * The fields of a head, or those after a chunked body, as they came: bytes and positions in them.
 *
 * Names are compared in whatever case, and text is made only of what is asked for. A value is one
 * character per byte; `get` joins several fields of one name, as RFC 9110 §5.3 has it.
 *
 * @example
 * ```ts
 * import { ResponseParser } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * const parser = new ResponseParser();
 * parser.feed(new TextEncoder().encode("HTTP/1.1 204 \r\nVary: a\r\nServer: x\r\nvary: b\r\n\r\n"));
 * parser.next();
 * const { fields } = parser.head;
 * assertEquals(fields.get("VARY"), "a, b");
 * assertEquals([...fields].at(1), ["Server", "x"]);
 * ```
 */
export class HttpFields {
  #bytes: Uint8Array;
  #base = 0;
  #marks: number[];
  #size: number;

  /** None; or for a parser, those whose positions in `bytes` are `marks`. */
  constructor(bytes: Uint8Array = NOTHING, marks: number[] = []) {
    this.#bytes = bytes;
    this.#marks = marks;
    this.#size = marks.length / MARKS;
  }

  /** How many there are; those of one name count each. */
  get size(): number {
    return this.#size;
  }

  /** The value of that name, several joined by ", "; undefined when there is none. */
  get(name: string): string | undefined {
    let joined: string | undefined;
    for (let i = 0; i < this.#size; i++) {
      if (!this.#isNamed(i, name)) continue;
      joined = joined === undefined ? this.valueAt(i) : `${joined}, ${this.valueAt(i)}`;
    }
    return joined;
  }

  /** Every value of that name: for `Set-Cookie`, whose values cannot be joined. */
  getAll(name: string): string[] {
    const values: string[] = [];
    for (let i = 0; i < this.#size; i++) if (this.#isNamed(i, name)) values.push(this.valueAt(i));
    return values;
  }

  /** Whether there is one of that name. */
  has(name: string): boolean {
    for (let i = 0; i < this.#size; i++) if (this.#isNamed(i, name)) return true;
    return false;
  }

  /** The name of the field at `index`, as it was written. */
  nameAt(index: number): string {
    return this.#text(index * MARKS);
  }

  /** The value of the field at `index`, without the whitespace around it. */
  valueAt(index: number): string {
    return this.#text(index * MARKS + VALUE_MARK);
  }

  /** Names and values, in the order in which they came. */
  *[Symbol.iterator](): Generator<[name: string, value: string], void, void> {
    for (let i = 0; i < this.#size; i++) yield [this.nameAt(i), this.valueAt(i)];
  }

  /** For a parser: begins anew. */
  clear(): void {
    this.#size = 0;
  }

  /** For a parser: one more field, by its positions. */
  add(nameFrom: number, nameTo: number, valueFrom: number, valueTo: number): void {
    const at = this.#size++ * MARKS;
    const marks = this.#marks;
    marks[at] = nameFrom;
    marks[at + 1] = nameTo;
    marks[at + VALUE_MARK] = valueFrom;
    marks[at + VALUE_MARK + 1] = valueTo;
  }

  /** For a parser: the positions count from `base` in `bytes`. */
  lieIn(bytes: Uint8Array, base: number): void {
    this.#bytes = bytes;
    this.#base = base;
  }

  /** A copy that stays as it is, also when these were lent. */
  keep(): HttpFields {
    const end = this.#size === 0 ? 0 : this.#marks[this.#size * MARKS - 1];
    return this.movedTo(this.#bytes.slice(this.#base, this.#base + end));
  }

  /** The same fields, with positions in `bytes`, a copy of those they lie in. */
  movedTo(bytes: Uint8Array): HttpFields {
    return new HttpFields(bytes, this.#marks.slice(0, this.#size * MARKS));
  }

  #isNamed(index: number, name: string): boolean {
    const at = index * MARKS;
    const { [at]: from, [at + 1]: to } = this.#marks;
    return spells(this.#bytes, this.#base + from, this.#base + to, name);
  }

  #text(mark: number): string {
    const { [mark]: from, [mark + 1]: to } = this.#marks;
    return textAt(this.#bytes, this.#base + from, this.#base + to);
  }
}
