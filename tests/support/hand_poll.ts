import type { Poll, Spawnable } from "wakeful/runtime";
import { ByHand } from "wakeful/testing";
import { assertEquals } from "./assert.ts";
import { FakeLoop } from "./fake_loop.ts";

/** One future, polled by hand on a fake loop: pending → something happens → woken → ready. */
export class HandPoll<T> extends ByHand<T> {
  declare readonly loop: FakeLoop;

  constructor(future: Spawnable<T>, loop: FakeLoop = new FakeLoop()) {
    super(future, loop);
  }

  poll(): Poll<T> {
    return this.pollOnce();
  }

  /** Whether it was woken since the last poll began. */
  get woken(): boolean {
    return this.wasWoken();
  }

  /** Handles of its waker that somebody keeps. */
  get kept(): number {
    return this.wakersKept;
  }

  /** Drops it as one who is no task does. */
  override drop(): void {
    this.future.drop();
  }

  /** Polls: it is ready, and with `expected` where that is given. */
  override assertReady(...expected: T[]): T {
    const value = super.assertReady();
    if (expected.length > 0) assertEquals(value, expected[0]);
    return value;
  }

  /** It is ready, and this is its value. */
  take(): T {
    return this.assertReady();
  }
}

/** Wraps a future, or what makes one, for polling by hand. */
export function handPoll<T>(future: Spawnable<T>, loop?: FakeLoop): HandPoll<T> {
  return new HandPoll(future, loop);
}
