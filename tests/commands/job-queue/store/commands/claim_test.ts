import { assertEquals } from "../../../../support/assert.ts";
import { jobSpec } from "../../../../../commands/job-queue/model/spec.ts";
import { enqueue } from "../../../../../commands/job-queue/store/commands/enqueue.ts";
import { START } from "../rig.ts";
import { LEASE_MS, TransactionRig } from "../transaction_rig.ts";

const ONE_A_SECOND = { count: 1, per: 1_000 };

/** A queue with a pending job for each of the keys, in this order. */
function withKeys(...keys: string[]): TransactionRig {
  const rig = new TransactionRig();
  for (const key of keys) rig.add({ key });
  return rig;
}

function keysOf(claims: readonly { key: string }[]): string {
  return claims.map(({ key }) => key).join(" ");
}

Deno.test("claim: a worker is given what it has to know, and the row says who holds it", () => {
  const rig = new TransactionRig();
  const more = { key: "ann", maxRetries: 2, timeout: 7_000 };
  const id = rig.add({ ...more, payload: '{"n":1}', expires: 60_000 });
  const before = rig.job(id);
  rig.now += 5;
  assertEquals(rig.claim({ worker: "ben" }), [{
    ...{ id, epoch: 1, type: "noop", queue: "default", payload: '{"n":1}', attempt: 1, ...more },
  }]);
  assertEquals(rig.job(id), {
    ...before,
    ...{ state: "running", epoch: 1, attempt: 1, worker: "ben" },
    ...{ startedAt: START + 5, due: START + 5 + LEASE_MS },
  });
  assertEquals(rig.events, [{
    ...{ event: "JobStarted", at: START + 5, id, type: "noop", queue: "default", attempt: 1 },
    worker: "ben",
  }]);
  assertEquals(rig.counts(), { running: 1 });
});

Deno.test("claim: of one key the lowest rank goes first, whatever its type, then the number", () => {
  const rig = new TransactionRig();
  const specs = [
    jobSpec("a", { priority: 1 }),
    jobSpec("b"),
    jobSpec("a"),
    jobSpec("c", { priority: 2 }),
  ];
  rig.do((tx) => enqueue(tx, specs));
  assertEquals(rig.claim({ max: 3 }).map(({ id }) => id), [4, 1, 2]);
  assertEquals(rig.claim({ max: 3 }).map(({ id }) => id), [3]);
});

Deno.test("claim: keys take turns, and the turns go on from claim to claim", () => {
  const rig = withKeys("a", "a", "a", "b", "b", "c");
  assertEquals(keysOf(rig.claim({ max: 2 })), "a b");
  assertEquals(keysOf(rig.claim({ max: 2 })), "c a");
  assertEquals(keysOf(rig.claim({ max: 9 })), "b a");
});

Deno.test("claim: where others have little, one key gets all the rest", () => {
  const rig = withKeys("a", "a", "a", "a", "a", "b");
  assertEquals(keysOf(rig.claim({ max: 6 })), "a b a a a a");
});

Deno.test("claim: who is asked first this time is asked last the next", () => {
  const rig = new TransactionRig();
  for (const queue of ["a", "b", "c"]) for (let i = 0; i < 2; i++) rig.add({ queue });
  const queues = () => rig.claim().map(({ queue }) => queue).join();
  assertEquals([queues(), queues(), queues(), queues()], ["a", "b", "c", "a"]);
});

Deno.test("claim: queues that are named are asked in that order, and keep their turns", () => {
  const rig = new TransactionRig();
  for (const queue of ["a", "b", "c"]) for (let i = 0; i < 2; i++) rig.add({ queue });
  const queues = ["nowhere", "b", "a"];
  assertEquals(rig.claim({ max: 3, queues }).map(({ queue }) => queue), ["b", "b", "a"]);
  assertEquals([...rig.books.queues.keys()], ["a", "b", "c"]);
});

Deno.test("claim: a paused queue is passed over", () => {
  const rig = withKeys("a");
  rig.books.queue("default").paused = true;
  const other = rig.add({ queue: "other" });
  assertEquals(rig.claim({ max: 9 }).map(({ id }) => id), [other]);
});

Deno.test("claim: no more of a queue run than it may", () => {
  const rig = withKeys("a", "b", "c");
  rig.limit({ queue: { concurrency: 2 } });
  assertEquals(keysOf(rig.claim({ max: 9 })), "a b");
  assertEquals(rig.claim({ max: 9 }), []);
});

Deno.test("claim: a key without room gets its turn when one of its jobs has ended", () => {
  const rig = withKeys("a", "a", "b");
  rig.limit({ key: { concurrency: 1 } });
  const [{ id }, { key }] = rig.claim({ max: 9 });
  assertEquals([key, rig.books.queue("default").turns.size], ["b", 0]);
  rig.do((tx) => tx.finish(rig.job(id), "completed"));
  assertEquals(keysOf(rig.claim({ max: 9 })), "a");
});

Deno.test("claim: a type at its limit holds up no other, and its key keeps its turn", () => {
  const rig = new TransactionRig();
  rig.limit({ types: { http: { concurrency: 1 } } });
  rig.do((tx) => enqueue(tx, ["http", "http", "noop"].map((type) => jobSpec(type))));
  assertEquals(rig.claim({ max: 9 }).map(({ type }) => type), ["http", "noop"]);
  assertEquals(rig.books.queue("default").turns.size, 1);
});

Deno.test("claim: who knows other types passes a key over, and takes nothing from it", () => {
  const rig = withKeys("a", "b");
  assertEquals(rig.claim({ types: ["http"] }), []);
  assertEquals(keysOf(rig.claim({ max: 9, types: ["http", "noop"] })), "a b");
});

Deno.test("claim: a queue's rate says when it is looked at again", () => {
  const rig = withKeys("a", "b");
  rig.limit({ queue: { rate: ONE_A_SECOND } });
  assertEquals(keysOf(rig.claim({ max: 9 })), "a");
  const queue = rig.books.queue("default");
  assertEquals([queue.usedUpTo, queue.wakeAt], [START + 1_000, START + 1_000]);
  rig.now += 999;
  assertEquals(rig.claim(), []);
  rig.now++;
  assertEquals(keysOf(rig.claim()), "b");
});

Deno.test("claim: a type's rate is its own", () => {
  const rig = new TransactionRig();
  rig.limit({ types: { http: { rate: ONE_A_SECOND } } });
  rig.do((tx) => enqueue(tx, ["http", "http", "noop"].map((type) => jobSpec(type))));
  assertEquals(rig.claim({ max: 9 }).map(({ type }) => type), ["http", "noop"]);
  const { usedUpTo, wakeAt } = rig.books.queue("default");
  assertEquals([usedUpTo, wakeAt], [0, START + 1_000]);
  rig.now += 1_000;
  assertEquals(rig.claim({ max: 9 }).map(({ type }) => type), ["http"]);
});

Deno.test("claim: a key that has to rest is out of the line until its rest is over", () => {
  const rig = withKeys("a", "a", "b");
  rig.limit({ key: { rate: ONE_A_SECOND } });
  assertEquals(keysOf(rig.claim({ max: 9 })), "a b");
  const { turns, resting } = rig.books.queue("default");
  assertEquals([turns.size, [...resting].map(([{ key }, until]) => [key, until])], [
    0,
    [["a", START + 1_000]],
  ]);
  rig.now += 1_000;
  assertEquals(keysOf(rig.claim({ max: 9 })), "a");
});

Deno.test("claim: behind a thousand keys whose types may not begin nobody looks", () => {
  const rig = new TransactionRig({ maxPending: 2_000 });
  const specs = Array.from({ length: 1_001 }, (_, i) => jobSpec("http", { key: `k${i}` }));
  rig.do((tx) => enqueue(tx, [...specs, jobSpec("noop", { key: "last" })]));
  assertEquals(rig.claim({ types: ["noop"] }), []);
  assertEquals(keysOf(rig.claim({ types: ["noop"] })), "last"); // those have been put behind it
});
