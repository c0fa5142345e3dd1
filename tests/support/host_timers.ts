import { microtasks } from "./fake_conn.ts";

/** The platform's one-shot timers in the test's hands, for the few files that may set them. */
export class HostTimers {
  #now = 0;
  #last = 0;
  #timers = new Map<number, { due: number; callback: () => void }>();
  #real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };

  constructor() {
    Object.assign(globalThis, {
      setTimeout: (callback: () => void, delay = 0) => {
        this.#timers.set(++this.#last, { due: this.#now + Math.max(0, delay), callback });
        return this.#last;
      },
      clearTimeout: (id: number) => void this.#timers.delete(id),
    });
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** The moments at which timers are due, counted from the beginning. */
  get deadlines(): number[] {
    return [...this.#timers.values()].map(({ due }) => due);
  }

  async advance(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    for (const [id, { due, callback }] of [...this.#timers]) {
      if (due <= this.#now && this.#timers.delete(id)) callback();
    }
    await microtasks();
  }

  [Symbol.dispose](): void {
    Object.assign(globalThis, this.#real);
  }
}
