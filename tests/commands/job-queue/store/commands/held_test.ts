import { assertEquals } from "../../../../support/assert.ts";
import {
  complete,
  fail,
  heartbeat,
} from "../../../../../commands/job-queue/store/commands/held.ts";
import type {
  FailureKind,
  Held,
  HeldCall,
  Verdict,
} from "../../../../../commands/job-queue/model/command.ts";
import { START } from "../rig.ts";
import { LEASE_MS, TransactionRig } from "../transaction_rig.ts";

function completeIt(rig: TransactionRig, { id, epoch }: Held, result?: string): Verdict {
  return rig.do((tx) => complete(tx, { kind: "complete", id, epoch, result }));
}

function failIt(rig: TransactionRig, { id, epoch }: Held, how: FailureKind, delay?: number) {
  return rig.do((tx) => fail(tx, { kind: "fail", id, epoch, how, error: "no luck", delay }));
}

function beat(rig: TransactionRig, { id, epoch }: Held, news: object = {}): Verdict {
  return rig.do((tx) => heartbeat(tx, { kind: "heartbeat", id, epoch, lease: LEASE_MS, ...news }));
}

function askToCancel(rig: TransactionRig, { id }: Held): void {
  rig.do((tx) => tx.move({ ...rig.job(id), cancelAsked: true }, "running"));
}

function told(rig: TransactionRig): string {
  return rig.events.map(({ event }) => event).join(" ");
}

Deno.test("complete: the job is over, with its result, and it is told who did it and how long", () => {
  const rig = new TransactionRig();
  const claim = rig.start();
  rig.now += 1_500;
  assertEquals(completeIt(rig, claim, "42"), "ok");
  const { state, finishedAt } = rig.job(claim.id);
  assertEquals([state, finishedAt - START, rig.text(claim.id, "result")], ["completed", 1_500, 42]);
  const about = { at: rig.now, id: claim.id, type: "noop", queue: "default", attempt: 1 };
  assertEquals(rig.events, [{ event: "JobCompleted", ...about, worker: "w", took: 1_500 }]);
  assertEquals(rig.books.queue("default").totals.completed, 1);
});

Deno.test("complete: said twice it is done once", () => {
  const rig = new TransactionRig();
  const claim = rig.start();
  assertEquals([completeIt(rig, claim, "1"), completeIt(rig, claim, "2")], ["ok", "ok"]);
  const { totals } = rig.books.queue("default");
  assertEquals([rig.events, totals.completed, totals.late], [[], 1, 0]);
  assertEquals(rig.text(claim.id, "result"), 1);
  assertEquals(completeIt(rig, { id: claim.id, epoch: 0 }), "lost");
});

Deno.test("complete, fail, heartbeat: whoever does not hold the job changes nothing", () => {
  const rig = new TransactionRig();
  const { id } = rig.start();
  const before = rig.job(id);
  const late = { id, epoch: 2 };
  const about = { at: rig.now, id, type: "noop", queue: "default" };
  const said: [HeldCall, () => Verdict][] = [
    ["ack", () => completeIt(rig, late, "1")],
    ["nack", () => failIt(rig, late, "error")],
    ["heartbeat", () => beat(rig, late)],
  ];
  for (const [call, say] of said) {
    assertEquals(say(), "lost");
    assertEquals(rig.events, [{ event: "LateResult", ...about, epoch: 2, call }]);
  }
  assertEquals([rig.job(id), rig.text(id, "result"), rig.failures(id)], [before, undefined, []]);
  assertEquals(rig.books.queue("default").totals.late, 3);
  const nobody = { id: 99, epoch: 1 };
  for (
    const verdict of [completeIt(rig, nobody), failIt(rig, nobody, "error"), beat(rig, nobody)]
  ) {
    assertEquals([verdict, told(rig)], ["unknown", ""]);
  }
});

Deno.test("fail: an error is tried again after the wait of the retries, or as long as is said", () => {
  for (const [delay, wait] of [[undefined, 1_000], [7_000, 7_000]]) {
    const rig = new TransactionRig();
    const claim = rig.start();
    assertEquals(failIt(rig, claim, "error", delay), "ok");
    const { state, attempt, due } = rig.job(claim.id);
    assertEquals([state, attempt, due - START], ["scheduled", 1, wait]);
    assertEquals(told(rig), "JobFailed JobRetried");
  }
});

Deno.test("fail: what is fatal is dead at the first attempt", () => {
  const rig = new TransactionRig();
  const claim = rig.start();
  failIt(rig, claim, "fatal");
  assertEquals([rig.job(claim.id).state, told(rig)], ["dead", "JobFailed JobDead"]);
});

Deno.test("fail: an interruption is no attempt, and its job has its old place", () => {
  const rig = new TransactionRig();
  const claim = rig.start();
  const { rank } = rig.job(claim.id);
  rig.now += 5_000;
  assertEquals(failIt(rig, claim, "interrupted"), "ok");
  const job = rig.job(claim.id);
  assertEquals([job.state, job.attempt, job.epoch, job.rank], ["pending", 0, 1, rank]);
  assertEquals([told(rig), rig.failures(claim.id)], ["", []]);
});

Deno.test("fail: a snooze is no attempt, and comes back when it wants to, or as a retry would", () => {
  for (const [delay, wait] of [[5_000, 5_000], [undefined, 1_000]]) {
    const rig = new TransactionRig();
    const claim = rig.start();
    failIt(rig, claim, "snooze", delay);
    const { state, attempt, due } = rig.job(claim.id);
    assertEquals([state, attempt, due - START], ["scheduled", 0, wait]);
    assertEquals([told(rig), rig.failures(claim.id)], ["", []]);
  }
});

Deno.test("fail: whoever was told to end ends cancelled, in whatever way but by a failure", () => {
  for (const how of ["cancelled", "snooze", "interrupted"] as const) {
    const rig = new TransactionRig();
    const claim = rig.start();
    askToCancel(rig, claim);
    failIt(rig, claim, how);
    assertEquals([rig.job(claim.id).state, told(rig)], ["cancelled", "JobCancelled"], how);
    assertEquals(rig.books.queue("default").totals.failed, 0, how);
  }
  const rig = new TransactionRig();
  const claim = rig.start();
  askToCancel(rig, claim);
  failIt(rig, claim, "error");
  assertEquals([rig.job(claim.id).state, told(rig)], ["cancelled", "JobFailed JobCancelled"]);
  assertEquals(rig.books.queue("default").totals.failed, 1);
});

Deno.test("fail: a worker may say that its job was cancelled, also where nobody asked", () => {
  const rig = new TransactionRig();
  const claim = rig.start();
  failIt(rig, claim, "cancelled");
  assertEquals([rig.job(claim.id).state, rig.failures(claim.id)[0].error], [
    "cancelled",
    "no luck",
  ]);
});

Deno.test("fail: of a long error the beginning is kept and told, with a mark at its end", () => {
  const rig = new TransactionRig();
  const { id, epoch } = rig.start();
  const error = "x".repeat(5_000);
  rig.do((tx) => fail(tx, { kind: "fail", id, epoch, how: "error", error }));
  const kept = "x".repeat(3_999) + "…";
  assertEquals([rig.failures(id)[0].error, rig.events[0].error], [kept, kept]);
});

Deno.test("heartbeat: the lease begins anew, and never becomes shorter", () => {
  const rig = new TransactionRig();
  const claim = rig.start();
  rig.now += 10_000;
  assertEquals(beat(rig, claim), "ok");
  assertEquals(rig.job(claim.id).due, rig.now + LEASE_MS);
  beat(rig, claim, { lease: 1_000 });
  assertEquals(rig.job(claim.id).due, rig.now + LEASE_MS);
  assertEquals(told(rig), "");
});

Deno.test("heartbeat: the lease ends no later than one lease after the job's time", () => {
  const rig = new TransactionRig();
  const claim = rig.start({ timeout: 5_000 });
  rig.now += 20_000;
  beat(rig, claim);
  assertEquals(rig.job(claim.id).due - START, 5_000 + LEASE_MS);
});

Deno.test("heartbeat: a job that is to end is told so, and keeps its lease", () => {
  const rig = new TransactionRig();
  const claim = rig.start();
  askToCancel(rig, claim);
  rig.now += 1_000;
  assertEquals(beat(rig, claim), "cancelled");
  const { state, due } = rig.job(claim.id);
  assertEquals([state, due], ["running", rig.now + LEASE_MS]);
});

Deno.test("heartbeat: progress is the latest, the log grows by its latest hundred short lines", () => {
  const rig = new TransactionRig();
  const claim = rig.start();
  beat(rig, claim, { progress: "0.5", log: ["first", "x".repeat(2_000)] });
  beat(rig, claim, { log: [] });
  assertEquals([rig.text(claim.id, "progress"), rig.text(claim.id, "log")], [
    0.5,
    ["first", "x".repeat(999) + "…"],
  ]);
  beat(rig, claim, { progress: "1", log: Array.from({ length: 99 }, (_, i) => `line ${i}`) });
  const log = rig.text(claim.id, "log") as string[];
  assertEquals([rig.text(claim.id, "progress"), log.length], [1, 100]);
  assertEquals([log[0].length, log[1], log[99]], [1_000, "line 0", "line 98"]);
});

Deno.test("heartbeat: progress that is too long is left out, and the log says so", () => {
  const rig = new TransactionRig();
  const claim = rig.start();
  const [longest, longer] = [4_000, 4_001].map((length) => `"${"x".repeat(length - 2)}"`);
  beat(rig, claim, { progress: longest });
  assertEquals(beat(rig, claim, { progress: longer, log: ["half"] }), "ok");
  assertEquals(rig.table.text(claim.id, "progress"), longest);
  assertEquals(rig.text(claim.id, "log"), ["half", "progress of 4001 characters was left out"]);
});
