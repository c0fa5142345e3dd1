/** Fields as a program gives them; a list stands for several fields of that name. */
export type FieldsInit =
  | Readonly<Record<string, FieldValue | readonly FieldValue[]>>
  | Iterable<readonly [name: string, value: FieldValue]>;

export type FieldValue = string | number;

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110 §5.5, where a character stands for a byte. */
// deno-lint-ignore no-control-regex -- the tab is allowed
const FIELD_VALUE = /^[\x09\x20-\x7e\x80-\xff]*$/;
const DIGITS = /^\d+$/;

/**
 * The field lines of a head that is being written, and what they say about the message.
 *
 * The body's framing is the writer's own: a `Transfer-Encoding` cannot be given, and a
 * `Content-Length` is the length that a streamed body will have.
 */
export class FieldText {
  text = "";
  contentLength: number | undefined;
  hasHost = false;
  hasDate = false;
  close = false;

  /** @throws {TypeError} when a name or a value is none; nothing of it reaches the wire */
  constructor(fields: FieldsInit = {}) {
    const pairs = Symbol.iterator in fields
      ? fields as Iterable<readonly [string, FieldValue]>
      : Object.entries(fields);
    for (const [name, value] of pairs) {
      if (typeof value === "string" || typeof value === "number") this.add(name, value);
      else for (const one of value) this.add(name, one);
    }
  }

  /** One more field. */
  add(name: string, value: FieldValue): void {
    assertField(name, value);
    this.#note(name, value);
    this.text += `${name}: ${value}\r\n`;
  }

  #note(name: string, value: FieldValue): void {
    switch (name.toLowerCase()) {
      case "host":
        this.hasHost = true;
        break;
      case "date":
        this.hasDate = true;
        break;
      case "connection":
        this.close ||= /\bclose\b/i.test(String(value));
        break;
      case "content-length":
        this.#noteLength(String(value));
        break;
      case "transfer-encoding":
        throw new TypeError("Cannot set Transfer-Encoding: a body of unknown length is chunked");
    }
  }

  #noteLength(value: string): void {
    if (!DIGITS.test(value) || this.contentLength !== undefined) {
      throw new TypeError(`Expected one Content-Length in digits, got ${value}`);
    }
    this.contentLength = Number(value);
  }
}

/** @throws {TypeError} when it could not stand in a head */
function assertField(name: string, value: FieldValue): void {
  if (!TOKEN.test(name)) {
    throw new TypeError(`Expected a field name to be a token, got ${JSON.stringify(name)}`);
  }
  if (FIELD_VALUE.test(String(value))) return;
  throw new TypeError(
    `Expected the value of ${name} to have no control characters such as CR, LF and NUL, and ` +
      `none above U+00FF, got ${JSON.stringify(value)}`,
  );
}

/** @throws {TypeError} when it is no method */
export function assertMethod(method: string): void {
  if (!TOKEN.test(method)) {
    throw new TypeError(`Expected a method to be a token, got ${JSON.stringify(method)}`);
  }
}

/** @throws {TypeError} when it could not stand in a request line */
export function assertTarget(target: string): void {
  if (!/^[\x21-\x7e]+$/.test(target)) {
    throw new TypeError(
      `Expected a target of visible ASCII, percent-encoded, got ${JSON.stringify(target)}`,
    );
  }
}
