import { assertEquals } from "../../../support/assert.ts";
import type { Job } from "../../../../commands/job-queue/model/job.ts";
import { Books } from "../../../../commands/job-queue/store/books.ts";
import { START } from "./rig.ts";
import { SETTINGS, TransactionRig } from "./transaction_rig.ts";

const STEP_MS = 60_000;

/** A job in somebody's hands, changed so. */
function running(rig: TransactionRig, more: Partial<Job> = {}): Job {
  const { id } = rig.start({ maxRetries: 2, priority: 1, expires: STEP_MS });
  rig.do((tx) => tx.move({ ...rig.job(id), ...more }, "running"));
  return rig.job(id);
}

function told(rig: TransactionRig): string {
  return rig.events.map(({ event }) => event).join(" ");
}

Deno.test("transaction: a place in line is that of the time that has passed, whatever the clock did", () => {
  const rig = new TransactionRig();
  rig.books.noteJump(-3_600_000);
  rig.books.noteJump(600_000);
  assertEquals(rig.do((tx) => tx.rank(START, 2)), START + 3_000_000 - 2 * STEP_MS);
});

Deno.test("transaction: a job is held by the number of its claim, while it runs", () => {
  const rig = new TransactionRig();
  const job = running(rig);
  const { id } = job;
  assertEquals(rig.do((tx) => tx.held({ id, epoch: 1 }, "ack")), job);
  assertEquals(rig.events, []);
  assertEquals(rig.do((tx) => tx.held({ id, epoch: 2 }, "ack")), "lost");
  assertEquals(rig.do((tx) => tx.held({ id: 99, epoch: 1 }, "ack")), "unknown");
  rig.do((tx) => tx.finish(rig.job(id), "completed"));
  assertEquals(rig.do((tx) => tx.held({ id, epoch: 1 }, "ack")), "lost");
  const about = { at: START, id, type: "noop", queue: "default" };
  assertEquals(rig.events, [{ event: "LateResult", ...about, epoch: 1, call: "ack" }]);
  assertEquals(new Books(rig.table).queue("default").totals.late, 2); // it is written down
});

Deno.test("transaction: a move is in the row and in the books", () => {
  const rig = new TransactionRig();
  const job = rig.job(rig.add());
  rig.do((tx) => tx.move({ ...job, worker: "ann" }, "running"));
  assertEquals(rig.job(job.id), { ...job, worker: "ann", state: "running" });
  assertEquals(rig.counts(), { running: 1 });
});

Deno.test("transaction: what is given back has its old place; what is made pending a new one", () => {
  const rig = new TransactionRig();
  const job = running(rig, { byClock: true, cancelAsked: true });
  rig.now += 5_000;
  rig.do((tx) => tx.giveBack(rig.job(job.id)));
  const back: Job = { ...job, state: "pending", due: job.expiresAt };
  assertEquals(rig.job(job.id), { ...back, byClock: false, cancelAsked: false });
  rig.do((tx) => tx.makePending(rig.job(job.id)));
  assertEquals([rig.job(job.id).readyAt, rig.job(job.id).rank], [rig.now, rig.now - STEP_MS]);
  rig.do((tx) => tx.makePending(rig.job(job.id), START + 2));
  assertEquals([rig.job(job.id).readyAt, rig.job(job.id).rank], [START + 2, START + 2 - STEP_MS]);
});

Deno.test("transaction: what is postponed waits until then, unless that is past", () => {
  const rig = new TransactionRig();
  const { id } = running(rig);
  rig.now += 10;
  rig.do((tx) => tx.postpone(rig.job(id), rig.now + 1));
  assertEquals([rig.job(id).state, rig.job(id).due], ["scheduled", rig.now + 1]);
  rig.do((tx) => tx.postpone(rig.job(id), rig.now));
  assertEquals([rig.job(id).state, rig.job(id).readyAt], ["pending", rig.now]);
});

Deno.test("transaction: what is over is kept for its time, dead jobs for theirs", () => {
  for (const as of ["completed", "cancelled", "dead"] as const) {
    const rig = new TransactionRig();
    const job = running(rig, { cancelAsked: true });
    rig.now += 10;
    rig.do((tx) => tx.finish(rig.job(job.id), as));
    const due = rig.now + (as === "dead" ? SETTINGS.keepDead : SETTINGS.keep);
    const over = { ...job, state: as, due, finishedAt: rig.now, cancelAsked: false };
    assertEquals(rig.job(job.id), over);
  }
});

Deno.test("transaction: a cancelled job tells and notes why, and who had it where it ran", () => {
  const rig = new TransactionRig();
  const waits = rig.add();
  rig.do((tx) => tx.cancel(rig.job(waits), "expired"));
  const expired = { attempt: 0, worker: "", startedAt: 0, at: START, error: "expired" };
  assertEquals([rig.job(waits).state, rig.failures(waits)], ["cancelled", [expired]]);
  assertEquals(rig.events.map(({ event, error }) => [event, error]), [["JobCancelled", "expired"]]);
  const { id } = running(rig);
  rig.now += 5;
  rig.do((tx) => tx.cancel(rig.job(id), "by hand"));
  const failure = { attempt: 1, worker: "w", startedAt: START, at: rig.now, error: "by hand" };
  assertEquals(rig.failures(id), [failure]);
});

Deno.test("transaction: a failed attempt is noted and told, and the job comes back", () => {
  const rig = new TransactionRig();
  const { id } = running(rig);
  rig.now += 250;
  rig.do((tx) => tx.fail(rig.job(id), "no luck"));
  const about = { at: rig.now, id, type: "noop", queue: "default", attempt: 1 };
  assertEquals(rig.events, [
    { event: "JobFailed", ...about, error: "no luck", worker: "w", took: 250 },
    { event: "JobRetried", ...about, runAt: rig.now + 1_000 },
  ]);
  assertEquals([rig.job(id).state, rig.job(id).due], ["scheduled", rig.now + 1_000]);
  assertEquals(rig.failures(id).map(({ error }) => error), ["no luck"]);
  assertEquals(rig.books.queue("default").totals.failed, 1);
});

Deno.test("transaction: the wait doubles with each attempt, unless another is said", () => {
  const rig = new TransactionRig();
  const { id } = running(rig, { attempt: 2 });
  rig.do((tx) => tx.fail(rig.job(id), "no luck"));
  assertEquals(rig.job(id).due - rig.now, 2_000);
  const other = running(rig, { attempt: 2 });
  rig.do((tx) => tx.fail(rig.job(other.id), "no luck", { delay: 70 }));
  assertEquals(rig.job(other.id).due - rig.now, 70);
});

Deno.test("transaction: a job is dead after its last attempt, or when trying again is of no use", () => {
  for (const [attempt, fatal] of [[3, false], [1, true]] as const) {
    const rig = new TransactionRig();
    const { id } = running(rig, { attempt });
    rig.do((tx) => tx.fail(rig.job(id), "no luck", { fatal }));
    assertEquals([rig.job(id).state, told(rig)], ["dead", "JobFailed JobDead"]);
    assertEquals(rig.events[1].error, "no luck");
  }
});

Deno.test("transaction: one that was to end and fails is cancelled, and noted once", () => {
  const rig = new TransactionRig();
  const { id } = running(rig, { cancelAsked: true });
  rig.do((tx) => tx.fail(rig.job(id), "no luck"));
  assertEquals([rig.job(id).state, told(rig)], ["cancelled", "JobFailed JobCancelled"]);
  assertEquals(rig.failures(id).length, 1);
});

Deno.test("transaction: the latest twenty failures are kept", () => {
  const rig = new TransactionRig();
  const { id } = running(rig);
  for (let attempt = 1; attempt <= 21; attempt++) {
    const job: Job = { ...rig.job(id), attempt, maxRetries: 99, state: "running" };
    rig.do((tx) => tx.fail(job, "no luck"));
  }
  const failures = rig.failures(id);
  assertEquals(failures.map(({ attempt }) => attempt), Array.from({ length: 20 }, (_, i) => i + 2));
});

Deno.test("transaction: what is pruned is gone, and counted", () => {
  const rig = new TransactionRig();
  const { id } = running(rig);
  rig.do((tx) => tx.prune(rig.job(id)));
  assertEquals([rig.table.job(id), rig.text(id, "payload"), rig.counts()], [
    undefined,
    undefined,
    {},
  ]);
  assertEquals(rig.books.queue("default").totals.pruned, 1);
});
