import {
  type Context,
  type Future,
  Misuse,
  Pending,
  type Poll,
  pollFn,
} from "../../runtime/mod.ts";

/**
 * Whatever bytes can be written to.
 *
 * Three polls make a writer; the futures follow from them. Sockets have their own futures, which
 * take part in limits and keep a second writer out; they have this shape without extending the
 * class.
 *
 * @example A writer of one's own: it keeps what it is given
 * ```ts
 * import { blockOn, type Poll } from "wakeful/runtime";
 * import { AsyncWrite } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * class Notebook extends AsyncWrite {
 *   text = "";
 *   pollWrite(_cx: unknown, from: Uint8Array): Poll<number> {
 *     this.text += new TextDecoder().decode(from.subarray(0, 4));
 *     return Math.min(from.length, 4);
 *   }
 *   pollFlush(): Poll<void> {}
 *   pollShutdown(): Poll<void> {}
 * }
 *
 * const notebook = new Notebook();
 * await blockOn(() => notebook.writeAll(new TextEncoder().encode("four by four")));
 * assertEquals(notebook.text, "four by four");
 * ```
 */
export abstract class AsyncWrite {
  /**
   * Takes bytes from the start of `from` and answers how many: at least one of those there are.
   * With no room it keeps `cx.waker`, the latest one only, and is Pending.
   */
  abstract pollWrite(cx: Context, from: Uint8Array): Poll<number>;

  /** Ready once everything that was taken has been handed on. */
  abstract pollFlush(cx: Context): Poll<void>;

  /** Flushes, then tells the reader at the other end that no more will come. */
  abstract pollShutdown(cx: Context): Poll<void>;

  /**
   * Writes some bytes from the start of `from` and answers how many.
   *
   * Cancel safety: safe; a dropped write has written nothing.
   */
  write(from: Uint8Array): Future<number> {
    return pollFn((cx) => this.pollWrite(cx, from));
  }

  /**
   * Writes the whole of `from`.
   *
   * Cancel safety: not safe; dropped, it has written some bytes and does not say how many.
   */
  writeAll(from: Uint8Array): Future<void> {
    let rest = from;
    return pollFn((cx) => {
      while (rest.length > 0) {
        const n = this.pollWrite(cx, rest);
        if (n === 0) throw new Misuse("Cannot write: the writer takes nothing and does not wait");
        if (n === Pending) return Pending;
        rest = rest.subarray(n);
      }
    });
  }

  /**
   * Waits until everything written so far has been handed on.
   *
   * Cancel safety: safe.
   */
  flush(): Future<void> {
    return pollFn((cx) => this.pollFlush(cx));
  }

  /**
   * Flushes, and tells the reader at the other end that no more will come.
   *
   * Cancel safety: safe; ask again to wait for the rest.
   */
  shutdown(): Future<void> {
    return pollFn((cx) => this.pollShutdown(cx));
  }
}
