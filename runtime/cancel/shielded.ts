import { type Context, currentContext, insideTask, refillBudget } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future, SUSPENDED } from "../core/future.ts";
import { holdUp, isTakingOver, leaveBehind, undisturbed } from "../core/leftovers.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";
import { type Ended, valueOf } from "../task/task.ts";
import { ShieldedCleanup } from "../task/unwinding.ts";
import { assertDuration } from "../time/duration.ts";
import { timeout } from "../time/timeout.ts";

class Shielded<T> extends Future<T> {
  readonly #limit: number;
  #body: Future<T> | undefined;
  #begun = false;
  /** Since when it runs on although it was cancelled, or in cleanup, and no longer than its limit. */
  #limited = false;
  #ended: Ended<T> | undefined;

  constructor(limit: number, body: Future<T>) {
    super();
    this.#limit = limit;
    this.#body = body;
  }

  poll(cx: Context): Poll<T> {
    if (this.#body === undefined) throw new PolledAfterReady("shielded()");
    this.#begun = true;
    let polled: Poll<T> | undefined;
    try {
      polled = this.#body.poll(cx);
      return polled;
    } finally {
      if (polled !== Pending) this.#body = undefined;
    }
  }

  /** In a finally block of a coroutine that was dropped, it waits on behalf of the whole block. */
  override next(): IteratorResult<void, T> {
    if (!isTakingOver()) return super.next();
    if (this.#ended === undefined && !this.#settlesAtOnce(currentContext())) {
      holdUp(new ShieldedCleanup((cx) => this.#settles(cx)));
      return SUSPENDED;
    }
    return { done: true, value: valueOf(this.#ended!) };
  }

  /** A body that has begun goes on, if anybody can wait for it. */
  override drop(): void {
    const body = this.#body;
    if (body === undefined) return;
    this.#body = undefined;
    let left = false;
    try {
      left = this.#begun && insideTask() && leaveBehind(this.#limitOnce(body) as Future<void>);
    } finally {
      if (!left) body.drop();
    }
  }

  /** What is shielded may suspend, and so has a budget, other than the block around it. */
  #settlesAtOnce(cx: Context): boolean {
    const before = refillBudget();
    try {
      return undisturbed(() => this.#settles(cx));
    } finally {
      refillBudget(before);
    }
  }

  #settles(cx: Context): boolean {
    if (this.#body !== undefined) this.#body = this.#limitOnce(this.#body);
    try {
      const polled = this.poll(cx);
      if (polled === Pending) return false;
      this.#ended = { how: "value", value: polled };
    } catch (error) {
      this.#ended = { how: "error", error };
    }
    return true;
  }

  #limitOnce(body: Future<T>): Future<T> {
    if (this.#limited) return body;
    const limited = timeout(this.#limit, body, "shielded work");
    this.#limited = true;
    return limited;
  }
}

/**
 * Runs `body` so that a cancel does not interrupt it, for at most `limit` milliseconds from then.
 *
 * Around work that must not stop half-way, a cancel waits: the body runs on, then the finally
 * blocks around it, inner first. In a finally block it is what allows to wait there, for a last
 * message or an orderly close. Whoever cancels goes on at once; whoever joins the task, or awaits
 * the scope it belongs to, waits for it. As long as nobody cancels there is no limit.
 *
 * When the limit is reached the body is dropped: in a finally block `TimedOut` is thrown there,
 * otherwise it is reported as an error nobody asked for. `Runtime.shutdown` cuts it short.
 *
 * Cancel safety: that is what it is for.
 *
 * @param limit milliseconds
 * @throws {TimedOut} in cleanup, when the limit was reached
 * @throws {MissingDriver} when it is cancelled and the runtime was built without time
 *
 * @example A farewell that takes its time
 * ```ts
 * import { blockOn, Cancelled, shielded, sleep, spawn, yieldNow } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const seen: string[] = [];
 * await blockOn(function* () {
 *   const client = spawn(function* () {
 *     try {
 *       yield* sleep(60_000);
 *     } finally {
 *       yield* shielded(1_000, function* () {
 *         yield* sleep(5);
 *         seen.push("said goodbye");
 *       });
 *     }
 *   });
 *   yield* yieldNow();
 *   client.abort("closing time");
 *   try {
 *     yield* client;
 *   } catch (error) {
 *     if (error instanceof Cancelled) seen.push(error.reason);
 *   }
 * });
 * assertEquals(seen, ["said goodbye", "closing time"]);
 * ```
 */
export function shielded<T>(limit: number, body: Spawnable<T>): Future<T> {
  assertDuration(limit);
  return new Shielded(limit, intoFuture(body));
}
