import {
  Busy,
  type Context,
  Future,
  type Interest,
  type Io,
  Pending,
  type Poll,
  PolledAfterReady,
  type StreamSource,
  WouldBlock,
} from "../runtime/mod.ts";

/** One direction of a stream, as its operations see it. */
export interface Half {
  readonly source: StreamSource;
  readonly io: Io;
  /** The operation that waits, for there can be only one. */
  waiting: HalfOp<unknown> | undefined;
}

/**
 * An operation on one direction of a stream: attempt it; if it would block, leave the waker and be
 * Pending. It is written once for every driver.
 *
 * A new one for every message would show in an echo server's throughput, so one that has given
 * its value can be begun again.
 */
export abstract class HalfOp<T> extends Future<T> {
  protected readonly source: StreamSource;
  #half: Half;
  #interest: Interest;
  #name: string;
  #idle = true;

  constructor(half: Half, interest: Interest, name: string) {
    super();
    this.source = half.source;
    this.#half = half;
    this.#interest = interest;
    this.#name = name;
  }

  /** Whether it has given its value, or was dropped, and can be begun again. */
  get idle(): boolean {
    return this.#idle;
  }

  begin(): this {
    this.#idle = false;
    return this;
  }

  protected abstract attempt(): T | typeof WouldBlock;

  poll(cx: Context): Poll<T> {
    if (this.#idle) throw new PolledAfterReady(this.#name);
    this.#idle = true;
    const half = this.#half;
    if (half.waiting !== undefined && half.waiting !== this) throw new Busy(this.#name);
    half.waiting = undefined;
    const done = this.attempt();
    if (done !== WouldBlock) return done;
    this.#idle = false;
    half.waiting = this;
    half.io.setWaker(this.source.token, this.#interest, cx.waker);
    return Pending;
  }

  override drop(): void {
    this.#idle = true;
    if (this.#half.waiting === this) this.#half.waiting = undefined;
  }
}
