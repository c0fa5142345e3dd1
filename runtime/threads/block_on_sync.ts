import { Random } from "../collections/random.ts";
import { Context, insideTask, type Loop, refillBudget } from "../core/context.ts";
import { BlockedInsideTask, Misuse, TimedOut } from "../core/errors.ts";
import { Pending } from "../core/poll.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";
import { Parker } from "./parker.ts";

export interface BlockOnSyncOptions {
  /** The longest time in milliseconds to stay parked; without it, for ever. */
  readonly limit?: number;
  /** What wakes: hand its buffer to the other thread. */
  readonly parker?: Parker;
}

/** Nothing runs on a parked thread: no timers, no I/O, no other tasks. */
const PARKED_THREAD: Loop = {
  get timers(): never {
    return refuse("use time");
  },
  get io(): never {
    return refuse("use I/O");
  },
  random: new Random(0),
  adopt: () => refuse("spawn"),
  release: () => refuse("spawn"),
  schedule: () => refuse("spawn"),
  closed: false,
  cleanUp: () => refuse("clean up"),
  orphan: () => refuse("spawn"),
};

function refuse(what: string): never {
  throw new Misuse(`Cannot ${what} under blockOnSync(): nothing else runs on a parked thread`);
}

/**
 * Runs one future to its end on this thread without any event loop: poll, park, poll again.
 *
 * The thread sleeps in between, so nothing else on it can run, promises and timers of the
 * platform included. What wakes it must be the future itself, while it is polled, or another
 * thread through the parker. Use it in a plain synchronous program or in a Worker.
 *
 * @throws {TimedOut} when it stayed parked for longer than `limit`; the future is dropped
 * @throws {BlockedInsideTask} when called inside a task
 *
 * @example A future that is woken while it is polled
 * ```ts
 * import { blockOnSync, yieldNow } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const answer = blockOnSync(function* () {
 *   yield* yieldNow();
 *   return 42;
 * });
 * assertEquals(answer, 42);
 * ```
 */
export function blockOnSync<T>(body: Spawnable<T>, options: BlockOnSyncOptions = {}): T {
  if (insideTask()) throw new BlockedInsideTask("blockOnSync()");
  const future = intoFuture(body);
  const parker = options.parker ?? new Parker();
  const cx = new Context(parker.waker(), PARKED_THREAD);
  for (;;) {
    refillBudget();
    const polled = future.poll(cx);
    if (polled !== Pending) return polled;
    if (!parker.park(options.limit)) {
      future.drop();
      throw new TimedOut(options.limit!);
    }
  }
}
