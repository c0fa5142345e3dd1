import type { Clock } from "wakeful/runtime";
import type {
  Claim,
  Claiming,
  Command,
  CommandKind,
  JobEvent,
  Reply,
} from "../../../../commands/job-queue/model/command.ts";
import type { JobDetail } from "../../../../commands/job-queue/model/job.ts";
import { type JobSpec, jobSpec } from "../../../../commands/job-queue/model/spec.ts";
import type { JobTable } from "../../../../commands/job-queue/store/table.ts";
import { TableStore } from "../../../../commands/job-queue/store/table_store.ts";
import type { StoreSettings } from "../../../../commands/job-queue/store/transaction.ts";

/** The first moment of 2025. */
export const START = 1_735_689_600_000;

/** A clock with two hands, which the test moves. */
export class TwoClocks implements Clock {
  steady = 0;
  ofDay = START;

  now(): number {
    return this.steady;
  }

  wall(): number {
    return this.ofDay;
  }

  pass(milliseconds: number): void {
    this.steady += milliseconds;
    this.ofDay += milliseconds;
  }
}

/** A store with its clock in the test's hands; each call is a transaction. */
export class StoreRig {
  readonly clock: TwoClocks = new TwoClocks();
  readonly table: JobTable;
  store: TableStore;
  /** What the last command told. */
  events: readonly JobEvent[] = [];
  #settings: Partial<StoreSettings>;

  constructor(table: JobTable, settings: Partial<StoreSettings> = {}) {
    this.table = table;
    this.#settings = settings;
    this.store = new TableStore(table, this.clock, settings);
  }

  /** Forgets what is in mind; what is written down stays. */
  reopen(): void {
    this.store = new TableStore(this.table, this.clock, this.#settings);
  }

  do<K extends CommandKind>(command: Extract<Command, { kind: K }>): Reply<K> {
    const { replies, events } = this.store.apply([command]);
    this.events = events;
    return replies[0] as Reply<K>;
  }

  /** Takes in one job, and answers its number. */
  add(more: Partial<JobSpec> = {}): number {
    const [enqueued] = this.do<"enqueue">({ kind: "enqueue", specs: [jobSpec("noop", more)] });
    return enqueued.id!;
  }

  claim(max = 1, more: Partial<Claiming> = {}): readonly Claim[] {
    return this.do<"claim">({ kind: "claim", worker: "w", lease: 30_000, max, ...more });
  }

  claimOne(): Claim {
    const [claim] = this.claim();
    if (claim === undefined) throw new Error("nothing to claim");
    return claim;
  }

  fail({ id, epoch }: Claim, error = "no luck"): void {
    this.do<"fail">({ kind: "fail", id, epoch, how: "error", error });
  }

  /** Lets time pass, and what is due happen. */
  pass(milliseconds: number): void {
    this.clock.pass(milliseconds);
    this.do<"tick">({ kind: "tick", unseen: 0 });
  }

  detail(id: number): JobDetail {
    return this.store.detail(id)!;
  }

  state(id: number): string {
    return this.store.detail(id)?.job.state ?? "gone";
  }
}
