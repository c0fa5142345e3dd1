/** The two stores beside each other: whatever is asked, both answer the same, and no job is lost. */

import fc from "../../../support/fast_check.ts";
import { assertEquals } from "../../../support/assert.ts";
import type { Command } from "../../../../commands/job-queue/model/command.ts";
import { jobSpec } from "../../../../commands/job-queue/model/spec.ts";
import { MemoryTable } from "../../../../commands/job-queue/store/memory_table.ts";
import { openDatabase } from "../../../../commands/job-queue/store/sqlite/open.ts";
import { SqliteTable } from "../../../../commands/job-queue/store/sqlite/sqlite_table.ts";
import { assertBalanced } from "./conformance.ts";
import { StoreRig } from "./rig.ts";

const SETTINGS = { maxPending: 12, keep: 60_000, keepDead: 90_000, keepMax: 5 };
const PAGE = 1_000;

/** Something that happens to a store. */
type Step =
  | { readonly what: "do"; readonly command: Command }
  /** With the latest claim of that number, which may be old by then. */
  | { readonly what: "held"; readonly pick: number; readonly how: string }
  | { readonly what: "pass"; readonly ms: number }
  | { readonly what: "jump"; readonly ms: number }
  | { readonly what: "reopen" };

const queue = fc.constantFrom("a", "b");
const type = fc.constantFrom("noop", "http");
const key = fc.constantFrom("", "ann", "ben");
const id = fc.integer({ min: 1, max: 15 });
const limit = fc.record({
  concurrency: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  rate: fc.option(fc.record({ count: fc.integer({ min: 1, max: 3 }), per: fc.constant(1_000) }), {
    nil: undefined,
  }),
});
const spec = fc.record({
  queue,
  type,
  key,
  priority: fc.integer({ min: -2, max: 2 }),
  maxRetries: fc.integer({ max: 2, min: 0 }),
  delay: fc.constantFrom(0, 0, 500),
  timeout: fc.constantFrom(0, 5_000),
  expires: fc.constantFrom(0, 0, 20_000),
  uniqueKey: fc.constantFrom("", "", "one", "two"),
}).map(({ type, ...more }) => jobSpec(type, more));
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.array(spec, { minLength: 1, maxLength: 3 }).map(enqueue) },
  { weight: 6, arbitrary: fc.tuple(fc.integer({ min: 1, max: 4 }), type, fc.boolean()).map(claim) },
  fc.oneof(id.map((id) => ({ id })), fc.record({ queue })).map((which) => ({
    kind: "cancel" as const,
    which,
  })),
  fc.oneof(id.map((id) => ({ id })), fc.record({ type })).map((which) => ({
    kind: "retry" as const,
    which,
  })),
  fc.tuple(queue, fc.boolean()).map(([queue, paused]) => ({
    kind: "pause" as const,
    queue,
    paused,
  })),
  fc.tuple(queue, limit, limit, limit).map(([name, queue, http, key]) => ({
    kind: "limit" as const,
    queue: name,
    limits: { queue, types: { http }, key },
  })),
  fc.constant({ kind: "recover" as const, worker: "w" }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: command.map((command) => ({ what: "do" as const, command })) },
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constant("held" as const),
      pick: fc.nat(10),
      how: fc.constantFrom("complete", "error", "fatal", "snooze", "interrupted", "heartbeat"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(1, 400, 1_000, 7_000, 31_000, 100_000).map((ms) => ({
      what: "pass" as const,
      ms,
    })),
  },
  fc.constantFrom(-3_600_000, 3_600_000).map((ms) => ({ what: "jump" as const, ms })),
  fc.constant({ what: "reopen" as const }),
);

function enqueue(specs: ReturnType<typeof jobSpec>[]): Command {
  return { kind: "enqueue", specs };
}

function claim([max, type, any]: [number, string, boolean]): Command {
  return { kind: "claim", worker: "w", lease: 30_000, max, types: any ? undefined : [type] };
}

/** What a store has seen, for comparing: replies, events, rows, counters. */
class Course {
  readonly rig: StoreRig;
  readonly #held: { id: number; epoch: number }[] = [];

  constructor(rig: StoreRig) {
    this.rig = rig;
  }

  take(step: Step): unknown {
    const { rig } = this;
    switch (step.what) {
      case "do":
        return this.#do(step.command);
      case "held":
        return this.#with(step.pick, step.how);
      case "pass":
        return rig.pass(step.ms);
      case "jump":
        rig.clock.ofDay += step.ms;
        return rig.pass(0);
      case "reopen":
        return rig.reopen();
    }
  }

  look(): unknown {
    const { rig } = this;
    const jobs = rig.store.list({ limit: PAGE }).map(({ id }) => {
      const { job: { lane: _lane, ...job }, ...texts } = rig.detail(id);
      return { job: { ...job }, ...texts };
    });
    return { jobs, view: rig.store.view(), events: rig.events, due: rig.store.nextDue() };
  }

  #do(command: Command): unknown {
    const reply = this.rig.do(command);
    if (command.kind === "claim") {
      for (const { id, epoch } of reply as { id: number; epoch: number }[]) {
        this.#held.push({ id, epoch });
      }
    }
    return reply;
  }

  #with(pick: number, how: string): unknown {
    const held = this.#held.at(-1 - pick);
    if (held === undefined) return undefined;
    if (how === "complete") return this.#do({ kind: "complete", ...held, result: "1" });
    if (how === "heartbeat") {
      return this.#do({ kind: "heartbeat", ...held, lease: 30_000, log: ["x"] });
    }
    return this.#do({ kind: "fail", ...held, how: how as "error", error: how, delay: undefined });
  }
}

Deno.test("stores: memory and SQLite answer the same, and balance", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const memory = new Course(new StoreRig(new MemoryTable(), SETTINGS));
      const sqlite = new Course(
        new StoreRig(new SqliteTable(openDatabase(":memory:", "normal")), SETTINGS),
      );
      try {
        for (const step of steps) {
          assertEquals(sqlite.take(step), memory.take(step), JSON.stringify(step));
          assertEquals(sqlite.look(), memory.look(), JSON.stringify(step));
        }
        assertBalanced(memory.rig);
        assertBalanced(sqlite.rig);
      } finally {
        sqlite.rig.store.close();
      }
    }),
    { numRuns: 150 },
  );
});
