import {
  Busy,
  type Context,
  currentLoop,
  Future,
  type Interest,
  Pending,
  type Poll,
  PolledAfterReady,
  type Readiness,
  type StreamSource,
  type Timers,
  type Tried,
  WouldBlock,
} from "../runtime/mod.ts";
import { type Waiter, WaitLimit } from "./wait_limit.ts";

/** Whatever waits on a half. */
export interface Waiting {
  /** A limit was set while it waits. */
  limitChanged(): void;
}

/** One direction of a stream. */
export abstract class Half implements Waiter {
  /** The operation that waits, for there can be only one. For the half's own operations. */
  waiting: Waiting | undefined;
  /** How long they may wait; without it, for ever, or until the first of them has to wait. */
  limit: WaitLimit | undefined;
  #limitMs = 0;
  #timers: Timers | undefined;

  constructor(readonly source: StreamSource, readonly io: Readiness) {}

  abstract get interest(): Interest;

  /**
   * Lets operations on this half wait no longer than `milliseconds`; 0, as at first, is for ever.
   *
   * A wait begins with the first attempt that would have blocked and ends with the next that does
   * something, however often it was given up and begun again in between. It is counted from the
   * beginning of the loop's turn: what a task computes just before it waits counts too.
   *
   * @throws {RangeError} when `milliseconds` is negative or no number
   * @throws {OutsideRuntime} when no task is running
   * @throws {MissingDriver} when the runtime was built without time
   */
  setLimit(milliseconds: number): void {
    if (!(milliseconds >= 0)) {
      throw new RangeError(`Expected milliseconds from 0 up, got ${milliseconds}`);
    }
    this.clearLimit();
    if (milliseconds === 0) return;
    this.#timers = currentLoop().timers;
    this.#limitMs = milliseconds;
    this.waiting?.limitChanged();
  }

  /**
   * An attempt would have blocked.
   *
   * @throws {TimedOut} when the wait has become too long; the next one begins anew
   */
  blocked(what: string): void {
    if (this.#limitMs === 0) return;
    this.limit ??= new WaitLimit(this.#limitMs, this.#timers!, this);
    this.limit.blocked(what);
  }

  /** For its limit. */
  waitedTooLong(): void {
    this.io.wake(this.source.token, this.interest);
  }

  /** Lifts the limit. */
  clearLimit(): void {
    this.limit?.cancel();
    this.limit = undefined;
    this.#limitMs = 0;
  }

  /** Before a try at the level of polls: it may not overtake an operation that waits. */
  protected assertFree(what: string): void {
    if (this.waiting !== undefined) throw new Busy(what);
  }

  /** After a try at the level of polls: its result, or the waker is kept and Pending. */
  protected settle<T>(cx: Context, what: string, tried: Tried<T>): Poll<T> {
    if (tried !== WouldBlock) {
      this.limit?.moved();
      return tried;
    }
    this.blocked(what);
    this.io.setWaker(this.source.token, this.interest, cx.waker);
    return Pending;
  }
}

/**
 * An operation on one direction of a stream: attempt it; if it would block, leave the waker and be
 * Pending. It is written once for every driver.
 *
 * A new one for every message would show in an echo server's throughput, so one that has given
 * its value is begun again by the next call. Whoever keeps it beyond its value holds that call's.
 */
export abstract class HalfOp<T> extends Future<T> implements Waiting {
  protected readonly half: Half;
  #name: string;
  #idle = true;

  constructor(half: Half, name: string) {
    super();
    this.half = half;
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

  protected get source(): StreamSource {
    return this.half.source;
  }

  protected abstract attempt(): T | typeof WouldBlock;

  poll(cx: Context): Poll<T> {
    if (this.#idle) throw new PolledAfterReady(this.#name);
    this.#idle = true;
    const half = this.half;
    if (half.waiting !== undefined && half.waiting !== this) throw new Busy(this.#name);
    half.waiting = undefined;
    const done = this.attempt();
    if (done !== WouldBlock) {
      half.limit?.moved();
      return done;
    }
    half.blocked(this.#name);
    this.#idle = false;
    half.waiting = this;
    half.io.setWaker(this.source.token, half.interest, cx.waker);
    return Pending;
  }

  limitChanged(): void {
    this.half.blocked(this.#name);
  }

  override drop(): void {
    this.#idle = true;
    if (this.half.waiting === this) this.half.waiting = undefined;
  }
}
