import { assertEquals } from "../../../../support/assert.ts";
import { jobSpec } from "../../../../../commands/job-queue/model/spec.ts";
import { recover, tick } from "../../../../../commands/job-queue/store/commands/due.ts";
import { enqueue } from "../../../../../commands/job-queue/store/commands/enqueue.ts";
import { START } from "../rig.ts";
import { LEASE_MS, TransactionRig } from "../transaction_rig.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const EVERY_MINUTE = {
  ...{ name: "minutely", cron: "* * * * *", timezone: "UTC" },
  spec: jobSpec("noop", { queue: "cron" }),
};

/** Lets so much time pass, and what is due by then happen. */
function pass(rig: TransactionRig, milliseconds: number, unseen = 0): void {
  rig.now += milliseconds;
  rig.do((tx) => tick(tx, unseen));
}

function told(rig: TransactionRig): string {
  return rig.events.map(({ event }) => event).join(" ");
}

Deno.test("tick: a scheduled job can start from its time on, and has the place of that time", () => {
  const rig = new TransactionRig();
  const id = rig.add({ delay: 5_000, expires: 60_000 });
  pass(rig, 4_999);
  assertEquals(rig.job(id).state, "scheduled");
  pass(rig, 3);
  const { state, readyAt, rank, due } = rig.job(id);
  assertEquals([state, readyAt, rank], ["pending", START + 5_000, START + 5_000]);
  assertEquals([due, rig.events], [START + 65_000, []]);
});

Deno.test("tick: what nobody needs any more never starts", () => {
  const rig = new TransactionRig();
  const waits = rig.add({ delay: 1_000, expires: 1_000 });
  const pending = rig.add({ expires: 2_000 });
  pass(rig, 2_000);
  assertEquals([rig.job(waits).state, rig.job(pending).state], ["cancelled", "cancelled"]);
  assertEquals(rig.events.map(({ id, error }) => [id, error]), [
    [waits, "expired"],
    [pending, "expired before it could be started"],
  ]);
});

Deno.test("tick: the job of a silent worker is tried again at once", () => {
  const rig = new TransactionRig();
  const { id } = rig.start();
  pass(rig, LEASE_MS - 1);
  assertEquals(rig.job(id).state, "running");
  pass(rig, 1);
  const { state, readyAt, attempt } = rig.job(id);
  assertEquals([state, readyAt, attempt], ["pending", rig.now, 1]);
  assertEquals(told(rig), "JobFailed JobRetried");
  const error = "its worker w was silent for longer than its lease";
  const failure = { attempt: 1, worker: "w", startedAt: START, at: rig.now, error };
  assertEquals(rig.failures(id), [failure]);
});

Deno.test("tick: an attempt that is over its time is told apart from a silent worker", () => {
  for (const [timeout, words] of [[LEASE_MS - 1, "took longer than"], [LEASE_MS, "was silent"]]) {
    const rig = new TransactionRig();
    const { id } = rig.start({ timeout: timeout as number });
    pass(rig, LEASE_MS);
    assertEquals(rig.failures(id)[0].error.includes(words as string), true, String(timeout));
  }
});

Deno.test("tick: leases last longer by what nobody could have looked; waits do not", () => {
  const rig = new TransactionRig();
  const { id } = rig.start();
  const waiting = rig.add({ delay: 10_000 });
  pass(rig, LEASE_MS, LEASE_MS - 1);
  assertEquals([rig.job(id).state, rig.job(waiting).state], ["running", "pending"]);
  pass(rig, LEASE_MS - 1);
  assertEquals(rig.job(id).state, "pending");
});

Deno.test("tick: what is over is forgotten, dead jobs later than others", () => {
  const rig = new TransactionRig();
  const ids = (["completed", "cancelled", "dead"] as const).map((state) => {
    const { id } = rig.start();
    rig.do((tx) => tx.finish(rig.job(id), state));
    return id;
  });
  const left = () => ids.filter((id) => rig.table.job(id) !== undefined);
  pass(rig, 60_000 - 1);
  assertEquals(left(), ids);
  pass(rig, 1);
  assertEquals(left(), [ids[2]]);
  pass(rig, 30_000);
  assertEquals([left(), rig.books.forgotten.pruned, rig.books.queues.size], [[], 3, 0]);
});

Deno.test("tick: a thousand at once, the rest with the next", () => {
  const rig = new TransactionRig({ maxPending: 2_000 });
  const specs = Array.from({ length: 1_001 }, () => jobSpec("noop", { delay: 1 }));
  rig.do((tx) => enqueue(tx, specs));
  pass(rig, 1);
  assertEquals(rig.counts(), { scheduled: 1, pending: 1_000 });
  pass(rig, 0);
  assertEquals(rig.counts(), { pending: 1_001 });
});

Deno.test("tick: of what is over so many are kept of all queues, those that came last", () => {
  const rig = new TransactionRig({ keepMax: 2 });
  for (const queue of ["a", "b", "a"]) {
    for (const state of ["completed", "cancelled", "dead"] as const) {
      const { id } = rig.start({ queue });
      rig.do((tx) => tx.finish(rig.job(id), state));
    }
  }
  pass(rig, 0);
  const kept = rig.table.list({ limit: 100 }).map(({ id, state }) => `${id} ${state}`);
  const dead = ["9 dead", "6 dead", "3 dead"];
  const others = ["8 cancelled", "7 completed", "5 cancelled", "4 completed"];
  assertEquals(kept.toSorted(), [...dead, ...others].toSorted());
});

Deno.test("tick: a schedule makes its job at its time, once for all it has missed", () => {
  const rig = new TransactionRig();
  rig.books.setSchedule({ ...EVERY_MINUTE, next: START + MINUTE_MS });
  const next = () => rig.books.schedules.get("minutely")!.next - START;
  pass(rig, MINUTE_MS - 1);
  assertEquals([rig.counts("cron"), next()], [{}, MINUTE_MS]);
  pass(rig, 1);
  assertEquals([rig.counts("cron"), next()], [{ pending: 1 }, 2 * MINUTE_MS]);
  assertEquals(told(rig), "JobEnqueued");
  pass(rig, 10 * MINUTE_MS + 1);
  assertEquals([rig.counts("cron"), next()], [{ pending: 2 }, 12 * MINUTE_MS]);
});

Deno.test("tick: a schedule whose last time is over makes nothing more", () => {
  const rig = new TransactionRig();
  rig.books.setSchedule({ ...EVERY_MINUTE, next: 0 });
  pass(rig, DAY_MS);
  assertEquals(rig.counts("cron"), {});
});

Deno.test("tick: a key whose rest is over stands in line again", () => {
  const rig = new TransactionRig();
  rig.limit({ key: { rate: { count: 1, per: 1_000 } } });
  for (let i = 0; i < 2; i++) rig.add();
  rig.claim({ max: 2 });
  const { turns } = rig.books.queue("default");
  pass(rig, 999);
  assertEquals(turns.size, 0);
  pass(rig, 1);
  assertEquals(turns.size, 1);
});

Deno.test("tick: types that nobody has announced for a day are forgotten, and so are empty lanes", () => {
  const rig = new TransactionRig();
  rig.books.announce(["resize"], START);
  rig.do((tx) => tx.cancel(rig.job(rig.add()), "cancelled"));
  pass(rig, DAY_MS);
  assertEquals([rig.books.announced.size, rig.books.lanes.size], [1, 0]);
  pass(rig, 1);
  assertEquals(rig.books.announced.size, 0);
});

Deno.test("recover: what that worker held has failed, and can be claimed at once", () => {
  const rig = new TransactionRig();
  const own = rig.start();
  rig.add();
  const [other] = rig.claim({ worker: "other" });
  rig.now += 5;
  assertEquals(rig.do((tx) => recover(tx, "w")), 1);
  assertEquals([rig.job(own.id).state, rig.job(other.id).state], ["pending", "running"]);
  assertEquals(rig.failures(own.id)[0].error, "its worker ended in the middle of it");
  assertEquals(rig.job(own.id).readyAt, rig.now);
  assertEquals(rig.do((tx) => recover(tx, "w")), 0);
});
