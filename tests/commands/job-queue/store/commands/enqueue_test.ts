import { assertEquals } from "../../../../support/assert.ts";
import { jobSpec } from "../../../../../commands/job-queue/model/spec.ts";
import { enqueue } from "../../../../../commands/job-queue/store/commands/enqueue.ts";
import { START } from "../rig.ts";
import { TransactionRig } from "../transaction_rig.ts";

const MINUTE_MS = 60_000;

Deno.test("enqueue: a job is a row, and waits in its lane", () => {
  const rig = new TransactionRig();
  const more = { key: "ann", priority: 2, maxRetries: 5, timeout: 7_000, uniqueKey: "u" };
  const spec = jobSpec("resize", { ...more, payload: '{"n":1}' });
  assertEquals(rig.do((tx) => enqueue(tx, [spec])), [{ id: 1 }]);
  assertEquals(rig.job(1), {
    ...{ id: 1, queue: "default", type: "resize", ...more },
    ...{ expiresAt: 0, createdAt: START, lane: 1, state: "pending" },
    ...{ rank: START - 2 * MINUTE_MS, due: 0, epoch: 0, attempt: 0, worker: "" },
    ...{ byClock: false, cancelAsked: false, readyAt: START, startedAt: 0, finishedAt: 0 },
  });
  assertEquals(rig.text(1, "payload"), { n: 1 });
  const { totals, turns } = rig.books.queue("default");
  assertEquals([totals.enqueued, [...turns].map(({ key }) => key)], [1, ["ann"]]);
  const about = { at: START, id: 1, type: "resize", queue: "default", attempt: 0 };
  assertEquals(rig.events, [{ event: "JobEnqueued", ...about }]);
});

Deno.test("enqueue: one that is delayed is due then, and keeps its moment to expire", () => {
  const rig = new TransactionRig();
  const { state, due, readyAt, rank, expiresAt, byClock } = rig.job(
    rig.add({ delay: 5_000, expires: 2_000 }),
  );
  assertEquals([state, due, readyAt, rank], ["scheduled", START + 5_000, due, due]);
  assertEquals([expiresAt, byClock], [START + 7_000, false]);
});

Deno.test("enqueue: one that can start at once is due when it expires", () => {
  const rig = new TransactionRig();
  const { state, due, expiresAt } = rig.job(rig.add({ expires: 2_000 }));
  assertEquals([state, due, expiresAt], ["pending", START + 2_000, START + 2_000]);
});

Deno.test("enqueue: the later of delay and time of day counts", () => {
  const rig = new TransactionRig();
  const added = (delay: number, runAt: number) => {
    const { state, readyAt, byClock } = rig.job(rig.add({ delay, runAt }));
    return [state, readyAt - START, byClock];
  };
  assertEquals(added(1_000, START + 3_000), ["scheduled", 3_000, true]);
  assertEquals(added(3_000, START + 1_000), ["scheduled", 3_000, false]);
  assertEquals(added(0, START), ["pending", 0, false]);
  assertEquals(added(0, START - 3_000), ["pending", 0, false]);
});

Deno.test("enqueue: each is refused for itself, and a refused one uses up no number", () => {
  const rig = new TransactionRig();
  const specs = ["u", "u", "", "v"].map((uniqueKey) => jobSpec("noop", { uniqueKey }));
  const enqueued = rig.do((tx) => enqueue(tx, specs));
  assertEquals(enqueued, [{ id: 1 }, { refused: "duplicate", id: 1 }, { id: 2 }, { id: 3 }]);
  assertEquals(rig.events.map(({ id }) => id), [1, 2, 3]);
  assertEquals(rig.books.queue("default").totals.enqueued, 3);
});

Deno.test("enqueue: a queue is full of those that wait, not of those that run", () => {
  const rig = new TransactionRig({ maxPending: 2 });
  rig.start();
  rig.add();
  rig.add({ delay: 1_000 });
  const one = (queue: string) => rig.do((tx) => enqueue(tx, [jobSpec("noop", { queue })]));
  assertEquals(one("default"), [{ refused: "full" }]);
  assertEquals([rig.events, rig.counts()], [[], { scheduled: 1, pending: 1, running: 1 }]);
  assertEquals(one("other"), [{ id: 4 }]);
});

Deno.test("enqueue: numbers of jobs that are gone are not given again", () => {
  const rig = new TransactionRig();
  const id = rig.add();
  rig.do((tx) => tx.prune(rig.job(id)));
  assertEquals(rig.add(), id + 1);
});
