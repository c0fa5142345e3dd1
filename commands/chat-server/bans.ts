import { keysOf } from "./names.ts";

/** Who is kept out, until when and why. */
export interface Ban {
  /** The name or address as it was typed. */
  readonly target: string;
  readonly until: number;
  readonly reason: string;
}

/** Names and addresses that are kept out for a time. */
export class Bans {
  #byKey = new Map<string, Ban>();

  /** How many there are, those included that are over and were not asked for since. */
  get size(): number {
    return this.#byKey.size;
  }

  add(ban: Ban, now: number): void {
    this.#forgetPast(now);
    for (const key of keysOf(ban.target)) this.#byKey.set(key, ban);
  }

  /** Lifts a ban; false when there was none. */
  lift(target: string): boolean {
    return keysOf(target).map((key) => this.#byKey.delete(key)).includes(true);
  }

  /** The ban that holds for a name or an address now. */
  of(target: string, now: number): Ban | undefined {
    for (const key of keysOf(target)) {
      const ban = this.#byKey.get(key);
      if (ban !== undefined && ban.until > now) return ban;
    }
  }

  #forgetPast(now: number): void {
    for (const [key, { until }] of this.#byKey) if (until <= now) this.#byKey.delete(key);
  }
}
