import type { Schedule } from "./schedule.ts";

/** There is nothing more to do. */
export const NONE = -1;

/** Which share of a run a thread has. */
export interface Share {
  /** Its number, from 0 up. */
  readonly index: number;
  readonly of: number;
}

const ALL: Share = { index: 0, of: 1 };

/** The requests of a run, handed out one by one; several threads take every so manieth. */
export class Work {
  #next: number;
  #stopped = false;

  /**
   * @param count how many there are at most, those of all threads together
   * @param schedule when they are due; without one, whenever somebody takes them
   */
  constructor(
    readonly count: number,
    readonly schedule: Schedule | undefined = undefined,
    readonly share: Share = ALL,
  ) {
    this.#next = share.index;
  }

  /** The next one's number; `NONE` when there are no more. */
  take(): number {
    const ticket = this.#next;
    if (ticket >= this.count || this.#stopped) return NONE;
    this.#next += this.share.of;
    return ticket;
  }

  /** Nothing more is handed out. */
  stop(): void {
    this.#stopped = true;
  }

  get stopped(): boolean {
    return this.#stopped;
  }
}
