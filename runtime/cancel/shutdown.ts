import { TimedOut } from "../core/errors.ts";
import type { Co, Future } from "../core/future.ts";
import type { SignalName } from "../core/io.ts";
import { race } from "../combine/race.ts";
import { Signal } from "../os/signal.ts";
import type { Spawnable } from "../task/coroutine.ts";
import type { JoinHandle } from "../task/join_handle.ts";
import type { SpawnOptions } from "../task/task.ts";
import { assertDuration } from "../time/duration.ts";
import { timeout } from "../time/timeout.ts";
import { CancellationToken } from "./cancellation_token.ts";
import { TaskTracker } from "./task_tracker.ts";

export interface ShutdownOptions {
  /** How long the work in flight may take to finish, in milliseconds. */
  readonly grace: number;
}

/** How a shutdown went. */
export interface ShutdownReport {
  /** Why it began. */
  readonly reason: string;
  /** How many tasks had to be aborted because they did not finish in time. */
  readonly aborted: number;
}

/**
 * The orderly end of a server: a request to stop, no new work, time for the work in flight to
 * finish, and a hard deadline for what does not.
 *
 * `stopping` is what the accept loop and long waits watch; `spawn` starts what shall be allowed to
 * finish; `finish` waits for it.
 *
 * @example A request in flight is answered, no new one is begun
 * ```ts
 * import { blockOn, Shutdown, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const answered: string[] = [];
 * const report = await blockOn(function* () {
 *   const shutdown = new Shutdown({ grace: 1_000 });
 *   shutdown.spawn(function* () {
 *     yield* sleep(5);
 *     answered.push("in flight");
 *   });
 *   shutdown.request("the test is over");
 *   return yield* shutdown.finish();
 * });
 * assertEquals(answered, ["in flight"]);
 * assertEquals(report, { reason: "the test is over", aborted: 0 });
 * ```
 */
export class Shutdown {
  /** Cancelled as soon as the shutdown begins. */
  readonly stopping: CancellationToken = new CancellationToken();
  #inFlight: TaskTracker = new TaskTracker();
  #grace: number;

  /** @throws {RangeError} when the grace is no number */
  constructor(options: ShutdownOptions) {
    assertDuration(options.grace);
    this.#grace = options.grace;
  }

  /** How many tasks are in flight. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Begins the shutdown; the first reason counts. */
  request(reason: string): void {
    this.stopping.cancel(reason);
  }

  /**
   * Waits for one of the signals, then begins the shutdown. Ends as well when it was begun
   * otherwise.
   *
   * Cancel safety: safe; it stops listening.
   */
  *requestOn(...signals: SignalName[]): Co<void> {
    const received = yield* race<string>(this.stopping.cancelled(), ...signals.map(delivery));
    this.request(received);
  }

  /** Starts a task that is given the time to finish. */
  spawn<T>(body: Spawnable<T>, options?: SpawnOptions<T>): JoinHandle<T> {
    return this.#inFlight.spawn(body, options);
  }

  /**
   * Runs what must not outlast the beginning of the shutdown, such as an accept; otherwise as
   * {@link CancellationToken.run}.
   */
  until<T>(body: Spawnable<T>): Future<T> {
    return this.stopping.run(body);
  }

  /**
   * Waits for the beginning of the shutdown, then for the work in flight. What has not finished
   * within the grace is aborted, and what is shielded in it is waited for.
   *
   * Cancel safety: safe; what is in flight goes on.
   */
  *finish(): Co<ShutdownReport> {
    const reason = yield* this.stopping.cancelled();
    this.#inFlight.close();
    let aborted = 0;
    try {
      yield* timeout(this.#grace, this.#inFlight.wait());
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      aborted = this.#inFlight.size;
      this.#inFlight.abortAll("it did not finish in time");
      yield* this.#inFlight.wait();
    }
    return { reason, aborted };
  }
}

function delivery(name: SignalName): () => Co<string> {
  return function* () {
    using signal = new Signal(name);
    yield* signal.receive();
    return name;
  };
}
