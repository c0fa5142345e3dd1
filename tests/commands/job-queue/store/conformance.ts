/** What every store has to do, whatever it keeps its jobs in. */

import { assert, assertEquals } from "../../../support/assert.ts";
import { jobSpec } from "../../../../commands/job-queue/model/spec.ts";
import type { JobTable } from "../../../../commands/job-queue/store/table.ts";
import type { StoreSettings } from "../../../../commands/job-queue/store/transaction.ts";
import { StoreRig } from "./rig.ts";

const LEASE_MS = 30_000;
/** Without jitter. */
const EXACT = { retries: { first: 1_000, cap: 600_000, jitter: 0 } };

/** Runs the suite over tables that `open` makes. */
export function conformance(name: string, open: () => JobTable): void {
  const test = (
    what: string,
    body: (rig: StoreRig) => void,
    settings: Partial<StoreSettings> = EXACT,
  ) =>
    Deno.test(`${name}: ${what}`, () => {
      const rig = new StoreRig(open(), settings);
      try {
        body(rig);
        assertBalanced(rig);
      } finally {
        rig.store.close();
      }
    });

  test("a job is claimed once, in the order of coming, and completed", (rig) => {
    const ids = [rig.add({ payload: '{"n":1}' }), rig.add()];
    const claims = rig.claim(5);
    assertEquals(claims.map(({ id }) => id), ids);
    assertEquals(claims[0].payload, '{"n":1}');
    assertEquals([claims[0].attempt, claims[0].epoch], [1, 1]);
    assertEquals(rig.claim(5), []);
    const { id, epoch } = claims[0];
    assertEquals(rig.do<"complete">({ kind: "complete", id, epoch, result: "42" }), "ok");
    const { job, result } = rig.detail(id);
    assertEquals([job.state, result], ["completed", "42"]);
  });

  test("many are claimed in one go, each once", (rig) => {
    const specs = Array.from({ length: 100 }, () => jobSpec("noop"));
    const enqueued = rig.do<"enqueue">({ kind: "enqueue", specs });
    const claimed = [...rig.claim(60), ...rig.claim(60)].map(({ id }) => id);
    assertEquals(claimed, enqueued.map(({ id }) => id!));
  });

  test("a step of priority overtakes a minute of waiting, and no more", (rig) => {
    const early = rig.add();
    rig.clock.pass(59_000);
    const urgent = rig.add({ priority: 1 });
    assertEquals(rig.claim(2).map(({ id }) => id), [urgent, early]);
    const patient = rig.add();
    rig.clock.pass(61_000);
    const late = rig.add({ priority: 1 });
    assertEquals(rig.claim(2).map(({ id }) => id), [patient, late]);
  });

  test("a delayed job can be claimed from its time on", (rig) => {
    const id = rig.add({ delay: 5_000 });
    assertEquals(rig.state(id), "scheduled");
    rig.pass(4_999);
    assertEquals(rig.claim(), []);
    assertEquals(rig.store.nextDue(), rig.store.now() + 1);
    rig.pass(1);
    assertEquals(rig.claim().map((claim) => claim.id), [id]);
  });

  test("a failed job is tried again after 1, 2 and 4 seconds, then it is dead", (rig) => {
    const id = rig.add();
    for (const wait of [1_000, 2_000, 4_000]) {
      rig.fail(rig.claimOne());
      assertEquals(rig.detail(id).job.due, rig.store.now() + wait);
      rig.pass(wait - 1);
      assertEquals(rig.claim(), []);
      rig.pass(1);
    }
    rig.fail(rig.claimOne(), "for good");
    const { job, failures } = rig.detail(id);
    assertEquals([job.state, job.attempt], ["dead", 4]);
    assertEquals(failures.map(({ attempt }) => attempt), [1, 2, 3, 4]);
    assertEquals(failures.at(-1)?.error, "for good");
  });

  test("a fatal error is not tried again; a dead job can be, with all its attempts", (rig) => {
    const id = rig.add();
    const claim = rig.claimOne();
    rig.do<"fail">({ kind: "fail", ...claim, how: "fatal", error: "no such file" });
    assertEquals(rig.state(id), "dead");
    assertEquals(rig.do<"retry">({ kind: "retry", which: {} }).count, 1);
    const again = rig.claimOne();
    assertEquals([again.id, again.attempt, again.epoch], [id, 1, 2]);
    assertEquals(rig.detail(id).failures.length, 1);
  });

  test("a snooze and an interruption use up no attempt; the latter keeps its place", (rig) => {
    const first = rig.add();
    rig.add();
    const claim = rig.claimOne();
    rig.do<"fail">({ kind: "fail", ...claim, how: "interrupted", error: "shutting down" });
    const again = rig.claimOne();
    assertEquals([again.id, again.attempt, again.epoch], [first, 1, 2]);
    rig.do<"fail">({ kind: "fail", ...again, how: "snooze", error: "", delay: 7_000 });
    assertEquals(rig.detail(first).job.due, rig.store.now() + 7_000);
    rig.pass(7_000);
    assertEquals(rig.claim(2).find(({ id }) => id === first)?.attempt, 1);
  });

  test("who has lost the lease can do nothing to the job any more, and that is told", (rig) => {
    const id = rig.add({ maxRetries: 5 });
    const old = rig.claimOne();
    rig.pass(LEASE_MS);
    const fresh = rig.claimOne();
    assertEquals([fresh.id, fresh.epoch, fresh.attempt], [id, 2, 2]);
    assertEquals(rig.do<"complete">({ kind: "complete", ...old }), "lost");
    assertEquals(rig.events.map(({ event }) => event), ["LateResult"]);
    assertEquals(rig.do<"fail">({ kind: "fail", ...old, how: "error", error: "" }), "lost");
    assertEquals(rig.do<"heartbeat">({ kind: "heartbeat", ...old, lease: LEASE_MS }), "lost");
    assertEquals(rig.state(id), "running");
    assertEquals(rig.do<"complete">({ kind: "complete", ...fresh }), "ok");
    assertEquals(rig.do<"complete">({ kind: "complete", ...fresh }), "ok"); // the answer was lost
    assertEquals(rig.do<"complete">({ kind: "complete", ...old }), "lost");
    assertEquals(rig.do<"complete">({ kind: "complete", id: 999, epoch: 1 }), "unknown");
    assertEquals(rig.store.view().queues[0].totals.late, 4);
  });

  test("a heartbeat renews the lease, with progress and lines of log", (rig) => {
    const id = rig.add();
    const claim = rig.claimOne();
    rig.pass(LEASE_MS - 1);
    const log = ["half", "way"];
    const beat = { kind: "heartbeat", ...claim, lease: LEASE_MS, progress: "0.5", log } as const;
    assertEquals(rig.do<"heartbeat">(beat), "ok");
    rig.pass(LEASE_MS - 1);
    assertEquals(rig.state(id), "running");
    assertEquals([rig.detail(id).progress, rig.detail(id).log], ["0.5", log]);
    rig.pass(1);
    assertEquals(rig.state(id), "pending");
  });

  test("no heartbeat helps an attempt that has had its time", (rig) => {
    const id = rig.add({ timeout: 40_000 });
    const claim = rig.claimOne();
    for (let passed = 0; passed < 80_000; passed += 10_000) {
      rig.pass(10_000);
      rig.do<"heartbeat">({ kind: "heartbeat", ...claim, lease: LEASE_MS });
    }
    assertEquals(rig.state(id), "pending");
    assert(rig.detail(id).failures[0].error.includes("took longer than its 40000 ms"));
  });

  test("leases stand still while nobody looks, and when the clock jumps", (rig) => {
    const id = rig.add();
    const claim = rig.claimOne();
    rig.clock.pass(LEASE_MS * 3);
    rig.do<"tick">({ kind: "tick", unseen: LEASE_MS * 3 });
    assertEquals(rig.state(id), "running");
    rig.clock.ofDay += 3_600_000;
    rig.pass(0);
    assertEquals(rig.state(id), "running");
    rig.clock.ofDay -= 7_200_000;
    rig.pass(LEASE_MS - 1);
    assertEquals(rig.state(id), "running");
    rig.pass(1);
    assertEquals(rig.state(id), "pending");
    assertEquals(claim.id, id);
  });

  test("who waits a while waits as long when the clock jumps; a time of day is kept", (rig) => {
    const delayed = rig.add({ delay: 60_000 });
    const timed = rig.add({ runAt: rig.store.now() + 60_000 });
    rig.clock.ofDay += 3_600_000;
    rig.pass(0);
    rig.pass(0); // the first look finds out
    assertEquals([rig.state(delayed), rig.state(timed)], ["scheduled", "pending"]);
    rig.clock.ofDay -= 7_200_000;
    rig.pass(60_000);
    assertEquals(rig.state(delayed), "pending");
  });

  test("who was first is first, also when the clock was set back meanwhile", (rig) => {
    const running = rig.add();
    const claim = rig.claimOne();
    const first = rig.add();
    rig.clock.ofDay -= 3_600_000;
    rig.pass(10);
    const second = rig.add();
    rig.do<"fail">({ kind: "fail", ...claim, how: "interrupted", error: "" });
    assertEquals(rig.claim(3).map(({ id }) => id), [running, first, second]);
  });

  test("a worker that begins anew has held nothing; what it held can be claimed at once", (rig) => {
    const ids = [rig.add(), rig.add()];
    rig.claim(1, { worker: "a" });
    rig.claim(1, { worker: "b" });
    assertEquals(rig.do<"recover">({ kind: "recover", worker: "a" }), 1);
    assertEquals(ids.map((id) => rig.state(id)), ["pending", "running"]);
    assertEquals(rig.claimOne().attempt, 2);
  });

  test("a job that did not start in time never does", (rig) => {
    const id = rig.add({ delay: 1_000, expires: 5_000 });
    rig.pass(1_000);
    assertEquals(rig.state(id), "pending");
    rig.pass(5_000);
    assertEquals(rig.state(id), "cancelled");
  });

  test("a unique key is free again when its job is over", (rig) => {
    const id = rig.add({ uniqueKey: "k" });
    const enqueue = () =>
      rig.do<"enqueue">({ kind: "enqueue", specs: [jobSpec("noop", { uniqueKey: "k" })] })[0];
    assertEquals(enqueue(), { refused: "duplicate", id });
    const claim = rig.claimOne();
    assertEquals(enqueue(), { refused: "duplicate", id });
    rig.do<"fail">({ kind: "fail", ...claim, how: "fatal", error: "" });
    const second = enqueue().id!;
    assert(second > id);
    assertEquals(rig.do<"retry">({ kind: "retry", which: { id } }).refused, "duplicate");
  });

  test("a full queue takes nothing; another one does", (rig) => {
    const specs = Array.from({ length: 3 }, () => jobSpec("noop"));
    const enqueued = rig.do<"enqueue">({ kind: "enqueue", specs });
    assertEquals(enqueued.map(({ refused }) => refused), [undefined, undefined, "full"]);
    assert(rig.add({ queue: "other" }) > 0);
  }, { maxPending: 2 });

  test("one that waits is cancelled at once, one that runs when its worker sees it", (rig) => {
    const [running, waiting] = [rig.add(), rig.add()];
    const claim = rig.claimOne();
    assertEquals(rig.do<"cancel">({ kind: "cancel", which: { id: waiting } }).count, 1);
    assertEquals(rig.state(waiting), "cancelled");
    const { running: told } = rig.do<"cancel">({ kind: "cancel", which: { id: running } });
    assertEquals(told, [{ id: running, epoch: 1 }]);
    const beat = { kind: "heartbeat", ...claim, lease: LEASE_MS } as const;
    assertEquals(rig.do<"heartbeat">(beat), "cancelled");
    rig.do<"fail">({ kind: "fail", ...claim, how: "error", error: "aborted" });
    assertEquals(rig.state(running), "cancelled");
    const again = rig.do<"cancel">({ kind: "cancel", which: { id: running } });
    assertEquals([again.count, again.refused], [0, "state"]);
  });

  test("a queue that is paused gives nothing until it is resumed", (rig) => {
    rig.add();
    rig.do<"pause">({ kind: "pause", queue: "default", paused: true });
    rig.reopen();
    assertEquals(rig.claim(), []);
    rig.do<"pause">({ kind: "pause", queue: "default", paused: false });
    assertEquals(rig.claim().length, 1);
  });

  test("what is over can be looked at for a while", (rig) => {
    const id = rig.add();
    rig.do<"complete">({ kind: "complete", ...rig.claimOne() });
    rig.pass(999);
    assertEquals(rig.state(id), "completed");
    rig.pass(1);
    assertEquals(rig.state(id), "gone");
    assertEquals(rig.store.view().queues[0].totals.pruned, 1);
    assert(rig.add() > id);
  }, { keep: 1_000 });

  test("of what is over only so many are kept, the youngest", (rig) => {
    const ids = [rig.add(), rig.add(), rig.add()];
    for (const claim of rig.claim(3)) rig.do<"complete">({ kind: "complete", ...claim });
    rig.pass(0);
    assertEquals(ids.map((id) => rig.state(id)), ["gone", "completed", "completed"]);
  }, { keepMax: 2 });

  test("far too much of what is over is due to be pruned at once", (rig) => {
    const specs = Array(1_002).fill(jobSpec("noop"));
    rig.do<"enqueue">({ kind: "enqueue", specs });
    const claims = rig.claim(1_002);
    const due = () => rig.store.nextDue() <= rig.store.now();
    for (const claim of claims) {
      assertEquals(due(), false);
      rig.do<"complete">({ kind: "complete", ...claim });
    }
    assertEquals(due(), true);
    rig.pass(0);
    assertEquals([rig.store.view().queues[0].counts.completed, due()], [2, false]);
  }, { keepMax: 2 });

  test("what has waited longest is what could be started first, not what was made first", (rig) => {
    rig.add({ delay: 4_000 });
    rig.pass(1_000);
    rig.add({ key: "ann" });
    rig.pass(4_000);
    assertEquals(rig.store.view().oldestPendingMs, 4_000);
    rig.claimOne();
    rig.pass(100);
    assertEquals(rig.store.view().oldestPendingMs, 1_100);
  });

  test("everything is found again when the store is opened again", (rig) => {
    rig.add({ key: "a" });
    rig.add({ delay: 1_000 });
    rig.claimOne();
    const before = rig.store.view();
    rig.reopen();
    assertEquals(rig.store.view(), before);
    rig.pass(1_000);
    assertEquals(rig.claim(5).length, 1);
  });

  test("jobs are listed by what they are, the youngest first, page by page", (rig) => {
    const ids = [rig.add(), rig.add({ type: "delay" }), rig.add(), rig.add({ queue: "q" })];
    const listed = (filter: object) => rig.store.list({ limit: 10, ...filter }).map(({ id }) => id);
    assertEquals(listed({}), ids.toReversed());
    assertEquals(listed({ type: "noop", queue: "default" }), [ids[2], ids[0]]);
    assertEquals(listed({ state: "pending", before: ids[2], limit: 1 }), [ids[1]]);
    assertEquals(listed({ state: "dead" }), []);
  });
}

/** Every job that ever was is somewhere. */
export function assertBalanced(rig: StoreRig): void {
  for (const { name, counts, totals } of rig.store.view().queues) {
    const there = Object.values(counts).reduce((sum, count) => sum + count, 0);
    assertEquals(there + totals.pruned, totals.enqueued, `the ledger of ${name}`);
    for (const [state, count] of Object.entries(counts)) {
      const rows = rig.store.list({ state: state as "pending", queue: name, limit: 1_000 });
      assertEquals(rows.length, count, `${state} in ${name}`);
    }
  }
}
