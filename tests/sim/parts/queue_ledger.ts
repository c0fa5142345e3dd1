import type { Command } from "../../../commands/job-queue/model/command.ts";
import { retryDelay } from "../../../commands/job-queue/model/retry.ts";
import type { Applied } from "../../../commands/job-queue/store/store.ts";
import { LARGEST_DRIFT_MS } from "../../../commands/job-queue/store/store_clock.ts";
import { TableStore } from "../../../commands/job-queue/store/table_store.ts";
import { assert, assertEquals } from "../../support/assert.ts";

/** The store's time is in whole milliseconds. */
const ROUNDED_MS = 2;

/** What was promised to whom, across all lives of a server, and what must not happen. */
export class QueueLedger {
  /** The jobs whose 202 has come. */
  readonly accepted: Set<number> = new Set();
  /** Which claim completed a job, as the store has committed it. */
  readonly completed: Map<number, number> = new Map();
  /** When a job may be tried again, by a clock that does not jump. */
  readonly #notBefore: Map<number, number> = new Map();
  /** By how much the store's time has followed a clock that did not jump far enough. */
  #drift = 0;
  /** What the store's time is ahead of this one; undefined when that is not known. */
  #ahead: number | undefined;
  #now: () => number;
  /** How often a handler has begun. */
  runs = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A server begins: while none was there, nobody knows what the time of day has done. */
  restarted(): void {
    this.#notBefore.clear();
    this.#ahead = undefined;
  }

  /** A handler begins. */
  begin(id: number): void {
    this.runs++;
    assert(!this.completed.has(id), `job ${id} runs again after it was completed`);
  }

  /** A transaction was committed, at a moment of the store's time. */
  note(batch: readonly Command[], { replies, events }: Applied, time: number): void {
    this.#follow(time - this.#now());
    batch.forEach((command, i) => {
      if (command.kind !== "complete" || replies[i] !== "ok") return;
      const before = this.completed.get(command.id) ?? command.epoch;
      assertEquals(command.epoch, before, `job ${command.id} was completed twice`);
      this.completed.set(command.id, command.epoch);
    });
    for (const { event, id, at, attempt, runAt, error } of events) {
      if (event === "JobRetried") {
        const isLost = runAt === at;
        assert(isLost || runAt! - at === retryDelay(id, attempt!), `job ${id} retried at ${runAt}`);
        this.#notBefore.set(id, this.#steady() + runAt! - at);
      }
      if (event === "JobStarted") {
        const early = (this.#notBefore.get(id) ?? -Infinity) - this.#steady();
        assert(early <= ROUNDED_MS, `job ${id} was started ${early} ms too soon`);
      }
      assert(event !== "JobDead" || error !== undefined, `job ${id} died of nothing`);
    }
  }

  /** The time by which the store waits: nothing in it jumps far. */
  #steady(): number {
    return this.#now() + this.#drift;
  }

  #follow(ahead: number): void {
    const change = ahead - (this.#ahead ?? ahead);
    if (Math.abs(change) <= LARGEST_DRIFT_MS) this.#drift += change;
    this.#ahead = ahead;
  }

  /** Nothing that was promised is missing, and everything is somewhere. */
  check(store: TableStore): void {
    const { queues } = store.view();
    for (const { counts, totals, name } of queues) {
      const there = Object.values(counts).reduce((sum, count) => sum + count, 0);
      assertEquals(there + totals.pruned, totals.enqueued, `the ledger of ${name}`);
      assertEquals(counts.pending + counts.scheduled + counts.running, 0, "something is left");
      assertEquals(totals.completed, counts.completed, "something was completed twice");
    }
    for (const id of this.accepted) {
      const state = store.detail(id)?.job.state;
      assert(state !== undefined, `job ${id} was accepted and is lost`);
      const isKnown = this.completed.has(id);
      assertEquals(state === "completed", isKnown, `job ${id} is ${state}`);
    }
  }
}

/** A store whose every commit is noted. */
export class NotedStore extends TableStore {
  #ledger: QueueLedger;
  #changed: (command: Command) => Command;

  constructor(
    ledger: QueueLedger,
    changed: (command: Command) => Command,
    ...parts: ConstructorParameters<typeof TableStore>
  ) {
    super(...parts);
    this.#ledger = ledger;
    this.#changed = changed;
  }

  override apply(batch: readonly Command[]): Applied {
    const applied = super.apply(batch.map(this.#changed));
    this.#ledger.note(batch, applied, this.now());
    return applied;
  }
}
