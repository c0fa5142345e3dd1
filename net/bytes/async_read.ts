import { type Context, type Future, Pending, type Poll, pollFn } from "../../runtime/mod.ts";

/**
 * Whatever bytes can be read from: a socket, one half of it, a buffer around either.
 *
 * Two methods make a reader: `pollFill`, which lends the bytes where they lie, and `consume`. The
 * others follow from them. Sockets have their own `read` and `fill`, which take part in limits and
 * keep a second reader out; they have this shape without extending the class.
 *
 * Cancel safety: all of it is safe, since what was lent stays until it is consumed.
 *
 * @example A reader of one's own: the bytes of a text, one word at a time
 * ```ts
 * import { blockOn, type Poll } from "wakeful/runtime";
 * import { AsyncRead } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * class Words extends AsyncRead {
 *   #words = ["read ", "me"].map((word) => new TextEncoder().encode(word));
 *   pollFill(): Poll<Uint8Array> {
 *     return this.#words[0] ?? new Uint8Array(0);
 *   }
 *   consume(n: number): void {
 *     const rest = this.#words.shift()!.subarray(n);
 *     if (rest.length > 0) this.#words.unshift(rest);
 *   }
 * }
 *
 * await blockOn(function* () {
 *   const words = new Words();
 *   const into = new Uint8Array(4);
 *   const counts = [yield* words.read(into), yield* words.read(into), yield* words.read(into)];
 *   assertEquals(counts, [4, 1, 2]);
 *   assertEquals(yield* words.read(into), 0);
 * });
 * ```
 */
export abstract class AsyncRead {
  /**
   * Lends the bytes that have come, until the next operation; none means the end. With none there
   * yet it keeps `cx.waker`, the latest one only, and is Pending.
   */
  abstract pollFill(cx: Context): Poll<Uint8Array>;

  /** Takes the first `n` of the bytes that were lent; it is not called for none. */
  abstract consume(n: number): void;

  /** Moves some bytes to the start of `into` and answers how many; 0 means the end. */
  pollRead(cx: Context, into: Uint8Array): Poll<number> {
    if (into.length === 0) return 0;
    const lent = this.pollFill(cx);
    if (lent === Pending) return Pending;
    if (lent.length === 0) return 0;
    const n = Math.min(into.length, lent.length);
    into.set(lent.subarray(0, n));
    this.consume(n);
    return n;
  }

  /** Waits for bytes and moves some to the start of `into`; answers how many, 0 at the end. */
  read(into: Uint8Array): Future<number> {
    return pollFn((cx) => this.pollRead(cx, into));
  }

  /** Waits for bytes and lends them where they lie; none means the end. */
  fill(): Future<Uint8Array> {
    return pollFn((cx) => this.pollFill(cx));
  }
}
