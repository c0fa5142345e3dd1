import type { Clock } from "../../../runtime/mod.ts";
import type { Command, CommandKind, Reply } from "../model/command.ts";
import type { Job, JobDetail } from "../model/job.ts";
import { RETRIES } from "../model/retry.ts";
import { nextTime, type Schedule } from "../model/schedule.ts";
import { Books } from "./books.ts";
import { claim } from "./commands/claim.ts";
import { isFarTooMuch, recover, tick } from "./commands/due.ts";
import { enqueue } from "./commands/enqueue.ts";
import { complete, fail, heartbeat } from "./commands/held.ts";
import { cancel, retry } from "./commands/steer.ts";
import type { Applied, Store, StoreView } from "./store.ts";
import { StoreClock } from "./store_clock.ts";
import type { JobFilter, JobTable } from "./table.ts";
import { type StoreSettings, Transaction } from "./transaction.ts";

const MS_PER_DAY = 86_400_000;

/** What holds unless something else is said. */
export const STORE_DEFAULTS: StoreSettings = {
  maxPending: 2_000_000,
  keep: MS_PER_DAY,
  keepDead: 14 * MS_PER_DAY,
  keepMax: 100_000,
  retries: RETRIES,
};

/** How often the job that has waited longest is looked for, and in how many lanes: for people. */
const OLDEST_EVERY_MS = 100;
const MOST_LANES = 1_000;

/** The rules of the queue over any table that this process has for itself. */
export class TableStore implements Store {
  #table: JobTable;
  #settings: StoreSettings;
  #books: Books;
  #clock: StoreClock;
  #oldest = { at: -Infinity, ms: 0 };

  constructor(table: JobTable, clock: Clock, settings: Partial<StoreSettings> = {}) {
    this.#table = table;
    this.#settings = { ...STORE_DEFAULTS, ...settings };
    this.#books = new Books(table);
    this.#clock = new StoreClock(clock, this.#books.time);
    const { setBackBy } = this.#clock;
    if (setBackBy > 0) table.transaction(() => this.#jump(-setBackBy));
  }

  apply(batch: readonly Command[]): Applied {
    const { now, jump } = this.#clock.read();
    try {
      return this.#table.transaction(() => {
        if (jump !== 0) this.#jump(jump);
        const tx = new Transaction(this.#table, this.#books, this.#settings, now);
        const replies = batch.map((command) => execute(tx, command));
        this.#books.flush(now);
        return { replies, events: tx.events, nextDue: this.nextDue() };
      });
    } catch (error) {
      // Nothing of it is in the table, so nothing of it may be in mind.
      this.#books = new Books(this.#table);
      throw error;
    }
  }

  detail(id: number): JobDetail | undefined {
    const job = this.#table.job(id);
    if (job === undefined) return undefined;
    const text = (name: Parameters<JobTable["text"]>[1]) => this.#table.text(id, name);
    return {
      job,
      payload: text("payload") ?? "{}",
      result: text("result"),
      failures: JSON.parse(text("failures") ?? "[]"),
      log: JSON.parse(text("log") ?? "[]"),
      progress: text("progress"),
    };
  }

  list(filter: JobFilter): readonly Job[] {
    return this.#table.list(filter);
  }

  view(): StoreView {
    const queues = [...this.#books.queues.values()].map(
      ({ name, paused, limits, counts, totals }) => ({ name, paused, limits, counts, totals }),
    );
    const announced = [...this.#books.announced.keys()];
    const { forgotten } = this.#books;
    return {
      now: this.now(),
      queues,
      forgotten,
      oldestPendingMs: this.#oldestPending(),
      announced,
    };
  }

  schedules(): readonly Schedule[] {
    return [...this.#books.schedules.values()];
  }

  nextDue(): number {
    if (isFarTooMuch(this.#books, this.#settings)) return this.now();
    let due = this.#table.nextDue() ?? Infinity;
    for (const { next } of this.#books.schedules.values()) due = Math.min(due, next || Infinity);
    for (const { wakeAt } of this.#books.queues.values()) due = Math.min(due, wakeAt);
    return due;
  }

  now(): number {
    return this.#clock.peek();
  }

  close(): void {
    this.#table.close();
  }

  /** The time of day has jumped: whoever holds a job, or waits a while, has not waited longer. */
  #jump(by: number): void {
    this.#table.shift("running", by);
    this.#table.shift("scheduled", by);
    this.#books.noteJump(by);
  }

  /** The first of each lane has waited longest in it, as far as priorities do not say otherwise. */
  #oldestPending(): number {
    const now = this.now();
    if (Math.abs(now - this.#oldest.at) >= OLDEST_EVERY_MS) {
      let since = now;
      for (const { id } of this.#books.pendingLanes(MOST_LANES)) {
        since = Math.min(since, this.#table.heads(id, 1).at(0)?.readyAt ?? now);
      }
      this.#oldest = { at: now, ms: now - since };
    }
    return this.#oldest.ms;
  }
}

function execute(tx: Transaction, command: Command): Reply<CommandKind> {
  const { books } = tx;
  switch (command.kind) {
    case "enqueue":
      return enqueue(tx, command.specs);
    case "claim":
      return claim(tx, command);
    case "complete":
      return complete(tx, command);
    case "fail":
      return fail(tx, command);
    case "heartbeat":
      return heartbeat(tx, command);
    case "cancel":
      return cancel(tx, command.which);
    case "retry":
      return retry(tx, command.which);
    case "pause":
      books.queue(command.queue).paused = command.paused;
      return books.touch(books.queue(command.queue));
    case "limit":
      books.queue(command.queue).setLimits(command.limits);
      return books.touch(books.queue(command.queue));
    case "schedule": {
      const { cron, timezone } = command.schedule;
      const schedule = { ...command.schedule, next: nextTime(cron, timezone, tx.now) };
      books.setSchedule(schedule);
      return schedule;
    }
    case "unschedule":
      return books.removeSchedule(command.name);
    case "announce":
      return books.announce(command.types, tx.now);
    case "tick":
      return tick(tx, command.unseen);
    case "recover":
      return recover(tx, command.worker);
  }
}
