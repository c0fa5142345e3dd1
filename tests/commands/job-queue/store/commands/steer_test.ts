import { assertEquals } from "../../../../support/assert.ts";
import { cancel, retry } from "../../../../../commands/job-queue/store/commands/steer.ts";
import type { Changed, Which } from "../../../../../commands/job-queue/model/command.ts";
import { START } from "../rig.ts";
import { TransactionRig } from "../transaction_rig.ts";

function cancelled(rig: TransactionRig, which: Which): Changed {
  return rig.do((tx) => cancel(tx, which));
}

function retried(rig: TransactionRig, which: Which): Changed {
  return rig.do((tx) => retry(tx, which));
}

/** A job that has ended so, with an attempt behind it. */
function ended(rig: TransactionRig, as: "dead" | "cancelled", more: object = {}): number {
  const { id } = rig.start(more);
  rig.do((tx) => tx.finish(rig.job(id), as));
  return id;
}

Deno.test("cancel: one that waits is over at once", () => {
  const rig = new TransactionRig();
  for (const id of [rig.add(), rig.add({ delay: 1_000 })]) {
    assertEquals(cancelled(rig, { id }), { count: 1, running: [], refused: undefined });
    assertEquals(rig.job(id).state, "cancelled");
    const about = { at: START, id, type: "noop", queue: "default", attempt: 0 };
    assertEquals(rig.events, [{ event: "JobCancelled", ...about, error: "cancelled" }]);
  }
  assertEquals(rig.counts(), { cancelled: 2 });
});

Deno.test("cancel: one that runs is marked, and whoever holds it is named", () => {
  const rig = new TransactionRig();
  const { id, epoch } = rig.start();
  const before = rig.job(id);
  const changed = cancelled(rig, { id });
  assertEquals(changed, { count: 1, running: [{ id, epoch }], refused: undefined });
  assertEquals([rig.job(id), rig.events], [{ ...before, cancelAsked: true }, []]);
});

Deno.test("cancel, retry: what is not there or not in such a state is refused", () => {
  const rig = new TransactionRig();
  const dead = ended(rig, "dead");
  const pending = rig.add();
  const unknown = { count: 0, running: [], refused: "unknown" };
  assertEquals([cancelled(rig, { id: 99 }), retried(rig, { id: 99 })], [unknown, unknown]);
  const state = { count: 0, running: [], refused: "state" };
  assertEquals([cancelled(rig, { id: dead }), retried(rig, { id: pending })], [state, state]);
  assertEquals([rig.events, rig.counts()], [[], { pending: 1, dead: 1 }]);
});

Deno.test("cancel: of many, those of that queue and type that are not over", () => {
  const rig = new TransactionRig();
  ended(rig, "dead");
  const running = rig.start();
  rig.add({ delay: 1_000 });
  rig.add();
  rig.add({ queue: "other" });
  assertEquals(cancelled(rig, { queue: "default", type: "http" }), { count: 0, running: [] });
  assertEquals(cancelled(rig, { queue: "default", type: "noop" }), {
    count: 3,
    running: [{ id: running.id, epoch: running.epoch }],
  });
  assertEquals(rig.counts(), { running: 1, dead: 1, cancelled: 2 });
  assertEquals(cancelled(rig, {}).count, 2); // the one that runs, once more, and the other queue's
});

Deno.test("retry: the job begins anew, with all its attempts, and does not expire", () => {
  const rig = new TransactionRig();
  const id = ended(rig, "dead", { priority: 1, expires: 60_000 });
  const before = rig.job(id);
  rig.now += 200_000;
  assertEquals(retried(rig, { id }), { count: 1, running: [], refused: undefined });
  assertEquals(rig.job(id), {
    ...before,
    ...{ state: "pending", attempt: 0, expiresAt: 0, due: 0, finishedAt: 0 },
    ...{ readyAt: rig.now, rank: rig.now - 60_000 },
  });
  assertEquals(rig.events, [{
    ...{ event: "JobRetried", at: rig.now, id, type: "noop", queue: "default", attempt: 0 },
    runAt: rig.now,
  }]);
});

Deno.test("retry: one whose lane was forgotten gets another, and can be claimed", () => {
  const rig = new TransactionRig();
  const id = ended(rig, "dead", { key: "ann" });
  const { lane } = rig.job(id);
  rig.do((tx) => tx.books.sweep(START + 60_000));
  assertEquals(rig.books.lanes.has(lane), false);
  retried(rig, { id });
  assertEquals(rig.books.lanes.get(rig.job(id).lane)?.pending, 1);
  assertEquals(rig.claim().map((claim) => claim.id), [id]);
});

Deno.test("retry: a cancelled job comes back by its number alone", () => {
  const rig = new TransactionRig();
  const [dead, gone] = [ended(rig, "dead"), ended(rig, "cancelled")];
  assertEquals(retried(rig, {}), { count: 1, running: [] });
  assertEquals([rig.job(dead).state, rig.job(gone).state], ["pending", "cancelled"]);
  assertEquals(retried(rig, { id: gone }).count, 1);
});

Deno.test("retry: no two live jobs get the same unique key", () => {
  const rig = new TransactionRig();
  const [first, second] = [1, 2].map(() => ended(rig, "dead", { uniqueKey: "u" }));
  assertEquals(retried(rig, {}), { count: 1, running: [] });
  assertEquals([rig.job(first).state, rig.job(second).state], ["dead", "pending"]);
  assertEquals(retried(rig, { id: first }), { count: 0, running: [], refused: "duplicate" });
  assertEquals(rig.job(first).attempt, 1);
});

Deno.test("retry: of more than one transaction sees to, the next one goes on where it ended", () => {
  const rig = new TransactionRig({ maxPending: Infinity });
  const all = Array.from(
    { length: 10_002 },
    () => rig.add({ uniqueKey: "u" + rig.table.lastId() }),
  );
  rig.do((tx) => all.forEach((id) => tx.finish(rig.job(id), "dead")));
  rig.add({ uniqueKey: "u10001" }); // the first of them cannot come back
  assertEquals(retried(rig, {}), { count: 9_999, running: [], before: 3 });
  assertEquals(retried(rig, { before: 3 }), { count: 2, running: [] });
  assertEquals(rig.counts(), { pending: 10_002, dead: 1 });
});
