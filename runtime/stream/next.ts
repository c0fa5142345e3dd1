import type { Context } from "../core/context.ts";
import { Busy, PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { type Item, Pending, type Poll } from "../core/poll.ts";
import type { Fused } from "./fused.ts";

/** The wait for a stream's next item. All that it waits for lies in the stream. */
export class Next<T> extends Future<Item<T>> {
  #stream: Fused<T>;
  #spent = false;

  constructor(stream: Fused<T>) {
    super();
    this.#stream = stream;
  }

  poll(cx: Context): Poll<Item<T>> {
    if (this.#spent) throw new PolledAfterReady("a stream's next()");
    const stream = this.#stream;
    if (stream.waiting !== undefined && stream.waiting !== this) throw new Busy("a next()");
    stream.waiting = this;
    let item: Poll<Item<T>> | undefined;
    try {
      return item = stream.pollNext(cx);
    } finally {
      if (item !== Pending) this.drop();
    }
  }

  override drop(): void {
    this.#spent = true;
    if (this.#stream.waiting === this) this.#stream.waiting = undefined;
  }
}
