/** Adapters that look at the clock. */

import type { Context } from "../core/context.ts";
import { TimedOut } from "../core/errors.ts";
import type { Future } from "../core/future.ts";
import { type Item, Pending, type Poll } from "../core/poll.ts";
import { sleepUntil } from "../time/sleep.ts";
import { Adapter, type Items } from "./items.ts";

/** An adapter with one wait, which goes when it does. */
abstract class Timed<T> extends Adapter<T, T> {
  protected readonly milliseconds: number;
  #wait: Future<void> | undefined;

  constructor(upstream: Items<T>, milliseconds: number) {
    super(upstream);
    this.milliseconds = milliseconds;
  }

  override drop(): void {
    this.stop();
    this.upstream.drop();
  }

  /** Begins a wait, unless there is one. */
  protected start(cx: Context): void {
    this.#wait ??= sleepUntil(cx.loop.timers.read() + this.milliseconds);
  }

  /** Ends the wait. */
  protected stop(): void {
    this.#wait?.drop();
    this.#wait = undefined;
  }

  /** Whether the wait, if there is one, goes on. */
  protected isWaiting(cx: Context): boolean {
    if (this.#wait === undefined) return false;
    if (this.#wait.poll(cx) === Pending) return true;
    this.#wait = undefined;
    return false;
  }
}

/** Rests after every item before it asks for the next. */
export class Throttle<T> extends Timed<T> {
  pollNext(cx: Context): Poll<Item<T>> {
    if (this.isWaiting(cx)) return Pending;
    const item = this.upstream.pollNext(cx);
    if (item !== Pending) this.start(cx);
    return item;
  }
}

/** Does not wait for an item longer than so and so long. */
export class Timeout<T> extends Timed<T> {
  pollNext(cx: Context): Poll<Item<T>> {
    const item = this.upstream.pollNext(cx);
    if (item !== Pending) {
      this.stop();
      return item;
    }
    this.start(cx);
    if (this.isWaiting(cx)) return Pending;
    throw new TimedOut(this.milliseconds, "the next item of a stream");
  }
}
