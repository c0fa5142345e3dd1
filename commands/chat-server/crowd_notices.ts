/** Comings and goings closer together than this are told in one line. */
const WINDOW_MS = 100;

/** People who did the same, to be told of in one line. */
export interface CrowdNotice {
  readonly names: readonly string[];
  /** What they did: `joined`, `left (silent for 10m)`. */
  readonly what: string;
}

/**
 * Says who came to a room and who went: at once while that is seldom, and gathered while it is not.
 *
 * A thousand who connect at once would otherwise be half a million lines. Everybody is told of
 * once, and nobody's leaving before their coming.
 */
export class CrowdNotices {
  #gathered = new Map<string, string[]>();
  #toldAt = -Infinity;

  /** When what is gathered has to be told; undefined when there is nothing. */
  get dueAt(): number | undefined {
    return this.#gathered.size === 0 ? undefined : this.#toldAt + WINDOW_MS;
  }

  /** Somebody did something; answers what has to be told now. */
  add(name: string, what: string, now: number): CrowdNotice[] {
    const before = this.#wouldBeTooEarly(name, what) ? this.flush(now) : [];
    const names = this.#gathered.get(what);
    if (names === undefined) this.#gathered.set(what, [name]);
    else names.push(name);
    return now >= this.#toldAt + WINDOW_MS ? [...before, ...this.flush(now)] : before;
  }

  /** Whether it is still to be told what somebody did. */
  mentions(name: string): boolean {
    for (const names of this.#gathered.values()) if (names.includes(name)) return true;
    return false;
  }

  /** All that was gathered. */
  flush(now: number): CrowdNotice[] {
    if (this.#gathered.size === 0) return [];
    const notices = Array.from(this.#gathered, ([what, names]) => ({ names, what }));
    this.#gathered = new Map();
    this.#toldAt = now;
    return notices;
  }

  /** Whether it would be told before, or together with, what the same person did earlier. */
  #wouldBeTooEarly(name: string, what: string): boolean {
    let reached = false;
    for (const [earlier, names] of this.#gathered) {
      reached ||= earlier === what;
      if (reached && names.includes(name)) return true;
    }
    return false;
  }
}
