import {
  type Context,
  End,
  type Future,
  InvalidText,
  type Item,
  Pending,
  type Poll,
  pollFn,
  TooLong,
  UnexpectedEof,
} from "../../runtime/mod.ts";
import { AsyncRead } from "./async_read.ts";
import { ByteBuffer } from "./byte_buffer.ts";

const LF = 0x0a;
const CR = 0x0d;
const NOT_FOUND = -1;

/** Longer lines are more likely an attack, or no lines at all. */
const DEFAULT_MAX_LINE_BYTES = 64 * 1024;

/** How lines are read. */
export interface LineOptions {
  /** How many bytes a line may have, its end not counted; 64 KiB unless said otherwise. */
  readonly maxBytes?: number;
  /** Whether a line that is not valid UTF-8 is an error; otherwise � stands for what is not. */
  readonly fatal?: boolean;
}

const LENIENT = new TextDecoder("utf-8", { ignoreBOM: true });
const STRICT = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/**
 * A reader with a buffer, for what comes in units: lines, records, frames.
 *
 * Cancel safety: every method is safe by design. What has come lies in the reader and not in the
 * future that waits for more, so one that is dropped loses nothing and the next goes on from there.
 *
 * @example Half of a frame came when the time was up
 * ```ts
 * import { blockOn, scope, sleep, TimedOut, timeout } from "wakeful/runtime";
 * import { BufReader, duplex } from "wakeful/net";
 * import { assert, assertEquals } from "@std/assert";
 *
 * await blockOn(function* () {
 *   const [client, server] = duplex();
 *   const reader = new BufReader(server);
 *   yield* client.writeAll(new Uint8Array([1, 2]));
 *   try {
 *     yield* timeout(1, reader.readExact(4));
 *   } catch (error) {
 *     assert(error instanceof TimedOut);
 *   }
 *   yield* client.writeAll(new Uint8Array([3, 4]));
 *   assertEquals(yield* reader.readExact(4), new Uint8Array([1, 2, 3, 4]));
 * });
 * ```
 */
export class BufReader extends AsyncRead {
  #reader: AsyncRead;
  #buffer = new ByteBuffer();
  /** What was sought last, and how many bytes it was not found in. */
  #sought = NOT_FOUND;
  #searched = 0;

  constructor(reader: AsyncRead) {
    super();
    this.#reader = reader;
  }

  /** How many bytes have come and were not taken. */
  get buffered(): number {
    return this.#buffer.length;
  }

  pollFill(cx: Context): Poll<Uint8Array> {
    return this.#buffer.length > 0 ? this.#buffer.view : this.#reader.pollFill(cx);
  }

  consume(n: number): void {
    if (this.#buffer.length > 0) this.#take(n);
    else this.#reader.consume(n);
  }

  /**
   * Waits until `n` bytes are there, or the end, and lends them without taking them: `consume`
   * does. Fewer than `n` means that the stream ends after them.
   *
   * @throws {RangeError} when `n` is not a whole number from 0 up
   */
  peek(n: number): Future<Uint8Array> {
    assertCount(n);
    return pollFn((cx) => this.#pollBuffered(cx, n));
  }

  /**
   * Waits until `n` bytes are there and takes them, in an array of their own. It is up to the
   * caller that `n` is no more than memory can hold.
   *
   * @throws {UnexpectedEof} when the stream ended first; what came before stays to be read
   * @throws {RangeError} when `n` is not a whole number from 0 up
   */
  readExact(n: number): Future<Uint8Array> {
    assertCount(n);
    return pollFn((cx) => {
      const there = this.#pollBuffered(cx, n);
      if (there === Pending) return Pending;
      if (there.length < n) throw new UnexpectedEof(n, there.length);
      const bytes = there.slice();
      this.#take(n);
      return bytes;
    });
  }

  /**
   * Waits for the next `delimiter`, a byte, and takes everything up to and with it. At the end of
   * the stream that is what is left, without a delimiter, and after it `End`.
   *
   * @param limit how many bytes may stand before the delimiter
   * @throws {TooLong} when there are more; they stay, and `skipUntil` goes on behind them
   * @throws {RangeError} when `limit` is negative or no number
   */
  readUntil(delimiter: number, limit: number): Future<Item<Uint8Array>> {
    assertLimit(limit);
    return pollFn((cx) => {
      const at = this.#pollFind(cx, delimiter, limit);
      if (at === Pending) return Pending;
      if (at > limit) throw new TooLong("the bytes before a delimiter", limit);
      if (at === NOT_FOUND && this.#buffer.length === 0) return End;
      const bytes = this.#buffer.view.slice(0, at === NOT_FOUND ? undefined : at + 1);
      this.#take(bytes.length);
      return bytes;
    });
  }

  /** Throws away everything up to and with the next `delimiter`; false when none came. */
  skipUntil(delimiter: number): Future<boolean> {
    return pollFn((cx) => {
      for (;;) {
        const at = this.#buffer.indexOf(delimiter);
        this.#take(at === NOT_FOUND ? Infinity : at + 1);
        if (at !== NOT_FOUND) return true;
        const more = this.#pollMore(cx);
        if (more === Pending) return Pending;
        if (!more) return false;
      }
    });
  }

  /**
   * Waits for the next line and takes it: its text, without the LF or CRLF at its end. The last
   * line needs neither; after it comes `End`.
   *
   * @throws {TooLong} when it is longer than `maxBytes`; it stays, and `skipLine` goes on behind it
   * @throws {InvalidText} when `fatal` is set and it is not UTF-8; the line is taken
   * @throws {RangeError} when `maxBytes` is negative or no number
   */
  readLine(options: LineOptions = {}): Future<Item<string>> {
    assertLimit(options.maxBytes ?? 0);
    return pollFn((cx) => this.pollLine(cx, options));
  }

  /** Throws away the rest of the line, and its end; false when the stream ended first. */
  skipLine(): Future<boolean> {
    return this.skipUntil(LF);
  }

  /** As {@link readLine}, at the level of polls. */
  pollLine(cx: Context, options: LineOptions = {}): Poll<Item<string>> {
    const { maxBytes = DEFAULT_MAX_LINE_BYTES, fatal = false } = options;
    const at = this.#pollFind(cx, LF, maxBytes + 1); // one more, which may be a CR
    if (at === Pending) return Pending;
    const { view } = this.#buffer;
    if (at === NOT_FOUND && view.length === 0) return End;
    const end = at === NOT_FOUND ? view.length : view[at - 1] === CR ? at - 1 : at;
    if (end > maxBytes) throw new TooLong("a line", maxBytes);
    this.#take(at === NOT_FOUND ? end : at + 1);
    return decoded(view.subarray(0, end), fatal);
  }

  /** All of the first `n` bytes, or those before the end. */
  #pollBuffered(cx: Context, n: number): Poll<Uint8Array> {
    while (this.#buffer.length < n) {
      const more = this.#pollMore(cx);
      if (more === Pending) return Pending;
      if (!more) break;
    }
    return this.#buffer.view.subarray(0, n);
  }

  /**
   * Where the next `delimiter` is; `NOT_FOUND` when the stream ends without one. Beyond `limit` it
   * stops looking and answers how far it has looked.
   */
  #pollFind(cx: Context, delimiter: number, limit: number): Poll<number> {
    if (this.#sought !== delimiter) this.#searched = 0;
    this.#sought = delimiter;
    for (;;) {
      const at = this.#buffer.indexOf(delimiter, this.#searched);
      if (at !== NOT_FOUND) return at;
      this.#searched = this.#buffer.length;
      if (this.#searched > limit) return this.#searched;
      const more = this.#pollMore(cx);
      if (more === Pending) return Pending;
      if (!more) return NOT_FOUND;
    }
  }

  /** Moves what the reader lends into the buffer, in one step; false at the end. */
  #pollMore(cx: Context): Poll<boolean> {
    const lent = this.#reader.pollFill(cx);
    if (lent === Pending) return Pending;
    if (lent.length === 0) return false;
    this.#buffer.append(lent);
    this.#reader.consume(lent.length);
    return true;
  }

  #take(n: number): void {
    this.#buffer.consume(n);
    this.#searched = 0;
  }
}

function decoded(line: Uint8Array, fatal: boolean): string {
  if (!fatal) return LENIENT.decode(line);
  try {
    return STRICT.decode(line);
  } catch {
    throw new InvalidText("a line");
  }
}

function assertLimit(bytes: number): void {
  if (!(bytes >= 0)) throw new RangeError(`Expected a limit in bytes from 0 up, got ${bytes}`);
}

function assertCount(n: number): void {
  if (!Number.isInteger(n) || n < 0) {
    throw new RangeError(`Expected a whole number of bytes from 0 up, got ${n}`);
  }
}
