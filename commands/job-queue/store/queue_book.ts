import { type JobState, STATES } from "../model/job.ts";
import { NO_LIMITS, type QueueLimits } from "../model/limits.ts";
import type { StateCounts, Totals } from "./store.ts";

/** The jobs of one queue, type and key. */
export interface Lane {
  readonly id: number;
  readonly queue: QueueBook;
  readonly share: Share;
  readonly type: string;
  /** How many of its jobs are in each of the states of the living. */
  scheduled: number;
  pending: number;
  running: number;
}

/** The jobs of one key in a queue: what gets its fair share. */
export interface Share {
  readonly key: string;
  readonly lanes: Set<Lane>;
  pending: number;
  running: number;
  /** As `paceAfter` counts. */
  usedUpTo: number;
}

/** What is limited of a type in a queue. */
interface TypeBook {
  running: number;
  usedUpTo: number;
}

/** What of a queue is written down. */
export interface QueueNote {
  readonly paused: boolean;
  readonly limits: QueueLimits;
  readonly counts: StateCounts;
  readonly totals: Totals;
  readonly usedUpTo: number;
  readonly types: Readonly<Record<string, number>>;
}

/** What a store keeps in mind of one queue: its counters and limits, and whose turn it is. */
export class QueueBook {
  paused = false;
  limits: QueueLimits = NO_LIMITS;
  counts: StateCounts = noCounts();
  totals: Totals = noTotals();
  usedUpTo = 0;
  /** The shares that have something pending, in the order of their turns. */
  readonly turns: Set<Share> = new Set();
  /** Those that have to rest because of their rate, and until when. */
  readonly resting: Map<Share, number> = new Map();
  /** When something that a rate holds back may begin; Infinity while nothing is held back. */
  wakeAt = Infinity;
  #shares: Map<string, Share> = new Map();
  #types: Map<string, TypeBook> = new Map();

  constructor(readonly name: string) {}

  share(key: string): Share {
    let share = this.#shares.get(key);
    if (share === undefined) {
      share = { key, lanes: new Set(), pending: 0, running: 0, usedUpTo: 0 };
      this.#shares.set(key, share);
    }
    return share;
  }

  type(name: string): TypeBook {
    let type = this.#types.get(name);
    if (type === undefined) this.#types.set(name, type = { running: 0, usedUpTo: 0 });
    return type;
  }

  /** Whoever the old ones held back is looked at again. */
  setLimits(limits: QueueLimits): void {
    this.limits = limits;
    this.resting.clear();
    this.wakeAt = Infinity;
    for (const share of this.#shares.values()) this.noteTurn(share);
  }

  /** A share with something pending has a turn, at the end of the line if it had none. */
  noteTurn(share: Share): void {
    if (share.pending > 0 && !this.resting.has(share)) this.turns.add(share);
  }

  /** Those whose rest is over stand in line again. */
  wake(now: number): void {
    if (now < this.wakeAt) return;
    this.wakeAt = Infinity;
    for (const [share, until] of this.resting) {
      if (until > now) this.wakeAt = Math.min(this.wakeAt, until);
      else {
        this.resting.delete(share);
        this.noteTurn(share);
      }
    }
  }

  removeLane(lane: Lane): void {
    const { share } = lane;
    share.lanes.delete(lane);
    if (share.lanes.size > 0) return;
    this.#shares.delete(share.key);
    this.turns.delete(share);
    this.resting.delete(share);
  }

  /** Whether nobody would miss it: no jobs are left, and nothing was said about it. */
  isForgettable(now: number): boolean {
    const { queue, types, key } = this.limits;
    const isLimited = [queue, key, types].some((limit) => Object.keys(limit).length > 0);
    const isUsed = [this, ...this.#types.values()].some(({ usedUpTo }) => usedUpTo > now);
    const isEmpty = STATES.every((state) => this.counts[state] === 0) && this.#shares.size === 0;
    return isEmpty && !isUsed && !isLimited && !this.paused;
  }

  note(): QueueNote {
    const { paused, limits, counts, totals, usedUpTo } = this;
    const types = Object.fromEntries(
      [...this.#types].map(([name, type]): [string, number] => [name, type.usedUpTo])
        .filter(([, usedUpTo]) => usedUpTo > 0),
    );
    return { paused, limits, counts, totals, usedUpTo, types };
  }

  read({ paused, limits, counts, totals, usedUpTo, types }: QueueNote): void {
    Object.assign(this, { paused, limits, counts, totals, usedUpTo });
    for (const [name, usedUpTo] of Object.entries(types)) this.type(name).usedUpTo = usedUpTo;
  }
}

export function noTotals(): Totals {
  return { enqueued: 0, completed: 0, failed: 0, pruned: 0, late: 0 };
}

function noCounts(): StateCounts {
  return Object.fromEntries(STATES.map((state) => [state, 0])) as Record<JobState, number>;
}
