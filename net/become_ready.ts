import {
  Busy,
  type Context,
  Future,
  Pending,
  type Poll,
  PolledAfterReady,
  READABLE,
  type Ready,
} from "../runtime/mod.ts";
import type { Half, Waiting } from "./half_op.ts";

const NAME = "a wait for readiness";

/** Waits until a try in one of some directions of a stream is worthwhile. */
export class BecomeReady extends Future<Ready> implements Waiting {
  #halves: readonly Half[];
  #spent = false;

  constructor(halves: readonly Half[]) {
    super();
    this.#halves = halves;
  }

  poll(cx: Context): Poll<Ready> {
    if (this.#spent) throw new PolledAfterReady(NAME);
    for (const { waiting } of this.#halves) {
      if (waiting !== undefined && waiting !== this) throw new Busy(NAME);
    }
    this.drop(); // it leaves the halves, and comes back to them if it has to wait
    for (const { source, interest } of this.#halves) {
      const ready = source.readiness(interest);
      if (interest === READABLE ? ready.readable : ready.writable) return ready;
    }
    this.#spent = false;
    for (const half of this.#halves) {
      half.waiting = this;
      half.io.setWaker(half.source.token, half.interest, cx.waker);
    }
    return Pending;
  }

  /** Limits are for bytes that are waited for; nobody waits for any here. */
  limitChanged(): void {}

  override drop(): void {
    this.#spent = true;
    for (const half of this.#halves) if (half.waiting === this) half.waiting = undefined;
  }
}
