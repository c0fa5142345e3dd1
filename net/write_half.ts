import { type Context, type Future, type Poll, WouldBlock, WRITABLE } from "../runtime/mod.ts";
import type { AsyncWrite } from "./bytes/async_write.ts";
import { Half, HalfOp } from "./half_op.ts";

/** The sending half of a stream. */
export class WriteHalf extends Half implements AsyncWrite {
  #write: Write | undefined;
  #writeAll: WriteAll | undefined;

  get interest(): typeof WRITABLE {
    return WRITABLE;
  }

  /**
   * Sends some bytes from the start of `from` and answers how many were taken. They are copied:
   * `from` may be used again at once. What befalls them on their way is thrown by the next
   * operation on this half.
   *
   * Cancel safety: safe; a dropped write has sent nothing.
   *
   * @throws {IoError} when the connection broke
   * @throws {TimedOut} when the peer took nothing within the limit that `setLimit` set
   * @throws {Busy} when another task waits to send on the same stream
   * @throws {Closed} when the stream was closed here
   */
  write(from: Uint8Array): Future<number> {
    if (!this.#write?.idle) this.#write = new Write(this, "a write");
    this.#write.from = from;
    return this.#write.begin();
  }

  /**
   * Sends what can be sent at once and answers how many bytes were taken; 0 when none could be,
   * also because another task waits to send. Otherwise as {@link write}.
   */
  tryWrite(from: Uint8Array): number {
    if (this.waiting !== undefined) return 0;
    const n = this.source.tryWrite(from);
    if (n === WouldBlock) return 0;
    this.limit?.moved();
    return n;
  }

  /**
   * Sends the whole of `from`; otherwise as {@link write}. It waits while the peer does not take
   * what was sent before, so a sender that waits for it is never ahead by more than one buffer.
   *
   * Cancel safety: not safe; dropped, it has sent some bytes and does not say how many.
   */
  writeAll(from: Uint8Array): Future<void> {
    if (!this.#writeAll?.idle) this.#writeAll = new WriteAll(this, "a write");
    this.#writeAll.rest = from;
    return this.#writeAll.begin();
  }

  /**
   * Waits until everything sent so far has been handed to the operating system.
   *
   * Cancel safety: safe. Errors as {@link write}.
   */
  flush(): Future<void> {
    return new Flush(this, "a flush").begin();
  }

  /**
   * Flushes, and tells the peer that nothing more will come; receiving goes on.
   *
   * Cancel safety: safe; ask again to wait for the rest. Errors as {@link write}.
   */
  shutdown(): Future<void> {
    return new Shutdown(this, "a shutdown").begin();
  }

  /** As {@link write}, at the level of polls: the waker of the latest Pending is the one woken. */
  pollWrite(cx: Context, from: Uint8Array): Poll<number> {
    this.assertFree("a write");
    return this.settle(cx, "a write", this.source.tryWrite(from));
  }

  /** As {@link flush}, at the level of polls. */
  pollFlush(cx: Context): Poll<void> {
    this.assertFree("a flush");
    return this.settle(cx, "a flush", this.source.tryFlush());
  }

  /** As {@link shutdown}, at the level of polls. */
  pollShutdown(cx: Context): Poll<void> {
    this.assertFree("a shutdown");
    return this.settle(cx, "a shutdown", this.source.tryShutdown());
  }
}

class Write extends HalfOp<number> {
  from: Uint8Array | undefined;

  protected attempt(): number | typeof WouldBlock {
    return this.source.tryWrite(this.from!);
  }
}

class WriteAll extends HalfOp<void> {
  rest: Uint8Array | undefined;

  protected attempt(): void | typeof WouldBlock {
    for (let rest = this.rest!; rest.length > 0; rest = this.rest) {
      const n = this.source.tryWrite(rest);
      if (n === WouldBlock) return WouldBlock;
      this.half.limit?.moved(); // some of it went out: what is left may wait as long again
      this.rest = rest.subarray(n);
    }
  }
}

class Flush extends HalfOp<void> {
  protected attempt(): void | typeof WouldBlock {
    return this.source.tryFlush();
  }
}

class Shutdown extends HalfOp<void> {
  protected attempt(): void | typeof WouldBlock {
    return this.source.tryShutdown();
  }
}
