import { Cancelled, type Co, type JoinHandle, random, sleep, spawn } from "wakeful/runtime";

/** Whole milliseconds, and few of them: much falls on the same moment. */
const LONGEST_REST_MS = 4;

/** Waits a little, or not at all. */
export function* rest(): Co<void> {
  const milliseconds = random().between(0, LONGEST_REST_MS);
  if (milliseconds > 0) yield* sleep(milliseconds);
}

/** What a task has to give up at its end. */
export interface Closable {
  close(): void;
}

/** Tasks of which some are killed, each at any moment. */
export class Crowd {
  #tasks: JoinHandle<void>[] = [];
  #joined: JoinHandle<void>[] = [];

  /**
   * Starts one that `end` waits for. What it owns is closed at its end, by others: a task that is
   * killed before its first poll has not begun, and cleans nothing up.
   */
  add(name: string, body: () => Co<void>, owned?: Closable): void {
    this.#joined.push(this.lend(name, body, owned));
  }

  /** Starts one that the caller waits for. */
  lend(name: string, body: () => Co<void>, owned?: Closable): JoinHandle<void> {
    const task = spawn(body, { name, onEnd: () => owned?.close() });
    this.#tasks.push(task);
    return task;
  }

  /** How many have not ended. */
  get alive(): number {
    return this.#tasks.filter((task) => !task.isFinished()).length;
  }

  /** Kills up to `most` of its tasks at random moments. */
  *kill(most: number): Co<void> {
    for (let left = random().between(0, most); left > 0 && this.alive > 0; left--) {
      yield* rest();
      this.killOne();
    }
  }

  /** Kills one of those that have not ended, if there is any. */
  killOne(): void {
    const alive = this.#tasks.filter((task) => !task.isFinished());
    if (alive.length > 0) random().pick(alive).abort("killed");
  }

  /** Waits until all have ended. @throws what one of them threw */
  *end(): Co<void> {
    for (const task of this.#joined) yield* endOf(task);
  }
}

/** Waits for a task's end, whether or not it was killed. */
export function* endOf(task: JoinHandle<void>): Co<void> {
  try {
    yield* task;
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
  }
}
