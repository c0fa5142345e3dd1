import { type Co, now, type OneshotSender, settle, yieldNow } from "../../../runtime/mod.ts";
import type { Claim, Claiming, Command, CommandKind, Reply } from "../model/command.ts";
import type { Applied, Store } from "../store/store.ts";

/** What somebody asked of the store, and where the answer goes. */
export interface Errand {
  readonly command: Command;
  readonly answer: OneshotSender<Done>;
}

/** What came of an errand. */
export type Done = { readonly reply: Reply<CommandKind> } | { readonly error: unknown };

/** A claim that waits for jobs. */
export interface Parked {
  command(): Claiming;
  /** Called once, with at least one. */
  give(claims: readonly Claim[]): void;
}

/** Of what waits, how much goes into one transaction: more would make others wait too long. */
const LARGEST_BATCH = 1_000;
/**
 * How often others may run without asking for anything before a batch is closed. A job that has
 * ended needs about so many turns to tell it, and its worker to take the next; where nobody is
 * ready, all of them take less than a microsecond.
 */
const QUIET_TURNS = 8;

/**
 * The object behind the state actor: it alone touches the store.
 *
 * What was asked since the last commit goes into one transaction, and those who wait for jobs are
 * served in it as well, so that a job may come in and be given out with a single write to the disk.
 */
export class Clerk {
  /** What is to be done, oldest first. */
  readonly basket: Errand[] = [];
  readonly parked: Set<Parked> = new Set();
  /** Those of them that have not been tried yet. */
  readonly fresh: Set<Parked> = new Set();
  /** When the last transaction ended well, on the steady clock. */
  committedAt: number | undefined;
  /** Whether it was told to commit, and has not come to an end with that. */
  isCalled = false;
  #store: Store;
  #onApplied: (applied: Applied) => void;

  constructor(store: Store, onApplied: (applied: Applied) => void) {
    this.#store = store;
    this.#onApplied = onApplied;
  }

  /** Does what is in the basket, and answers everybody. */
  *commit(): Co<void> {
    try {
      while (this.basket.length + this.fresh.size > 0) {
        yield* this.#gather();
        yield* this.#commitSome();
      }
    } finally {
      this.isCalled = false;
    }
  }

  /** Lets others run for as long as that brings more: one write to the disk for all of it. */
  *#gather(): Co<void> {
    const { basket } = this;
    for (let quiet = 0; quiet < QUIET_TURNS && basket.length < LARGEST_BATCH; quiet++) {
      const before = basket.length;
      yield* yieldNow();
      if (basket.length > before) quiet = 0;
    }
  }

  *#commitSome(): Co<void> {
    const errands = this.basket.splice(0, LARGEST_BATCH);
    // After everything else, so that nobody waits for a job that came in at the same time.
    const mayBring = errands.some(({ command }) => mayBringJobs(command));
    const parked = [...mayBring ? this.parked : this.fresh];
    this.fresh.clear();
    const batch = [...errands.map(({ command }) => command), ...parked.map((one) => one.command())];
    try {
      const applied = yield* settle(this.#store.apply(batch));
      this.committedAt = now();
      this.#tell(errands, parked, applied);
    } catch (error) {
      for (const { answer } of errands) if (!answer.isClosed) answer.send({ error });
    }
  }

  #tell(errands: readonly Errand[], parked: readonly Parked[], applied: Applied): void {
    const { replies } = applied;
    errands.forEach(({ answer }, i) => {
      if (!answer.isClosed) answer.send({ reply: replies[i] });
    });
    parked.forEach((one, i) => {
      const claims = replies[errands.length + i] as readonly Claim[];
      if (claims.length === 0) return;
      this.parked.delete(one);
      one.give(claims);
    });
    this.#onApplied(applied);
  }
}

/** After it, there may be something to claim that was not there before. */
function mayBringJobs({ kind }: Command): boolean {
  return kind !== "heartbeat" && kind !== "announce" && kind !== "claim";
}
