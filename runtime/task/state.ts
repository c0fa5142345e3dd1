/**
 * The life of a task as seven flags.
 *
 * | flag      | is set                         | is cleared           | cannot be set                  |
 * | --------- | ------------------------------ | -------------------- | ------------------------------ |
 * | SCHEDULED | by a wake                      | when its turn begins | after COMPLETED                |
 * | RUNNING   | when its turn begins           | when its turn ends   | together with COMPLETED        |
 * | CANCELLED | by an abort                    | never                | after COMPLETED                |
 * | UNWINDING | when cleanup has to wait       | never                | without CANCELLED              |
 * | COMPLETED | when the outcome is stored     | never                | twice                          |
 * | BEGUN     | when its first turn begins     | never                | –                              |
 * | JOINED    | when somebody asks for it      | by a detach          | –                              |
 *
 * While SCHEDULED is set and RUNNING is not, the task is in the run queue: a second wake finds the
 * flag and does nothing, a wake during the poll sets it and the end of the turn puts the task
 * back. So a task is queued at most once and no wake is lost. One that is aborted in the queue
 * stays there until its turn, which then does nothing.
 *
 * Each transition answers what its caller has to do next. All flags are read and written here.
 */

const SCHEDULED = 1 << 0;
const RUNNING = 1 << 1;
const CANCELLED = 1 << 2;
const UNWINDING = 1 << 3;
const COMPLETED = 1 << 4;
const JOINED = 1 << 5;
const BEGUN = 1 << 6;

/** The caller's duty after a transition. */
export const Duty = {
  Nothing: 0,
  /** Put the task at the end of the run queue. */
  Schedule: 1,
  /** Poll the future once, then call `endTurn` or `complete`. */
  Poll: 2,
  /** Drop the future and complete the task as cancelled, now. */
  Cancel: 3,
  /** Give the outcome to the one who waits for it. */
  Deliver: 4,
} as const;
export type Duty = typeof Duty[keyof typeof Duty];

export class TaskState {
  #flags = 0;

  /** Somebody used the task's waker. */
  wake(): Duty {
    if (this.#flags & (SCHEDULED | COMPLETED)) return Duty.Nothing;
    this.#flags |= SCHEDULED;
    return this.#flags & RUNNING ? Duty.Nothing : Duty.Schedule;
  }

  /** The task came to the head of the run queue; it may have completed while it stood there. */
  beginTurn(): Duty {
    if (this.#flags & COMPLETED) return Duty.Nothing;
    this.#flags = (this.#flags & ~SCHEDULED) | RUNNING | BEGUN;
    return Duty.Poll;
  }

  /** The poll answered Pending. An abort that came during it takes effect now. */
  endTurn(): Duty {
    this.#flags &= ~RUNNING;
    if ((this.#flags & (CANCELLED | UNWINDING)) === CANCELLED) return Duty.Cancel;
    return this.#flags & SCHEDULED ? Duty.Schedule : Duty.Nothing;
  }

  /** Somebody wants the task to end. While it is polled that has to wait for the poll's end. */
  cancel(): Duty {
    if (this.#flags & (COMPLETED | CANCELLED)) return Duty.Nothing;
    this.#flags |= CANCELLED;
    return this.#flags & RUNNING ? Duty.Nothing : Duty.Cancel;
  }

  /** The future was dropped, and something shielded in it goes on: that is polled instead. */
  unwind(): void {
    this.#flags |= UNWINDING;
  }

  /** The outcome is stored. */
  complete(): Duty {
    this.#flags = (this.#flags & ~(RUNNING | SCHEDULED)) | COMPLETED;
    return this.#flags & JOINED ? Duty.Deliver : Duty.Nothing;
  }

  /** Somebody wants the outcome. */
  join(): Duty {
    this.#flags |= JOINED;
    return this.#flags & COMPLETED ? Duty.Deliver : Duty.Nothing;
  }

  /** Nobody wants the outcome any more. */
  detach(): void {
    this.#flags &= ~JOINED;
  }

  get begun(): boolean {
    return (this.#flags & BEGUN) !== 0;
  }

  get scheduled(): boolean {
    return (this.#flags & (SCHEDULED | RUNNING)) === SCHEDULED;
  }

  get running(): boolean {
    return (this.#flags & RUNNING) !== 0;
  }

  get cancelled(): boolean {
    return (this.#flags & CANCELLED) !== 0;
  }

  get unwinding(): boolean {
    return (this.#flags & UNWINDING) !== 0;
  }

  get completed(): boolean {
    return (this.#flags & COMPLETED) !== 0;
  }

  get joined(): boolean {
    return (this.#flags & JOINED) !== 0;
  }
}
