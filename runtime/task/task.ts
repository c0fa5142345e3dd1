import { swapBindings } from "../core/bindings.ts";
import {
  type Context,
  type Failure,
  type Loop,
  refillBudget,
  type Rest,
  type Runnable,
  swapContext,
  takeSuspension,
} from "../core/context.ts";
import { Cancelled } from "../core/errors.ts";
import type { Co, Future } from "../core/future.ts";
import { cutShort, takeOver } from "../core/leftovers.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { type RawWakerVTable, storeWaker, Waker } from "../core/waker.ts";
import { dropUnbegun, intoFuture, type Spawnable } from "./coroutine.ts";
import { Duty, TaskState } from "./state.ts";
import { Rests } from "./unwinding.ts";

/** How a task ended. */
export type Ended<T> =
  | { readonly how: "value"; readonly value: T }
  | { readonly how: "error"; readonly error: unknown }
  | { readonly how: "aborted"; readonly reason: string };

export interface SpawnOptions<T = unknown> {
  /** Names the task in error reports; the default is a number. */
  readonly name?: string;
  /**
   * Called once when the task has ended, however it did. It answers for the task's errors: they are
   * not reported as unclaimed, so look at what it is told.
   */
  onEnd?(ended: Ended<T>): void;
}

type AnyTask = Task<unknown>;

const NO_OPTIONS: SpawnOptions<never> = {};

const TASK_WAKER: RawWakerVTable<AnyTask> = {
  clone: (task) => void task.wakers++,
  wake: (task) => {
    task.wakers--;
    task.wake();
  },
  wakeByRef: (task) => task.wake(),
  drop: (task) => void task.wakers--,
};

let lastId = 0;

/**
 * A future that runs by itself: its poll, its place in the run queue and its outcome. It is the
 * context of its own polls.
 *
 * What is allowed when is in `TaskState`; this file does what the transitions demand.
 */
export class Task<T> implements Runnable, Context {
  /** Handles of its waker that are alive, its own included: at 1, nothing else can wake it. */
  wakers = 1;
  elder: Runnable | undefined;
  younger: Runnable | undefined;
  readonly id = ++lastId;
  readonly loop: Loop;
  readonly waker: Waker = Waker.fromRaw(this as AnyTask, TASK_WAKER);
  #state = new TaskState();
  /**
   * What is to run: a function is called at the first poll, inside the task. After a cancel, the
   * cleanup that is left.
   */
  #body: Future<T> | Rests | (() => Co<T> | Future<T>) | undefined;
  /** The outcome; while it unwinds, the one it is going to have. */
  #ended: Ended<T> | undefined;
  #joiner: Waker | undefined;
  /** Further tasks that wait for the same handle: a mistake, which they are told. */
  #others: Waker[] | undefined;
  /** Kept as they came: whoever makes many tasks can give each an object it has anyway. */
  #options: SpawnOptions<T>;
  #listener: SpawnOptions<T>["onEnd"];
  #waitsFor: object | undefined;
  #claimed = false;
  #failure: Failure | undefined;
  #reason: string | undefined;

  /** @throws {TypeError} when `body` cannot be run, such as a promise */
  constructor(body: Spawnable<T>, loop: Loop, options: SpawnOptions<T> = NO_OPTIONS) {
    this.#body = typeof body === "function" ? body : intoFuture(body);
    this.#options = options;
    this.loop = loop;
    loop.adopt(this);
    this.wake();
  }

  get name(): string {
    return this.#options.name ?? `task-${this.id}`;
  }

  get waitsFor(): string {
    return this.#state.scheduled ? "nothing" : `${this.#waitsFor ?? this.#body}`;
  }

  get state(): Pick<TaskState, "scheduled" | "running" | "cancelled" | "completed" | "joined"> {
    return this.#state;
  }

  wake(): void {
    if (this.#state.wake() === Duty.Schedule) this.loop.schedule(this);
  }

  run(): void {
    if (this.#state.beginTurn() !== Duty.Poll) return;
    refillBudget();
    takeSuspension();
    let polled: Poll<T | void>;
    try {
      polled = this.#poll();
    } catch (error) {
      return this.#complete(this.#endedBy(error));
    }
    if (polled !== Pending) {
      return this.#complete(this.#ended ?? { how: "value", value: polled as T });
    }
    this.#waitsFor = takeSuspension();
    const duty = this.#state.endTurn();
    if (duty === Duty.Schedule) this.loop.schedule(this);
    else if (duty === Duty.Cancel) this.#cancelNow();
    if (this.#state.unwinding && this.loop.closed) this.kill(); // closed by its own cleanup
  }

  abort(reason?: string): void {
    this.#reason ??= reason;
    if (this.#state.cancel() === Duty.Cancel) this.#cancelNow();
  }

  kill(reason?: string): void {
    cutShort(() => this.abort(reason));
    const rests = this.#body;
    // Otherwise it is its own poll or cleanup that calls this; the end of that is its end.
    if (!(rests instanceof Rests) || this.#state.running) return;
    this.#body = undefined;
    try {
      this.#asCurrent(() => cutShort(() => rests.drop()));
    } catch (error) {
      this.#ended = this.#endedBy(error);
    }
    this.#complete(this.#ended!);
  }

  /** The value or the error, for the one who joins; keeps `waker` while there is none. */
  join(waker: Waker): Poll<T> {
    if (this.#state.join() === Duty.Deliver) return valueOf(this.#claim());
    if (this.#joiner === undefined || this.#joiner.willWake(waker)) {
      this.#joiner = storeWaker(this.#joiner, waker);
    } else {
      this.#others = [...this.#others ?? [], waker.clone()]; // so that it learns that it came late
    }
    return Pending;
  }

  /** Calls `listener` with how it ended, now or later; for one who is not a task. */
  listen(listener: (ended: Ended<T>) => void): void {
    if (this.#state.join() === Duty.Deliver) listener(this.#claim());
    else this.#listener = listener;
  }

  /** Nobody will join any more; an error that was not fetched yet has lost its addressee. */
  detach(): void {
    this.#joiner?.drop();
    this.#joiner = undefined;
    for (const waker of this.#others ?? []) waker.drop();
    this.#others = undefined;
    if (this.#listener !== undefined) return;
    this.#state.detach();
    this.#orphan();
  }

  #claim(): Ended<T> {
    if (this.#failure !== undefined) this.#failure.claimed = true;
    this.#claimed = true;
    return this.#ended!;
  }

  #poll(): Poll<T | void> {
    const outer = swapContext(this);
    const outerBindings = swapBindings(undefined);
    try {
      let body = this.#body!;
      if (typeof body === "function") this.#body = body = intoFuture(body);
      return body.poll(this);
    } finally {
      swapBindings(outerBindings);
      swapContext(outer);
    }
  }

  /** Drops the future with this task as the current one, since its cleanup may spawn or wake. */
  #cancelNow(): void {
    const body = this.#body;
    this.#body = undefined;
    const rests: Rest[] = [];
    let ended: Ended<T> = { how: "aborted", reason: this.#reason ?? "by its handle" };
    try {
      this.#asCurrent(() => takeOver(rests, () => this.#dropBody(body!)));
    } catch (error) {
      ended = { how: "error", error };
    }
    if (rests.length === 0) this.#complete(ended);
    else this.#unwind(ended, rests);
  }

  #dropBody(body: Future<unknown> | (() => Co<T> | Future<T>)): void {
    if (this.#state.begun && typeof body !== "function") body.drop();
    else dropUnbegun(body, this);
  }

  #asCurrent<T>(run: () => T): T {
    const outer = swapContext(this);
    const outerBindings = swapBindings(undefined);
    try {
      return run();
    } finally {
      swapBindings(outerBindings);
      swapContext(outer);
    }
  }

  /** Lives on for what is shielded; whoever joins waits for that. */
  #unwind(ended: Ended<T>, rests: Rest[]): void {
    this.#ended = ended;
    this.#body = new Rests(rests);
    this.#state.unwind();
    if (this.loop.closed) this.kill();
    else this.wake();
  }

  /** How it ends on account of `error`; while it unwinds, an error that was there before stays. */
  #endedBy(error: unknown): Ended<T> {
    if (this.#ended?.how !== "error") return { how: "error", error };
    this.loop.orphan({ name: `${this.name}, in its cleanup`, error, claimed: false });
    return this.#ended;
  }

  #complete(ended: Ended<T>): void {
    this.#body = undefined;
    this.#waitsFor = undefined;
    this.#ended = ended;
    const { loop, waker } = this;
    const duty = this.#state.complete();
    waker.drop();
    loop.release(this, ended.how);
    if (duty === Duty.Deliver) this.#deliver(ended);
    else this.#orphan();
    try {
      this.#options.onEnd?.(ended);
    } catch (error) {
      loop.orphan({ name: `${this.name}, in its onEnd`, error, claimed: false });
    }
  }

  #deliver(ended: Ended<T>): void {
    this.#joiner?.wake();
    this.#joiner = undefined;
    for (const waker of this.#others ?? []) waker.wake();
    this.#others = undefined;
    this.#listener?.(ended);
  }

  /** Sees to it that an error is reported unless somebody asks for it before the turn ends. */
  #orphan(): void {
    if (this.#ended?.how !== "error" || this.#claimed || this.#failure) return;
    if (this.#options.onEnd !== undefined) return; // it answers for them
    this.#failure = { name: this.name, error: this.#ended.error, claimed: false };
    this.loop.orphan(this.#failure);
  }
}

/**
 * The value a task ended with.
 *
 * @throws its error, or `Cancelled`
 */
export function valueOf<T>(ended: Ended<T>): T {
  if (ended.how === "value") return ended.value;
  throw ended.how === "error" ? ended.error : new Cancelled(ended.reason);
}
