import { Ring } from "../collections/ring.ts";
import { dropAll } from "../combine/drop_all.ts";
import { Context } from "../core/context.ts";
import type { Future } from "../core/future.ts";
import { End, type Item, Pending, type Poll } from "../core/poll.ts";
import { type RawWakerVTable, storeWaker, Waker } from "../core/waker.ts";
import { Items } from "./items.ts";

const CHILD_WAKER: RawWakerVTable<{ wake(): void }> = {
  clone() {},
  wake: (child) => child.wake(),
  wakeByRef: (child) => child.wake(),
  drop() {},
};

/** A future with a waker of its own. */
class Child<T> {
  /** Whether it stands among the woken ones. */
  woken = true;
  readonly #waker = Waker.fromRaw(this, CHILD_WAKER);
  readonly #onWake: (child: Child<T>) => void;
  #context: Context | undefined;

  constructor(readonly future: Future<T>, onWake: (child: Child<T>) => void) {
    this.#onWake = onWake;
  }

  poll(cx: Context): Poll<T> {
    if (this.#context?.loop !== cx.loop) this.#context = new Context(this.#waker, cx.loop);
    this.woken = false;
    return this.future.poll(this.#context);
  }

  wake(): void {
    if (this.woken) return;
    this.woken = true;
    this.#onWake(this);
  }
}

/**
 * Several futures at once, whose values come in the order in which they are there.
 *
 * Only those that were woken are polled, first come, first served, and each at most once per poll
 * of the whole, so that none starves another and no poll goes on for ever.
 */
export class Unordered<T> extends Items<T> {
  #children = new Set<Child<T>>();
  #woken = new Ring<Child<T>>();
  #waker: Waker | undefined;

  get size(): number {
    return this.#children.size;
  }

  /** Adds a future; the next poll begins it. */
  push(future: Future<T>): void {
    const child = new Child(future, this.#onWake);
    this.#children.add(child);
    this.#woken.push(child);
  }

  /** The value that is there first; `End` while there are no futures. */
  pollNext(cx: Context): Poll<Item<T>> {
    if (this.#children.size === 0) return End;
    this.#waker = storeWaker(this.#waker, cx.waker);
    for (let left = this.#woken.length; left > 0; left--) {
      const child = this.#woken.shift()!;
      if (!this.#children.has(child)) continue; // it was woken once more after its end
      const polled = this.#pollChild(child, cx);
      if (polled !== Pending) return polled;
    }
    return Pending;
  }

  override drop(): void {
    const futures = [...this.#children].map((child) => child.future);
    this.#children.clear();
    this.#waker?.drop();
    this.#waker = undefined;
    dropAll(futures);
  }

  /** A future that throws is finished, too. */
  #pollChild(child: Child<T>, cx: Context): Poll<T> {
    let polled: Poll<T> | undefined;
    try {
      return polled = child.poll(cx);
    } finally {
      if (polled !== Pending) this.#children.delete(child);
    }
  }

  #onWake = (child: Child<T>): void => {
    this.#woken.push(child);
    this.#waker?.wakeByRef();
  };
}
