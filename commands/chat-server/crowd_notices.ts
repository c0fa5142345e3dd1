import { FloodBudget } from "./flood_budget.ts";

/** How many lines about comings and goings one room may cost a second, and at once. */
const PACE = { rate: 5_000, burst: 5_000 };

/** People who did the same, to be told of in one line. */
export interface CrowdNotice {
  readonly names: readonly string[];
  /** What they did: `joined`, `left (silent for 10m)`. */
  readonly what: string;
}

/**
 * Says who came to a room and who went: at once while that is cheap, and gathered while it is not.
 *
 * A line costs as many lines as there are people to read it: a thousand who connect at once would
 * be half a million. Nobody is told of twice, and nobody's leaving before their coming.
 */
export class CrowdNotices {
  #gathered = new Map<string, Set<string>>();
  #budget = new FloodBudget(PACE, 0);
  #dueAt: number | undefined;

  /** When what is gathered has to be told; undefined when there is nothing. */
  get dueAt(): number | undefined {
    return this.#dueAt;
  }

  /** Somebody did something that `readers` are to hear of; answers what has to be told now. */
  add(name: string, what: string, readers: number, now: number): CrowdNotice[] {
    const before = this.#wouldBeTooEarly(name, what) ? this.flush() : [];
    const names = this.#gathered.get(what);
    if (names === undefined) this.#gathered.set(what, new Set([name]));
    else names.add(name);
    if (this.#dueAt === undefined && this.#budget.tryTake(readers, now)) {
      return [...before, ...this.flush()];
    }
    this.#dueAt ??= this.#budget.readyAt(readers, now);
    return before;
  }

  /** Whether it is still to be told what somebody did. */
  mentions(name: string): boolean {
    for (const names of this.#gathered.values()) if (names.has(name)) return true;
    return false;
  }

  /** All that was gathered, at its time. */
  due(readers: number, now: number): CrowdNotice[] {
    if (this.#dueAt === undefined || now < this.#dueAt) return [];
    this.#budget.tryTake(readers, now);
    return this.flush();
  }

  /** All that was gathered, before its time. */
  flush(): CrowdNotice[] {
    const notices = Array.from(this.#gathered, ([what, names]) => ({ names: [...names], what }));
    this.#gathered.clear();
    this.#dueAt = undefined;
    return notices;
  }

  /** Whether it would be told before, or together with, what the same person did earlier. */
  #wouldBeTooEarly(name: string, what: string): boolean {
    let reached = false;
    for (const [earlier, names] of this.#gathered) {
      reached ||= earlier === what;
      if (reached && names.has(name)) return true;
    }
    return false;
  }
}
