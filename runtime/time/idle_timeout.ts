import type { Future } from "../core/future.ts";
import { Timeout } from "./timeout.ts";

/**
 * A limit on one wait after another, such as each read of a connection.
 *
 * `during(future)` answers as the future does, or throws `TimedOut` when it takes longer than the
 * limit. The timer is kept between waits and moved later, which costs one store; an early one
 * merely finds that it was moved. A limit of zero means none. The limit counts from the beginning
 * of the loop's turn, not from the call.
 *
 * Cancel safety: as the future's, which is dropped when the limit strikes. Dispose of the object
 * when the waits are over, so that its timer goes too.
 *
 * @throws {TimedOut} from the wait, when the limit has passed
 *
 * @example Every wait has its own ten milliseconds
 * ```ts
 * import { blockOn, IdleTimeout, sleep } from "wakeful/runtime";
 *
 * await blockOn(function* () {
 *   using idle = new IdleTimeout<void>(10);
 *   for (let i = 0; i < 5; i++) yield* idle.during(sleep(4));
 * });
 * ```
 */
export class IdleTimeout<T> extends Timeout<T> {
  constructor(milliseconds: number) {
    super(milliseconds);
  }

  /** Waits for `future`, one at a time, with the whole limit before it. */
  during(future: Future<T>): Future<T> {
    if (this.limit === 0) return future;
    this.inner = future;
    this.deadline = this.timers.now + this.limit;
    return this;
  }

  protected override settled(): void {}
}
