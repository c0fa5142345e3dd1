import {
  type Actor,
  actor,
  type Co,
  currentLoop,
  type Future,
  moveOnAfter,
  Notify,
  now,
  oneshot,
  race,
  settle,
  sleep,
} from "../../../runtime/mod.ts";
import type { Claim, Claiming, Command, CommandKind, JobEvent, Reply } from "../model/command.ts";
import type { JobDetail } from "../model/job.ts";
import type { Schedule } from "../model/schedule.ts";
import { type Store, StoreFailed, type StoreView } from "../store/store.ts";
import type { JobFilter } from "../store/table.ts";
import { Clerk, type Done, type Parked } from "./clerk.ts";

/** What due jobs wait at most for somebody to look; also how a blocked thread is noticed. */
const LONGEST_REST_MS = 1_000;
const SHORTEST_REST_MS = 5;
/** A rest that took so much longer than it should: the thread was blocked, or the process stood. */
const BLOCKED_MS = 1_000;

/** As whom somebody claims, and what. */
export type Request = Omit<Claiming, "kind" | "max">;

/** The way to the store: whoever asks waits until what it asked for is committed. */
export class Keeper {
  #store: Store;
  #clerk: Clerk;
  #actor: Actor<Clerk>;
  #sooner = new Notify();
  /** When the store is looked at next, in its own time. */
  #dueAt = 0;
  /** How long the thread was blocked the last time it was, in milliseconds. */
  #blockedFor = 0;

  /** @param onEvents told after each transaction what has happened in it */
  constructor(store: Store, onEvents: (events: readonly JobEvent[]) => void = () => {}) {
    this.#store = store;
    this.#clerk = new Clerk(store, ({ events, nextDue }) => {
      if (nextDue < this.#dueAt) this.#sooner.notifyAll();
      if (events.length > 0) onEvents(events);
    });
    this.#actor = actor(this.#clerk, { name: "state" });
  }

  /** How long ago the last transaction was, in milliseconds; undefined before the first. */
  get sinceCommit(): number | undefined {
    const { committedAt } = this.#clerk;
    return committedAt === undefined ? undefined : now() - committedAt;
  }

  get blockedFor(): number {
    return this.#blockedFor;
  }

  /** How many claims wait for jobs. */
  get waiting(): number {
    return this.#clerk.parked.size;
  }

  /**
   * Has the store do something, and answers when it is done for good.
   *
   * Cancel safety: dropped, it is done nevertheless.
   *
   * @throws {StoreFailed} when it was not done
   * @throws {Closed} when the keeper is closed
   */
  *do<K extends CommandKind>(command: Extract<Command, { kind: K }>): Co<Reply<K>> {
    const outcome = yield* this.#put(command);
    if ("error" in outcome) throw outcome.error;
    return outcome.reply as Reply<K>;
  }

  /**
   * Claims jobs, and waits for some for up to `wait` milliseconds when there are none. How many
   * there is room for is asked when it comes to it: who has become free by then is counted.
   *
   * Cancel safety: safe; what was claimed for it is given back.
   */
  *claim(request: Request, wait: number, room: () => number): Co<readonly Claim[]> {
    const command = (): Claiming => ({ kind: "claim", ...request, max: room() });
    return yield* wait === 0 ? this.do<"claim">(command()) : this.#parked(command, wait);
  }

  detail(id: number): Co<JobDetail | undefined> {
    return settle(this.#store.detail(id));
  }

  list(filter: JobFilter): Co<readonly Readonly<JobDetail["job"]>[]> {
    return settle(this.#store.list(filter));
  }

  view(): Co<StoreView> {
    return settle(this.#store.view());
  }

  schedules(): Co<readonly Schedule[]> {
    return settle(this.#store.schedules());
  }

  /** Lets happen what is due, for ever. */
  *keepTime(): Co<never> {
    for (let unseen = 0;;) {
      const sooner = this.#sooner.notified();
      this.#dueAt = 0;
      yield* this.#tick(unseen);
      const left = (yield* settle(this.#store.nextDue())) - this.#store.now();
      const rest = Math.min(Math.max(left, SHORTEST_REST_MS), LONGEST_REST_MS);
      this.#dueAt = this.#store.now() + rest;
      unseen = yield* this.#rest(rest, sooner);
    }
  }

  /** Ends when all that was asked for is done. */
  *close(): Co<void> {
    this.#actor.stop();
    yield* this.#actor.ended();
    yield* settle(this.#store.close());
  }

  /** A store that cannot do it now is asked again after the next rest. */
  *#tick(unseen: number): Co<void> {
    try {
      yield* this.do<"tick">({ kind: "tick", unseen });
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
    }
  }

  /** Rests until something is due; answers for how long nobody could look. */
  *#rest(milliseconds: number, sooner: Future<void>): Co<number> {
    const { timers } = currentLoop();
    const begun = timers.read();
    yield* race<unknown>(sleep(milliseconds), sooner);
    const over = timers.read() - begun - milliseconds;
    if (over < BLOCKED_MS) return 0;
    this.#blockedFor = over;
    return Math.round(over);
  }

  /** Waits until the clerk finds something for it. */
  *#parked(command: () => Claiming, wait: number): Co<readonly Claim[]> {
    const found = new Notify();
    let claims: readonly Claim[] = [];
    const parked: Parked = {
      command,
      give(given) {
        claims = given;
        found.notifyOne();
      },
    };
    let isTaken = false;
    this.#clerk.parked.add(parked);
    this.#clerk.fresh.add(parked);
    this.#call();
    try {
      yield* moveOnAfter(wait, found.notified());
      isTaken = true;
      return claims;
    } finally {
      this.#clerk.parked.delete(parked);
      this.#clerk.fresh.delete(parked);
      if (!isTaken) this.giveBack(claims);
    }
  }

  /** Nobody is going to work on these. */
  giveBack(claims: readonly Claim[]): void {
    for (const { id, epoch } of claims) {
      const error = "nobody took it";
      this.#put({ kind: "fail", id, epoch, how: "interrupted", error });
    }
  }

  #put(command: Command): Future<Done> {
    const [answer, done] = oneshot<Done>();
    this.#clerk.basket.push({ command, answer });
    this.#call();
    return done;
  }

  /** Lets the clerk know that there is something to do. */
  #call(): void {
    if (this.#clerk.isCalled) return;
    this.#actor.tryTell("commit");
    this.#clerk.isCalled = true;
  }
}
