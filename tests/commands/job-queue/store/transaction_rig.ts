import type { Claim, Claiming, JobEvent } from "../../../../commands/job-queue/model/command.ts";
import type { Failure, Job, TextName } from "../../../../commands/job-queue/model/job.ts";
import { NO_LIMITS, type QueueLimits } from "../../../../commands/job-queue/model/limits.ts";
import { type JobSpec, jobSpec } from "../../../../commands/job-queue/model/spec.ts";
import { Books } from "../../../../commands/job-queue/store/books.ts";
import { claim } from "../../../../commands/job-queue/store/commands/claim.ts";
import { enqueue } from "../../../../commands/job-queue/store/commands/enqueue.ts";
import { MemoryTable } from "../../../../commands/job-queue/store/memory_table.ts";
import {
  type StoreSettings,
  Transaction,
} from "../../../../commands/job-queue/store/transaction.ts";
import { START } from "./rig.ts";

/** Numbers that are easy to tell apart; retries have no jitter. */
export const SETTINGS: StoreSettings = {
  maxPending: 1_000,
  keep: 60_000,
  keepDead: 90_000,
  keepMax: 1_000,
  retries: { first: 1_000, cap: 600_000, jitter: 0 },
};

export const LEASE_MS = 30_000;
export const CLAIM: Claiming = { kind: "claim", worker: "w", lease: LEASE_MS, max: 1 };

/** The rules at work on rows in memory, at a moment that the test says. */
export class TransactionRig {
  readonly table: MemoryTable = new MemoryTable();
  readonly books: Books = new Books(this.table);
  readonly settings: StoreSettings;
  now: number = START;
  /** What the last transaction told. */
  events: readonly JobEvent[] = [];

  constructor(settings: Partial<StoreSettings> = {}) {
    this.settings = { ...SETTINGS, ...settings };
  }

  /** Does this in a transaction of its own. */
  do<T>(work: (tx: Transaction) => T): T {
    const tx = new Transaction(this.table, this.books, this.settings, this.now);
    const reply = work(tx);
    this.books.flush(this.now);
    this.events = tx.events;
    return reply;
  }

  /** Takes in one job of type `noop`, and answers its number. */
  add(more: Partial<JobSpec> = {}): number {
    return this.do((tx) => enqueue(tx, [jobSpec("noop", more)]))[0].id!;
  }

  claim(more: Partial<Claiming> = {}): Claim[] {
    return this.do((tx) => claim(tx, { ...CLAIM, ...more }));
  }

  /** Takes in one job that is claimed at once. */
  start(more: Partial<JobSpec> = {}): Claim {
    this.add(more);
    return this.claim()[0];
  }

  limit(limits: Partial<QueueLimits>): void {
    this.books.queue("default").setLimits({ ...NO_LIMITS, ...limits });
  }

  job(id: number): Job {
    return this.table.job(id)!;
  }

  /** How many jobs of the queue are in each state that has any. */
  counts(queue = "default"): object {
    const counts = Object.entries(this.books.queue(queue).counts);
    return Object.fromEntries(counts.filter(([, count]) => count !== 0));
  }

  text(id: number, name: TextName): unknown {
    const text = this.table.text(id, name);
    return text && JSON.parse(text);
  }

  failures(id: number): readonly Failure[] {
    return JSON.parse(this.table.text(id, "failures") ?? "[]");
  }
}
