import { Ring } from "../collections/ring.ts";
import { type Context, currentContext, type Loop } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { End, type Item, Pending, type Poll } from "../core/poll.ts";
import { storeWaker, type Waker } from "../core/waker.ts";
import type { Spawnable } from "../task/coroutine.ts";
import type { JoinHandle } from "../task/join_handle.ts";
import { spawnOn } from "../task/spawn.ts";
import { type Ended, type SpawnOptions, valueOf } from "../task/task.ts";

/** A task of a set that has ended: its name, and how it did. */
export type Finished<T> = Ended<T> & { readonly name: string };

/**
 * Tasks that are started one by one and joined in the order in which they end.
 *
 * Unlike a scope it does not fail with its tasks: each outcome is handed over, and what to do about
 * an error is for whoever joins. Dropping the set aborts the tasks that are left; their outcomes
 * are nobody's any more, errors are reported.
 *
 * @example
 * ```ts
 * import { blockOn, End, JoinSet, pause, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const order = await blockOn(function* () {
 *   pause(); // time is what the deadlines say
 *   using set = new JoinSet<number>();
 *   for (const milliseconds of [20, 1, 10]) {
 *     set.spawn(function* () {
 *       yield* sleep(milliseconds);
 *       return milliseconds;
 *     });
 *   }
 *   const order = [];
 *   for (let n = yield* set.joinNext(); n !== End; n = yield* set.joinNext()) order.push(n);
 *   return order;
 * });
 * assertEquals(order, [1, 10, 20]);
 * ```
 */
export class JoinSet<T> {
  #running = new Set<JoinHandle<T>>();
  #finished = new Ring<Finished<T>>();
  #waker: Waker | undefined;
  #loop: Loop | undefined;

  /** How many tasks have not been joined, those that have ended included. */
  get size(): number {
    return this.#running.size + this.#finished.length;
  }

  /**
   * Starts a task of the set. Its handle is there to abort it, and may be joined besides.
   *
   * @throws {OutsideRuntime} when no task is running
   */
  spawn(body: Spawnable<T>, options?: SpawnOptions<T>): JoinHandle<T> {
    const loop = this.#loop = currentContext().loop;
    const onEnd = (ended: Ended<T>) => {
      const finished = { ...ended, name: handle.name };
      if (this.#running.delete(handle)) this.#finish(finished);
      else this.#report(finished);
      options?.onEnd?.(ended);
    };
    const handle: JoinHandle<T> = spawnOn(loop, body, { ...options, onEnd });
    this.#running.add(handle);
    return handle;
  }

  /**
   * The value of the task that ended next, or `End` when none is left.
   *
   * Cancel safety: safe; a dropped wait takes no outcome.
   *
   * @throws whatever that task threw, or {Cancelled} when it was aborted; the others go on
   */
  joinNext(): Future<Item<T>> {
    return new JoinNext(this, (finished) => valueOf(finished));
  }

  /** As {@link joinNext}, with the task's name, and errors as values: it never throws. */
  joinNextOutcome(): Future<Item<Finished<T>>> {
    return new JoinNext(this, (finished) => finished);
  }

  /** The outcome that is there already; `Pending` when all that are left are running. */
  tryJoinNext(): Poll<Item<Finished<T>>> {
    return this.#finished.shift() ?? (this.#running.size === 0 ? End : Pending);
  }

  /** Aborts every task; their outcomes are joined as those of any other. */
  abortAll(reason = "its set was aborted"): void {
    for (const handle of [...this.#running]) handle.abort(reason);
  }

  /**
   * Aborts every task, and waits until they have ended, what is shielded in them included. Their
   * outcomes are thrown away, except that errors are reported.
   *
   * Cancel safety: safe; ask again to wait for the rest.
   */
  shutdown(reason = "its set was shut down"): Future<void> {
    return new Shutdown(this, reason);
  }

  /**
   * Lets every task run on by itself, and forgets them; their errors are reported. Whoever waits
   * learns that it is the end.
   */
  detachAll(): void {
    this.#running.clear();
    while (this.#finished.length > 0) this.#report(this.#finished.shift()!);
    this.#tell();
  }

  /** Aborts what is left. */
  drop(): void {
    const running = [...this.#running];
    this.detachAll();
    for (const handle of running) handle.abort("its set was dropped");
  }

  [Symbol.dispose](): void {
    this.drop();
  }

  /** As `joinNextOutcome`, for futures that are written by hand. */
  pollNext(cx: Context): Poll<Item<Finished<T>>> {
    const next = this.tryJoinNext();
    if (next === Pending) this.#waker = storeWaker(this.#waker, cx.waker);
    return next;
  }

  /** Nobody waits any more; for futures that are written by hand, when they are dropped. */
  forgetWaker(): void {
    this.#waker?.drop();
    this.#waker = undefined;
  }

  #report(finished: Finished<T>): void {
    if (finished.how !== "error") return;
    this.#loop?.orphan({ name: finished.name, error: finished.error, claimed: false });
  }

  #finish(finished: Finished<T>): void {
    this.#finished.push(finished);
    this.#tell();
  }

  /** Once is enough until the next poll. */
  #tell(): void {
    const waker = this.#waker;
    this.#waker = undefined;
    waker?.wake();
  }
}

/** A wait for the set. */
abstract class OfSet<T, U> extends Future<U> {
  #set: JoinSet<T>;
  #what: string;
  #waits = false;
  #spent = false;

  constructor(set: JoinSet<T>, what: string) {
    super();
    this.#set = set;
    this.#what = what;
  }

  protected abstract pollSet(set: JoinSet<T>, cx: Context): Poll<U>;

  poll(cx: Context): Poll<U> {
    if (this.#spent) throw new PolledAfterReady(this.#what);
    let polled: Poll<U> | undefined;
    try {
      polled = this.pollSet(this.#set, cx);
      return polled;
    } finally {
      this.#waits = polled === Pending;
      this.#spent = !this.#waits;
    }
  }

  override drop(): void {
    if (this.#waits) this.#set.forgetWaker();
    this.#waits = false;
  }
}

class JoinNext<T, U> extends OfSet<T, Item<U>> {
  #show: (finished: Finished<T>) => U;

  constructor(set: JoinSet<T>, show: (finished: Finished<T>) => U) {
    super(set, "joinNext()");
    this.#show = show;
  }

  protected override pollSet(set: JoinSet<T>, cx: Context): Poll<Item<U>> {
    const next = set.pollNext(cx);
    return next === Pending || next === End ? next : this.#show(next);
  }
}

class Shutdown<T> extends OfSet<T, void> {
  #reason: string;

  constructor(set: JoinSet<T>, reason: string) {
    super(set, "shutdown()");
    this.#reason = reason;
  }

  protected override pollSet(set: JoinSet<T>, cx: Context): Poll<void> {
    set.abortAll(this.#reason);
    for (;;) {
      const next = set.pollNext(cx);
      if (next === Pending) return Pending;
      if (next === End) return;
      if (next.how === "error") {
        cx.loop.orphan({ name: next.name, error: next.error, claimed: false });
      }
    }
  }
}
