/** Shares and limits: what every store has to do for those who share it. */

import { assert, assertEquals } from "../../../support/assert.ts";
import { type JobSpec, jobSpec } from "../../../../commands/job-queue/model/spec.ts";
import { NO_LIMITS, type QueueLimits } from "../../../../commands/job-queue/model/limits.ts";
import type { JobTable } from "../../../../commands/job-queue/store/table.ts";
import { assertBalanced } from "./conformance.ts";
import { StoreRig } from "./rig.ts";

export function fairness(name: string, open: () => JobTable): void {
  const test = (what: string, body: (rig: StoreRig) => void) =>
    Deno.test(`${name}: ${what}`, () => {
      const rig = new StoreRig(open());
      try {
        body(rig);
        assertBalanced(rig);
      } finally {
        rig.store.close();
      }
    });

  test("whoever has much to do waits for those who have little", (rig) => {
    addMany(rig, 50, { key: "big" });
    rig.claim(10);
    addMany(rig, 3, { key: "small" });
    const keys = rig.claim(6).map(({ key }) => key);
    assertEquals(keys.filter((key) => key === "small").length, 3);
  });

  test("each key gets as much as each other", (rig) => {
    for (const key of ["a", "b", "c"]) addMany(rig, 20, { key });
    const counts = new Map<string, number>();
    for (let i = 0; i < 10; i++) {
      for (const { key } of rig.claim(3)) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    assertEquals([...counts.values()], [10, 10, 10]);
  });

  test("queues take turns", (rig) => {
    for (const queue of ["a", "b"]) addMany(rig, 5, { queue });
    const queues = Array.from({ length: 6 }, () => rig.claimOne().queue);
    assertEquals(queues, ["a", "b", "a", "b", "a", "b"]);
    assertEquals(rig.claim(9, { queues: ["b"] }).map(({ queue }) => queue), ["b", "b"]);
  });

  test("a queue runs no more at once than it may", (rig) => {
    limit(rig, { queue: { concurrency: 2 } });
    addMany(rig, 4);
    const [claim] = rig.claim(9);
    assertEquals(rig.claim(9), []);
    rig.do<"complete">({ kind: "complete", ...claim });
    assertEquals(rig.claim(9).length, 1);
  });

  test("a key runs no more at once than it may, and holds up nobody else", (rig) => {
    limit(rig, { key: { concurrency: 1 } });
    addMany(rig, 3, { key: "a" });
    addMany(rig, 3, { key: "b" });
    const [a, b] = rig.claim(9);
    assertEquals([a.key, b.key], ["a", "b"]);
    assertEquals(rig.claim(9), []);
    rig.do<"complete">({ kind: "complete", ...b });
    assertEquals(rig.claim(9).map(({ key }) => key), ["b"]);
  });

  test("a type that has reached its limit starves no other, not even of its own key", (rig) => {
    limit(rig, { types: { http: { concurrency: 1 } } });
    addMany(rig, 5, { type: "http" });
    addMany(rig, 2);
    assertEquals(rig.claim(9).map(({ type }) => type).sort(), ["http", "noop", "noop"]);
    assertEquals(rig.claim(9), []);
  });

  test("a worker gets the types it knows only", (rig) => {
    addMany(rig, 3, { type: "http" });
    const id = rig.add();
    assertEquals(rig.claim(9, { types: ["noop"] }).map((claim) => claim.id), [id]);
  });

  test("a rate lets so many begin at once, then one at a time", (rig) => {
    limit(rig, { queue: { rate: { count: 2, per: 1_000 } } });
    addMany(rig, 5);
    assertEquals(rig.claim(9).length, 2);
    assertEquals(rig.store.nextDue(), rig.store.now() + 500);
    rig.pass(499);
    assertEquals(rig.claim(9).length, 0);
    rig.pass(1);
    assertEquals(rig.claim(9).length, 1);
    rig.pass(2_000);
    assertEquals(rig.claim(9).length, 2);
  });

  test("a key that has to rest holds up nobody, and is woken", (rig) => {
    limit(rig, { key: { rate: { count: 1, per: 10_000 } } });
    addMany(rig, 2, { key: "a" });
    addMany(rig, 1, { key: "b" });
    assertEquals(rig.claim(9).map(({ key }) => key), ["a", "b"]);
    rig.reopen();
    assertEquals(rig.claim(9), []);
    assert(rig.store.nextDue() <= rig.store.now() + 10_000);
    rig.pass(10_000);
    assertEquals(rig.claim(9).map(({ key }) => key), ["a"]);
  });

  test("limits hold across a restart, and can be lifted", (rig) => {
    limit(rig, { queue: { concurrency: 1 } });
    addMany(rig, 3);
    rig.claim(9);
    rig.reopen();
    assertEquals(rig.claim(9), []);
    limit(rig, {});
    assertEquals(rig.claim(9).length, 2);
  });
}

function addMany(rig: StoreRig, count: number, { type = "noop", ...more }: Partial<JobSpec> = {}) {
  const specs = Array.from({ length: count }, () => jobSpec(type, more));
  rig.do<"enqueue">({ kind: "enqueue", specs });
}

function limit(rig: StoreRig, limits: Partial<QueueLimits>): void {
  rig.do<"limit">({ kind: "limit", queue: "default", limits: { ...NO_LIMITS, ...limits } });
}
