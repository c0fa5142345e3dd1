import {
  Busy,
  type Context,
  Future,
  type Io,
  Pending,
  type Poll,
  PolledAfterReady,
  type StreamSource,
  WouldBlock,
  WRITABLE,
} from "../runtime/mod.ts";

/** The sending half of a stream. */
export class WriteHalf {
  /** The operation that waits, for there can be only one. For the half's own futures. */
  waiting: SendOp<unknown> | undefined;
  /** The last one, kept for the reason that reads are. */
  #writeAll: WriteAll | undefined;

  constructor(readonly source: StreamSource, readonly io: Io) {}

  /**
   * Sends some bytes from the start of `from` and answers how many were taken. They are copied:
   * `from` may be used again at once. What befalls them on their way is thrown by the next
   * operation on this half.
   *
   * Cancel safety: safe; a dropped write has sent nothing.
   *
   * @throws {IoError} when the connection broke
   * @throws {Busy} when another task waits to send on the same stream
   * @throws {Closed} when the stream was closed here
   */
  write(from: Uint8Array): Future<number> {
    return new Write(this, from);
  }

  /**
   * Sends what can be sent at once and answers how many bytes were taken; 0 when none could be,
   * also because another task waits to send. Otherwise as {@link write}.
   */
  tryWrite(from: Uint8Array): number {
    if (this.waiting !== undefined) return 0;
    const n = this.source.tryWrite(from);
    return n === WouldBlock ? 0 : n;
  }

  /**
   * Sends the whole of `from`; otherwise as {@link write}. It waits while the peer does not take
   * what was sent before, so a sender that waits for it is never ahead by more than one buffer.
   *
   * Cancel safety: not safe; dropped, it has sent some bytes and does not say how many.
   */
  writeAll(from: Uint8Array): Future<void> {
    if (!this.#writeAll?.idle) this.#writeAll = new WriteAll(this);
    return this.#writeAll.begin(from);
  }

  /**
   * Waits until everything sent so far has been handed to the operating system.
   *
   * Cancel safety: safe. Errors as {@link write}.
   */
  flush(): Future<void> {
    return new Flush(this);
  }

  /**
   * Flushes, and tells the peer that nothing more will come; receiving goes on.
   *
   * Cancel safety: safe; ask again to wait for the rest. Errors as {@link write}.
   */
  shutdown(): Future<void> {
    return new Shutdown(this);
  }
}

/** A wait for the sending half: attempt; if it would block, leave the waker and be Pending. */
abstract class SendOp<T> extends Future<T> {
  protected readonly source: StreamSource;
  #half: WriteHalf;

  constructor(half: WriteHalf) {
    super();
    this.#half = half;
    this.source = half.source;
  }

  protected abstract attempt(): T | typeof WouldBlock;

  poll(cx: Context): Poll<T> {
    const half = this.#half;
    if (half.waiting !== undefined && half.waiting !== this) throw new Busy("a write");
    half.waiting = undefined;
    const done = this.attempt();
    if (done !== WouldBlock) return done;
    half.waiting = this;
    half.io.setWaker(this.source.token, WRITABLE, cx.waker);
    return Pending;
  }

  override drop(): void {
    if (this.#half.waiting === this) this.#half.waiting = undefined;
  }
}

class Write extends SendOp<number> {
  #from: Uint8Array | undefined;

  constructor(half: WriteHalf, from: Uint8Array) {
    super(half);
    this.#from = from;
  }

  protected attempt(): number | typeof WouldBlock {
    if (this.#from === undefined) throw new PolledAfterReady("a write");
    const n = this.source.tryWrite(this.#from);
    if (n !== WouldBlock) this.#from = undefined;
    return n;
  }
}

class WriteAll extends SendOp<void> {
  #rest: Uint8Array | undefined;

  get idle(): boolean {
    return this.#rest === undefined;
  }

  begin(from: Uint8Array): this {
    this.#rest = from;
    return this;
  }

  protected attempt(): void | typeof WouldBlock {
    let rest = this.#rest;
    if (rest === undefined) throw new PolledAfterReady("a writeAll");
    this.#rest = undefined;
    while (rest.length > 0) {
      const n = this.source.tryWrite(rest);
      if (n === WouldBlock) {
        this.#rest = rest;
        return WouldBlock;
      }
      if (n === rest.length) return;
      rest = rest.subarray(n);
    }
  }

  override drop(): void {
    super.drop();
    this.#rest = undefined;
  }
}

class Flush extends SendOp<void> {
  protected attempt(): void | typeof WouldBlock {
    return this.source.tryFlush();
  }
}

class Shutdown extends SendOp<void> {
  protected attempt(): void | typeof WouldBlock {
    return this.source.tryShutdown();
  }
}
