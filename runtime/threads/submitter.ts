import { Ring } from "../collections/ring.ts";
import { Cancelled, Closed, Misuse } from "../core/errors.ts";
import { cloneFor, Transfer } from "./crossing.ts";
import { type FailureRecord, reviveFailure } from "./failure.ts";
import type { PoolMemory } from "./pool_memory.ts";
import { Payload, Rest, Seat, Slot, SlotState } from "./pool_layout.ts";
import { type PoolOutcome, PoolTask } from "./pool_task.ts";
import type { Portable } from "./portable.ts";
import { EMPTY } from "./steal_deque.ts";

/** The arguments of one call. */
export type Call = readonly unknown[];

/** What a submitter needs of the thread it is on. */
export interface Post {
  /** Puts a slot where workers look. */
  enqueue(slot: number): void;
  /** Sends a message to the thread at `seat`: look at the memory. */
  ring(seat: number): void;
  /** Keeps calls that are too large for a slot until a worker asks for them. */
  keep(slot: number, calls: readonly Call[], items: readonly Transferable[]): void;
  /** Wants the end of a task that is running. */
  abort(slot: number, reason: string): void;
  /** Whether anything is under way now. */
  busy(busy: boolean): void;
}

/** How many chunks a batch makes for each worker: more spread evenly, fewer cost less. */
const CHUNKS_PER_WORKER = 8;
const LARGEST_CHUNK = 128;

/** Calls that go as one. */
class Job {
  slot = EMPTY;
  ended = false;

  constructor(
    readonly target: Portable<never[], unknown>,
    readonly calls: readonly Call[],
    readonly items: readonly Transferable[],
    /** Where its first call stands in its batch. */
    readonly at: number,
    readonly onEnd: (outcome: PoolOutcome<unknown[]>, at: number) => void,
  ) {}

  end(outcome: PoolOutcome<unknown[]>): void {
    if (this.ended) return;
    this.ended = true;
    this.onEnd(outcome, this.at);
  }
}

/** One thread's way to hand tasks to a pool: takes slots, fills them, takes outcomes back. */
export class Submitter {
  #memory: PoolMemory;
  #seat: number;
  #post: Post;
  #numbers = new WeakMap<object, number>();
  #jobs: (Job | undefined)[] = [];
  /** What waits for a free slot. */
  #backlog = new Ring<Job>();
  #underWay = 0;
  #closed = false;
  #lastWoken = 0;

  constructor(memory: PoolMemory, seat: number, post: Post) {
    this.#memory = memory;
    this.#seat = seat;
    this.#post = post;
  }

  /** How many jobs have not ended. */
  get underWay(): number {
    return this.#underWay;
  }

  run<A extends unknown[], T>(target: Portable<A, T>, args: readonly unknown[]): PoolTask<T> {
    const last = args.at(-1);
    const [call, items] = last instanceof Transfer ? [args.slice(0, -1), last.items] : [args, []];
    const task: PoolTask<T> = new PoolTask((reason) => this.#abort(job, reason));
    const job = new Job(target as never, [call], items, 0, (outcome) => {
      task.settle("error" in outcome ? outcome : { value: outcome.value[0] as T });
    });
    this.#submit(job);
    return task;
  }

  /** All calls of one function; the outcomes in the order of the calls, or the first error. */
  runAll<A extends unknown[], T>(target: Portable<A, T>, calls: readonly A[]): PoolTask<T[]> {
    const values: T[] = new Array(calls.length);
    const jobs: Job[] = [];
    const task = new PoolTask<T[]>((reason) => jobs.forEach((job) => this.#abort(job, reason)));
    let left = calls.length;
    const onEnd = (outcome: PoolOutcome<unknown[]>, at: number) => {
      if ("error" in outcome) return task.settle(outcome);
      outcome.value.forEach((value, i) => values[at + i] = value as T);
      left -= outcome.value.length;
      if (left === 0) task.settle({ value: values });
    };
    const even = Math.ceil(calls.length / (this.#memory.ticket.threads * CHUNKS_PER_WORKER));
    const size = Math.min(even, LARGEST_CHUNK);
    for (let at = 0; at < calls.length; at += size) {
      const job = new Job(target as never, calls.slice(at, at + size), [], at, onEnd);
      jobs.push(job);
    }
    if (left === 0) task.settle({ value: values });
    for (const job of jobs) this.#submit(job);
    return task;
  }

  /** Takes the outcomes that have come, and lets those go that wait for their slots. */
  collect(): void {
    const outcomes = this.#memory.outcomes[this.#seat];
    for (let slot = outcomes.pop(); slot !== EMPTY; slot = outcomes.pop()) {
      this.end(slot, this.#outcomeIn(slot));
    }
    this.#drainBacklog();
  }

  /** A slot's task has ended so. */
  end(slot: number, outcome: PoolOutcome<unknown[]>): void {
    const job = this.#jobs[slot];
    if (job === undefined) return;
    this.#jobs[slot] = undefined;
    this.giveBack(slot);
    this.#count(-1);
    job.end(outcome);
  }

  /** Whether this thread waits for what is in `slot`. */
  awaits(slot: number): boolean {
    return this.#jobs[slot] !== undefined;
  }

  /** Frees a slot, and tells those who wait for one. */
  giveBack(slot: number): void {
    for (let seats = this.#memory.release(slot), seat = 0; seats !== 0; seats >>>= 1, seat++) {
      if ((seats & 1) !== 0 && seat !== this.#seat) this.#wake(seat);
    }
  }

  /** Takes nothing more. */
  close(): void {
    this.#closed = true;
  }

  /** Ends everything that has not ended with `error`. */
  fail(error: Error): void {
    this.#closed = true;
    for (let job = this.#backlog.shift(); job !== undefined; job = this.#backlog.shift()) {
      this.#count(-1);
      job.end({ error });
    }
    this.#jobs.forEach((_job, slot) => this.end(slot, { error }));
  }

  #submit(job: Job): void {
    if (this.#closed) return job.end({ error: new Closed("the pool") });
    this.#count(1);
    if (this.#backlog.length > 0 || !this.#place(job)) this.#backlog.push(job);
  }

  #drainBacklog(): void {
    for (let job = this.#backlog.peek(); job !== undefined; job = this.#backlog.peek()) {
      this.#backlog.shift();
      if (job.ended) this.#count(-1);
      else if (!this.#place(job)) return this.#backlog.unshift(job);
    }
  }

  /** Fills a slot and puts it into a queue; false when none is free. */
  #place(job: Job): boolean {
    const slot = this.#takeSlot();
    if (slot === EMPTY) return false;
    try {
      if (!this.#fill(slot, job)) return this.#split(slot, job);
    } catch (error) {
      this.giveBack(slot);
      this.#count(-1);
      job.end({ error });
      return true;
    }
    job.slot = slot;
    this.#jobs[slot] = job;
    this.#memory.setSlot(slot, Slot.State, SlotState.Queued);
    this.#post.enqueue(slot);
    this.#wakeOne();
    return true;
  }

  #fill(slot: number, { target, calls, items }: Job): boolean {
    this.#memory.setSlot(slot, Slot.Run, this.#numberOf(target));
    this.#memory.setSlot(slot, Slot.Origin, this.#seat);
    this.#memory.setSlot(slot, Slot.Abort, 0);
    if (items.length === 0 && this.#memory.write(slot, Payload.Calls, calls)) return true;
    if (calls.length > 1) return false;
    const crossing = cloneFor(calls[0], "arguments", items);
    this.#memory.setSlot(slot, Slot.Payload, Payload.Posted);
    this.#post.keep(slot, [crossing.copy], crossing.items);
    return true;
  }

  /** The calls of a batch that have no room together go as two batches. */
  #split(slot: number, job: Job): boolean {
    this.giveBack(slot);
    const { target, calls, items, at, onEnd } = job;
    const half = calls.length >> 1;
    this.#count(1);
    const second = new Job(target, calls.slice(half), items, at + half, onEnd);
    const first = new Job(target, calls.slice(0, half), items, at, onEnd);
    if (!this.#place(second)) this.#backlog.unshift(second);
    if (!this.#place(first)) this.#backlog.unshift(first);
    return true;
  }

  #takeSlot(): number {
    const slot = this.#memory.free.pop();
    if (slot !== EMPTY) return slot;
    this.#memory.awaitFree(this.#seat);
    return this.#memory.free.pop(); // one may have come before anybody could see the wish
  }

  #numberOf(target: Portable<never[], unknown>): number {
    let number = this.#numbers.get(target);
    if (number === undefined) {
      number = this.#memory.addFunction(target.key);
      if (number < 0) throw new Misuse("Cannot use so many portable functions with one pool");
      this.#numbers.set(target, number);
    }
    return number;
  }

  #outcomeIn(slot: number): PoolOutcome<unknown[]> {
    switch (this.#memory.slot(slot, Slot.Payload) as Payload) {
      case Payload.Values:
        return { value: this.#memory.read(slot) as unknown[] };
      case Payload.Failure:
        return { error: reviveFailure(this.#memory.read(slot) as FailureRecord) };
      default:
        return { error: new Cancelled("by its handle") };
    }
  }

  #abort(job: Job, reason: string): void {
    if (job.ended) return;
    const { slot } = job;
    if (slot === EMPTY || this.#memory.moveSlot(slot, SlotState.Queued, SlotState.Cancelled)) {
      return job.end({ error: new Cancelled(reason) });
    }
    this.#memory.setSlot(slot, Slot.Abort, 1);
    this.#post.abort(slot, reason);
  }

  /** Ends the rest of one worker, if any rests. */
  #wakeOne(): void {
    const { threads } = this.#memory.ticket;
    for (let i = 1; i <= threads; i++) {
      const seat = (this.#lastWoken + i) % threads;
      if (this.#memory.seat(seat, Seat.Rest) === Rest.Awake) continue;
      if (!this.#wake(seat)) continue;
      this.#lastWoken = seat;
      return;
    }
  }

  #wake(seat: number): boolean {
    if (seat !== this.#memory.maker) {
      return this.#memory.wake(seat, (sleeper) => this.#post.ring(sleeper));
    }
    const first = this.#memory.moveSeat(seat, Seat.Bell, 0, 1);
    if (first) this.#post.ring(seat);
    return first;
  }

  #count(change: number): void {
    const before = this.#underWay;
    this.#underWay += change;
    if ((before === 0) !== (this.#underWay === 0)) this.#post.busy(this.#underWay > 0);
  }
}
