import type { Context } from "../core/context.ts";
import { Closed, PolledAfterReady } from "../core/errors.ts";
import { type Co, Future } from "../core/future.ts";
import { End, type Item, Pending, type Poll } from "../core/poll.ts";
import { storeWaker, type Waker } from "../core/waker.ts";
import { Coroutine } from "../task/coroutine.ts";
import { Items } from "./items.ts";
import { Stream } from "./stream.ts";

/** Gives an item to a stream's consumer; ready when it has been taken. */
export type Emit<T> = (item: T) => Future<void>;

/** An item that waits to be taken. */
class Emission<T> extends Future<void> {
  #outbox: Outbox<T>;
  #waker: Waker | undefined;
  #state: "new" | "waiting" | "taken" | "spent" = "new";

  constructor(outbox: Outbox<T>, readonly item: T) {
    super();
    this.#outbox = outbox;
  }

  poll(cx: Context): Poll<void> {
    if (this.#state === "spent") throw new PolledAfterReady("emit()");
    if (this.#state === "taken") {
      this.#state = "spent";
      return;
    }
    if (this.#outbox.closed) throw new Closed("the stream to emit into");
    this.#keep(cx.waker);
    if (this.#state === "new") {
      this.#state = "waiting";
      this.#outbox.add(this);
    }
    return Pending;
  }

  override drop(): void {
    this.#state = "spent";
    this.#outbox.emissions.delete(this);
    this.#forget();
  }

  take(): T {
    this.#state = "taken";
    this.wake();
    return this.item;
  }

  wake(): void {
    this.#waker?.wakeByRef();
    this.#forget();
  }

  /** One that stands in the body itself is polled again with it and need not be woken. */
  #keep(waker: Waker): void {
    if (this.#outbox.body?.willWake(waker)) this.#forget();
    else this.#waker = storeWaker(this.#waker, waker);
  }

  #forget(): void {
    this.#waker?.drop();
    this.#waker = undefined;
  }
}

/** The items between a body and its consumer. */
class Outbox<T> {
  /** Those that wait to be taken, first come, first served. */
  readonly emissions = new Set<Emission<T>>();
  /** The waker with which the body is being polled, while it is. */
  body: Waker | undefined;
  closed = false;
  #consumer: Waker | undefined;

  add(emission: Emission<T>): void {
    this.emissions.add(emission);
    if (this.body === undefined) this.#consumer?.wakeByRef();
  }

  take(): Item<T> {
    for (const first of this.emissions) {
      this.emissions.delete(first);
      return first.take();
    }
    return End;
  }

  /** The consumer waits for an item. */
  wakeWith(waker: Waker): void {
    this.#consumer = storeWaker(this.#consumer, waker);
  }

  /** Nothing is taken any more; who waits is told. */
  close(): void {
    this.closed = true;
    for (const emission of this.emissions) emission.wake();
    this.emissions.clear();
    this.#consumer?.drop();
    this.#consumer = undefined;
  }
}

class Generate<T> extends Items<T> {
  #outbox = new Outbox<T>();
  #body: Coroutine<unknown> | undefined;

  constructor(body: (emit: Emit<T>) => Co<unknown>) {
    super();
    this.#body = new Coroutine(body((item) => new Emission(this.#outbox, item)));
  }

  pollNext(cx: Context): Poll<Item<T>> {
    if (this.#body !== undefined) this.#run(this.#body, cx);
    const item = this.#outbox.take();
    if (item !== End || this.#body === undefined) return item;
    this.#outbox.wakeWith(cx.waker);
    return Pending;
  }

  override drop(): void {
    try {
      this.#body?.drop();
    } finally {
      this.#outbox.close();
    }
  }

  #run(body: Coroutine<unknown>, cx: Context): void {
    const outbox = this.#outbox;
    outbox.body = cx.waker;
    try {
      if (body.poll(cx) !== Pending) this.#body = undefined;
    } finally {
      outbox.body = undefined;
    }
  }
}

/**
 * A stream of what a coroutine emits.
 *
 * The coroutine runs only while somebody waits for an item, and `yield* emit(item)` is ready when
 * the item was taken: there is no buffer. Tasks that it spawns may emit, too; the stream ends when
 * the coroutine has, and every item that was waiting by then was taken.
 *
 * Cancel safety: a dropped `emit` that was not ready withdraws its item, unless it was taken.
 * Dropping the stream drops the coroutine: its `finally` blocks run at once.
 *
 * @throws whatever the coroutine throws, from `next()`
 * @throws {Closed} from an `emit` of another task, when the stream is no more
 *
 * @example Fibonacci numbers, one a millisecond
 * ```ts
 * import { blockOn, sleep, stream } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const fibonacci = stream.generate<number>(function* (emit) {
 *   for (let [a, b] = [0, 1];; [a, b] = [b, a + b]) {
 *     yield* sleep(1);
 *     yield* emit(a);
 *   }
 * });
 * assertEquals(await blockOn(fibonacci.take(7).collect()), [0, 1, 1, 2, 3, 5, 8]);
 * ```
 */
export function generate<T>(body: (emit: Emit<T>) => Co<unknown>): Stream<T> {
  return new Stream(new Generate(body));
}
