/**
 * Parked threads that share their work.
 *
 * A worker looks for a task in its own deque, in the injector that all share, and then steals half
 * of what a random peer has; when it finds nothing it rests, blocked in `Atomics.wait`, at no cost.
 * One that runs coroutines which wait rests in its event loop instead.
 *
 * How a rest ends. A thread that queues a task ends the rest of one worker, if one rests: not of
 * all, since there is one task. The word by which a worker rests is changed from "resting" by a
 * compare-and-exchange, so that two threads never spend their wake on the same worker. And no wake
 * is lost: a worker first says that it rests, and then looks at all queues once more; a thread
 * first queues, and then looks who rests. All these steps are sequentially consistent, hence at
 * least one of the two sees the other. The same word is what it blocks on: a wake between the last
 * look and the block changes it, and the block does not begin.
 *
 * What moves is a number. Function and arguments stand in shared memory, in the task's slot, and
 * the outcome comes back there. The thread that handed the task in is told by message, and only
 * when it has not been told already: under load one message brings many outcomes. (`waitAsync`
 * would do without messages and is no faster, 10 against 14 µs for both ways; but Deno 2.6 does not
 * look at it while nothing else happens.)
 */

import { Cancelled, ThreadDied } from "../core/errors.ts";
import { Aborts } from "./aborts.ts";
import { KeptCalls } from "./kept_calls.ts";
import type { PoolMessage } from "./messages.ts";
import {
  assertWithin,
  DEFAULT_PAYLOAD,
  DEFAULT_QUEUE,
  LEAST_PAYLOAD,
  MOST_THREADS,
  processors,
  type WorkerStatistics,
  type WorkStealingPoolOptions,
} from "./pool_options.ts";
import { PoolMemory } from "./pool_memory.ts";
import { NOBODY, Phase, type PoolTicket, Seat, Slot, SlotState } from "./pool_layout.ts";
import type { PoolTask } from "./pool_task.ts";
import { PoolThread } from "./pool_thread.ts";
import type { Portable } from "./portable.ts";
import { EMPTY } from "./steal_deque.ts";
import { Submitter } from "./submitter.ts";
import type { Transfer } from "./crossing.ts";

/**
 * Threads that run portable tasks, and steal them from each other.
 *
 * A task that is given up while it runs costs its thread if it does not ask for `aborted()`; a
 * thread that dies is replaced, and its tasks fail with `ThreadDied`. Tasks that are waited for
 * keep the process alive, an idle pool does not.
 *
 * @example The function would be exported by a module of yours
 * ```ts
 * import { portable, WorkStealingPool } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const module = "data:text/javascript,export const square = (n) => n * n;";
 * const { square }: { square(n: number): number } = await import(module);
 *
 * await using pool = new WorkStealingPool({ threads: 1 });
 * const task = portable(module, square);
 * assertEquals(await pool.run(task, 4), 16);
 * assertEquals(await pool.runAll(task, [[1], [2], [3]]), [1, 4, 9]);
 * ```
 */
export class WorkStealingPool {
  readonly #memory: PoolMemory;
  readonly #options: WorkStealingPoolOptions;
  readonly #submitter: Submitter;
  readonly #threads: (PoolThread | undefined)[];
  readonly #kept = new KeptCalls((seat, message) => {
    this.#threads[seat]?.send(message, message.items);
  });
  readonly #aborts: Aborts;
  #idle: (() => void) | undefined;
  #ended = Promise.withResolvers<void>();
  #closing: Promise<void> | undefined;
  #over = false;

  /** @throws {RangeError} when a number is not a whole one in its range */
  constructor(options: WorkStealingPoolOptions = {}) {
    const { threads = processors(), queue = DEFAULT_QUEUE, payload = DEFAULT_PAYLOAD } = options;
    assertWithin("threads", threads, 1, MOST_THREADS);
    assertWithin("queue", queue, 1, 1 << 20);
    assertWithin("payload", payload, LEAST_PAYLOAD, 1 << 20);
    this.#options = options;
    const slots = 2 ** Math.ceil(Math.log2(Math.max(queue, 2)));
    const memory = this.#memory = PoolMemory.create(threads, slots, payload & ~7);
    this.#submitter = new Submitter(memory, memory.maker, {
      enqueue: (slot) => {
        while (!memory.injector.push(slot));
      },
      ring: (seat) => this.#threads[seat]?.send({ kind: "ring", seat }),
      keep: (slot, calls, items) => this.#kept.keep({ kind: "calls", slot, calls, items }),
      abort: (slot, reason) => this.#aborts.want(slot, reason),
      busy: (busy) => this.#setBusy(busy),
    });
    this.#aborts = new Aborts(memory, options, (seat) => this.#threads[seat]);
    this.#threads = [];
    for (let seat = 0; seat < threads; seat++) this.#threads.push(this.#start(seat));
  }

  /** How many threads it has. */
  get size(): number {
    return this.#threads.length;
  }

  /** How many tasks and batches of calls have not ended. */
  get underWay(): number {
    return this.#submitter.underWay;
  }

  /**
   * Runs one task. When the queue is full it begins as soon as there is room.
   *
   * The last argument may be a `transfer`. What cannot cross is the task's error.
   */
  run<A extends unknown[], T>(
    task: Portable<A, T>,
    ...args: [...args: A] | [...args: A, last: Transfer]
  ): PoolTask<T> {
    return this.#submitter.run(task, args);
  }

  /**
   * Runs one function for many lists of arguments and answers all results in their order, or the
   * first error. Several calls go as one task, so that small ones cost next to nothing.
   */
  runAll<A extends unknown[], T>(task: Portable<A, T>, calls: readonly A[]): PoolTask<T[]> {
    return this.#submitter.runAll(task, calls);
  }

  /** What each worker has done. */
  statistics(): WorkerStatistics[] {
    return this.#threads.map((_thread, seat) => ({
      ran: this.#memory.seat(seat, Seat.Ran),
      stolen: this.#memory.seat(seat, Seat.Stolen),
      parked: this.#memory.seat(seat, Seat.Parked),
    }));
  }

  /** What a thread that is not the pool's needs to hand tasks to it: see `RemoteHandle`. */
  ticket(): PoolTicket {
    return this.#memory.ticket;
  }

  /** Takes no more tasks, waits for those it has, and ends the threads. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  /** Ends the threads at once; tasks that have not ended throw `Cancelled`. */
  async shutdown(): Promise<void> {
    this.#over = true;
    this.#memory.close();
    this.#submitter.fail(new Cancelled("the pool was shut down"));
    this.#idle?.();
    await Promise.all(this.#threads.map((thread) => thread?.terminate()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#submitter.close();
    for (const thread of this.#threads) thread?.keepAlive(true);
    if (this.underWay > 0) await new Promise<void>((resolve) => this.#idle = resolve);
    this.#memory.close();
    this.#threads.forEach((_thread, seat) =>
      this.#memory.wake(seat, () => this.#threads[seat]?.send({ kind: "ring", seat }))
    );
    if (this.#threads.some((thread) => thread !== undefined)) await this.#ended.promise;
  }

  #start(seat: number): PoolThread {
    const thread: PoolThread = new PoolThread(this.#memory.ticket, seat, {
      receive: (message) => this.#receive(seat, message),
      ended: (error) => this.#lost(seat, error),
    });
    return thread;
  }

  #setBusy(busy: boolean): void {
    if (!busy) this.#idle?.();
    if (this.#closing !== undefined) return;
    for (const thread of this.#threads) thread?.keepAlive(busy);
  }

  #receive(seat: number, message: PoolMessage): void {
    switch (message.kind) {
      case "ring":
        if (message.seat !== this.#memory.maker) return this.#threads[message.seat]?.send(message);
        this.#memory.setSeat(message.seat, Seat.Bell, 0);
        return this.#collect();
      case "ask":
        return this.#kept.ask(message.slot, seat);
      case "calls":
        return this.#kept.keep(message);
      case "values":
        return this.#passOn(message.slot, message);
      case "abort":
        return this.#aborts.want(message.slot, message.reason);
    }
  }

  /** An outcome by message, for whoever handed the task in. */
  #passOn(slot: number, message: PoolMessage & { kind: "values" }): void {
    const origin = this.#memory.slot(slot, Slot.Origin);
    if (origin === this.#memory.maker) {
      this.#submitter.end(slot, { value: message.values });
      this.#collect();
    } else if (origin === NOBODY) {
      this.#submitter.giveBack(slot);
    } else {
      this.#threads[origin]?.send(message);
    }
  }

  /** Takes outcomes; an aborted task among them needs its grace no more. */
  #collect(): void {
    this.#submitter.collect();
    this.#aborts.forgetEnded();
  }

  /** A thread has ended. Unless all are to, its tasks are lost and another one takes its seat. */
  #lost(seat: number, error: unknown): void {
    this.#threads[seat] = undefined;
    if (this.#over || this.#memory.closing) {
      if (this.#threads.every((thread) => thread === undefined)) this.#ended.resolve();
      return;
    }
    if (this.#memory.seat(seat, Seat.Begun) === 0) return this.#giveUp(seat, error);
    this.#failTasksOf(seat, error);
    this.#reclaim(seat);
    this.#threads[seat] = this.#start(seat);
    const isWaitedFor = this.underWay > 0 || this.#closing !== undefined;
    if (isWaitedFor) this.#threads[seat].keepAlive(true);
    this.#options.onThreadDied?.(seat, error);
    this.#collect();
  }

  /** A thread that could not even begin would not the next time: the pool ends. */
  #giveUp(seat: number, cause: unknown): void {
    const why = cause instanceof Error ? cause.message : "for a reason it did not tell";
    const hint = "a compiled program has to include runtime/threads/worker_main.ts";
    const error = new ThreadDied(`worker ${seat}`, `before it began: ${why}; ${hint}`, { cause });
    this.#over = true;
    this.#memory.close();
    this.#submitter.fail(error);
    for (const thread of this.#threads) thread?.terminate();
    if (this.#threads.every((thread) => thread === undefined)) this.#ended.resolve();
  }

  #failTasksOf(seat: number, cause: unknown): void {
    const memory = this.#memory;
    const why = cause instanceof Error ? `by an error: ${cause.message}` : "before its task did";
    for (let slot = 0; slot < memory.ticket.slots; slot++) {
      if (memory.slot(slot, Slot.Taker) !== seat) continue;
      if (memory.slot(slot, Slot.State) !== SlotState.Running) continue;
      const error = memory.slot(slot, Slot.Abort) === 1
        ? new Cancelled(this.#aborts.reasonFor(slot))
        : new ThreadDied(`worker ${seat}`, why, { cause });
      this.#submitter.end(slot, { error });
    }
  }

  /** What a dead thread had queued goes to the others; what it waited for, to nobody. */
  #reclaim(seat: number): void {
    const memory = this.#memory;
    const deque = memory.deques[seat];
    for (let slot = deque.steal(); slot !== EMPTY; slot = deque.steal()) {
      if (slot >= 0) memory.injector.push(slot);
    }
    memory.abandon(seat, (slot) => this.#submitter.giveBack(slot));
    memory.setSeat(seat, Seat.Begun, 0);
    memory.setSeat(seat, Seat.Phase, Phase.Own);
    memory.setSeat(seat, Seat.Rest, 0);
  }
}
