/**
 * Threads with a runtime of their own.
 *
 * A pool (`WorkStealingPool`, `spawnBlocking`) is for work that is handed out piece by piece. A
 * thread is for work that stays: a share of a server's connections, a share of a load test's. It
 * runs one portable function to its end, on a runtime with the driver of one's choice; it and its
 * owner talk over two bounded channels in shared memory, a batch for one ring. The function's
 * arguments and what it returns cross by structured clone, so shared memory for counters may be
 * among them; the messages are plain data.
 *
 * A thread ends in one of three ways, and `join` tells which: the function returned, it threw, or
 * the thread died of an error that nobody caught, for example in a callback. In all three its
 * runtime is closed first, so that `finally` blocks run and descriptors are given back; only a
 * thread that does not come out of its own code, or is ended by `process.exit`, takes them along.
 *
 * - `stop` asks: the function sees `self.stopping`, finishes, and returns what it has so far.
 * - `abort` ends the function as `JoinHandle.abort` does, at once for whoever does not shield.
 */

import { Worker } from "node:worker_threads";
import type { RuntimeBuilder } from "../builder.ts";
import { currentLoop, insideTask, type Loop } from "../core/context.ts";
import { Closed, ThreadDied } from "../core/errors.ts";
import type { Co, Future } from "../core/future.ts";
import type { Item } from "../core/poll.ts";
import type { DriverName } from "../drivers.ts";
import { Notify } from "../sync/notify.ts";
import { spawnOn } from "../task/spawn.ts";
import { sleep } from "../time/sleep.ts";
import { cloneFor, Transfer } from "../threads/crossing.ts";
import { reviveFailure } from "../threads/failure.ts";
import type { Portable } from "../threads/portable.ts";
import { sharedChannel } from "../threads/shared_channel.ts";
import type { SharedReceiver } from "../threads/shared_receiver.ts";
import { SharedSender } from "../threads/shared_sender.ts";
import type { FromThread, ThreadStart, ToThread } from "./messages.ts";
import type { ThreadSelf } from "./thread_self.ts";

export interface ThreadOptions<A extends unknown[] = unknown[]> {
  /** For people; it is its runtime's name as well. */
  readonly name?: string;
  /** The driver of its runtime; chosen as for `RuntimeBuilder.driver` by default. */
  readonly driver?: DriverName;
  /** Called on the thread with the arguments, before its runtime is made. */
  readonly prepare?: Portable<[builder: RuntimeBuilder, ...args: A], void>;
  /** The room for messages in each direction, in bytes, as for `sharedChannel`. */
  readonly capacity?: number;
}

/** A portable function for a thread: what it is given after the thread itself is `A`. */
export type ThreadTask<I, O, A extends unknown[], T> = Portable<
  [self: ThreadSelf<I, O>, ...args: A],
  T
>;

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

const LAST_WORDS_MS = 100;
const ABANDONED = "its owner has given it up";

/**
 * A thread as its owner sees it: `I` are the messages to it, `O` those it sends, `T` what it
 * returns.
 *
 * @example Squares, on a thread of their own; the module would be `import.meta.url`
 * ```ts
 * import { blockOn, portable, Thread, type ThreadTask } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const module = "data:text/javascript," + encodeURIComponent(`
 *   export function* square(self, times) {
 *     for (let i = 0; i < times; i++) yield* self.send((yield* self.recv()) ** 2);
 *     return "done";
 *   }
 * `);
 * const { square } = await import(module);
 * const task: ThreadTask<number, number, [times: number], string> = portable(module, square);
 *
 * await blockOn(function* () {
 *   using thread = Thread.start(task, [2], { name: "squares" });
 *   yield* thread.send(3);
 *   yield* thread.send(4);
 *   assertEquals([yield* thread.recv(), yield* thread.recv()], [9, 16]);
 *   assertEquals(yield* thread.join(), "done");
 * });
 * ```
 */
export class Thread<I, O, T> {
  readonly name: string;
  #worker: Worker;
  #outbox: SharedReceiver<O>;
  #inbox: SharedSender<I> | undefined;
  #outcome: Outcome<T> | undefined;
  #crash: unknown;
  #changed = new Notify();
  #abandoned = false;
  /** Its owner's, where it was started by a task. */
  #loop: Loop | undefined = insideTask() ? currentLoop() : undefined;

  private constructor(start: ThreadStart, outbox: SharedReceiver<O>, items: Transferable[]) {
    this.name = start.name;
    this.#outbox = outbox;
    this.#worker = new Worker(new URL("../threads/worker_main.ts", import.meta.url), {
      workerData: start,
      transferList: items as [],
      name: start.name,
    });
    this.#worker.on("message", (message: FromThread) => this.#receive(message));
    this.#worker.on("error", (error: unknown) => this.#crash ??= error);
    this.#worker.on("exit", () => this.#exited());
  }

  /**
   * Starts a thread that runs `task`; the last of `args` may be a transfer list.
   *
   * @throws {NotPortable} when an argument cannot cross
   */
  static start<I, O, A extends unknown[], T>(
    task: ThreadTask<I, O, A, T>,
    args: [...args: A] | [...args: A, last: Transfer],
    { name = task.name, driver, prepare, capacity }: ThreadOptions<A> = {},
  ): Thread<I, O, T> {
    const last = args.at(-1);
    const moved = last instanceof Transfer ? last.items : [];
    const given = last instanceof Transfer ? args.slice(0, -1) : args;
    const { copy, items } = cloneFor(given, "arguments", moved);
    const outbox = sharedChannel<O>({ capacity });
    const ticket = outbox.ticket();
    const keys = { task: task.key, prepare: prepare?.key };
    const start = { role: "thread", name, ...keys, args: copy, driver, capacity, outbox: ticket };
    return new Thread(start as ThreadStart, outbox, [ticket.port, ...items]);
  }

  /** Whether it has ended. */
  get isFinished(): boolean {
    return this.#outcome !== undefined;
  }

  /**
   * Sends it a message, and waits until it has begun and there is room.
   *
   * Cancel safety: safe; a dropped send has sent nothing.
   *
   * @throws {SendFailed} when it has ended
   * @throws {NotPortable} when the message is not plain, or too long
   */
  *send(message: I): Co<void> {
    yield* (yield* this.#begun()).send(message);
  }

  /**
   * Sends it messages in their order, as room comes.
   *
   * Cancel safety: a dropped one may have sent some of them, the first ones.
   *
   * @throws {SendFailed} when it has ended
   * @throws {NotPortable} when one is not plain, or too long
   */
  *sendAll(messages: readonly I[]): Co<void> {
    yield* (yield* this.#begun()).sendAll(messages);
  }

  /**
   * Waits for the next message that it has sent; `End` when it has ended and nothing is left.
   *
   * Cancel safety: safe; a dropped wait has taken nothing.
   *
   * @throws {Busy} when another task waits already
   */
  recv(): Future<Item<O>> {
    return this.#outbox.recv();
  }

  /**
   * Waits until there is a message and takes all that are there, up to `limit`. `End` as for
   * {@link recv}.
   *
   * Cancel safety: safe; a dropped wait has taken nothing.
   *
   * @throws {Busy} when another task waits already
   */
  recvMany(limit: number): Future<Item<O[]>> {
    return this.#outbox.recvMany(limit);
  }

  /**
   * Waits until it has ended, and answers what its function returned.
   *
   * Cancel safety: safe; it goes on, and can be joined again.
   *
   * @throws whatever the function threw
   * @throws {ThreadDied} when it has ended by itself
   */
  *join(): Co<T> {
    while (this.#outcome === undefined) yield* this.#changed.notified();
    if ("error" in this.#outcome) throw this.#outcome.error;
    return this.#outcome.value;
  }

  /** Asks it to come to its end; what it returns then is what `join` answers. */
  stop(reason = "its owner asked for it"): void {
    this.#tell({ kind: "stop", reason });
  }

  /** Ends its function as `JoinHandle.abort` does, and it. */
  abort(reason = ABANDONED): void {
    this.#tell({ kind: "abort", reason });
  }

  /** Ends it, whatever it does; its descriptors may stay open. For one that does not heed `abort`. */
  terminate(): void {
    void this.#worker.terminate();
  }

  /** Aborts it without waiting, and lets the process end before it has ended. */
  [Symbol.dispose](): void {
    if (this.isFinished) return;
    this.#abandoned = true;
    this.abort();
    this.#worker.unref();
    this.#outbox.close();
    this.#inbox?.close();
  }

  *#begun(): Co<SharedSender<I>> {
    while (this.#inbox === undefined && !this.isFinished) yield* this.#changed.notified();
    if (this.#inbox === undefined) throw new Closed(`the thread ${this.name}`);
    return this.#inbox;
  }

  #tell(message: ToThread): void {
    if (!this.isFinished) this.#worker.postMessage(message);
  }

  #receive(message: FromThread): void {
    switch (message.kind) {
      case "begun":
        if (this.#abandoned) return message.inbox.port.close();
        this.#inbox = new SharedSender(message.inbox);
        return this.#changed.notifyAll();
      case "value":
        this.#tell({ kind: "over" });
        return this.#end({ value: message.value as T });
      case "failure":
        this.#tell({ kind: "over" });
        return this.#end({ error: reviveFailure(message.failure) });
    }
  }

  /** Deno 2.6 may tell of the end before it brings what was said last: that is waited for. */
  #exited(): void {
    if (this.isFinished) return;
    const giveUp = () => this.#end({ error: this.#died() });
    if (this.#loop === undefined || this.#loop.closed) return giveUp();
    spawnOn(this.#loop, function* () {
      yield* sleep(LAST_WORDS_MS);
      giveUp();
    }, { name: "last words" });
  }

  #end(outcome: Outcome<T>): void {
    if (this.isFinished) return;
    this.#outcome = outcome;
    this.#outbox.sendersLost();
    this.#inbox?.receiverLost();
    this.#worker.unref();
    this.#changed.notifyAll();
  }

  #died(): ThreadDied {
    const cause = this.#crash;
    const why = cause instanceof Error ? `by an error: ${cause.message}` : "without a word";
    return new ThreadDied(`the thread ${this.name}`, why, { cause });
  }
}
