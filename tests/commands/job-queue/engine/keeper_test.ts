import { advance, currentLoop, now, sleep, spawn } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { assert, assertEquals, assertRejects } from "../../../support/assert.ts";
import { Keeper } from "../../../../commands/job-queue/engine/keeper.ts";
import type { Command, JobEvent } from "../../../../commands/job-queue/model/command.ts";
import { jobSpec } from "../../../../commands/job-queue/model/spec.ts";
import { MemoryTable } from "../../../../commands/job-queue/store/memory_table.ts";
import { type Applied, StoreFailed } from "../../../../commands/job-queue/store/store.ts";
import { TableStore } from "../../../../commands/job-queue/store/table_store.ts";
import { START } from "../store/rig.ts";

const CLAIM = { worker: "w", lease: 30_000 };
const TEN = () => 10;
const ONE = { kind: "enqueue", specs: [jobSpec("noop")] } as const;

/** A store that counts its transactions, and can be told to fail. */
class WatchedStore extends TableStore {
  readonly batches: number[] = [];
  isBroken = false;

  override apply(batch: readonly Command[]): Applied {
    if (this.isBroken) throw new StoreFailed("the disk is full");
    this.batches.push(batch.length);
    return super.apply(batch);
  }
}

function withKeeper(
  body: (keeper: Keeper, store: WatchedStore, events: JobEvent[]) => Generator<void, void, void>,
): Promise<void> {
  const clock = { now: () => 0, wall: () => START };
  return runTest(function* () {
    const { timers } = currentLoop();
    const time = { now: () => timers.read(), wall: () => timers.wall() };
    const store = new WatchedStore(new MemoryTable(), time);
    const events: JobEvent[] = [];
    const keeper = new Keeper(store, (told) => void events.push(...told));
    yield* body(keeper, store, events);
    yield* keeper.close();
  }, { configure: (builder) => builder.clock(clock) });
}

Deno.test("keeper: what is asked in one turn is one transaction", () =>
  withKeeper(function* (keeper, store) {
    const asked = Array.from({ length: 50 }, () => spawn(() => keeper.do<"enqueue">(ONE)));
    for (const [i, one] of asked.entries()) assertEquals((yield* one)[0].id, i + 1);
    assertEquals(store.batches, [50]);
  }));

Deno.test("keeper: a job is given to who waits for it in the transaction that takes it in", () =>
  withKeeper(function* (keeper, store, events) {
    const waiting = spawn(() => keeper.claim(CLAIM, 60_000, TEN));
    yield* sleep(10);
    store.batches.length = 0;
    yield* keeper.do<"enqueue">(ONE);
    assertEquals((yield* waiting).map(({ id }) => id), [1]);
    assertEquals(store.batches, [2]);
    assertEquals(events.map(({ event }) => event), ["JobEnqueued", "JobStarted"]);
  }));

Deno.test("keeper: a claim is for as many as there is room for when jobs come", () =>
  withKeeper(function* (keeper) {
    let room = 1;
    const waiting = spawn(() => keeper.claim(CLAIM, 60_000, () => room));
    yield* sleep(10);
    room = 3;
    yield* keeper.do<"enqueue">({ kind: "enqueue", specs: Array(5).fill(jobSpec("noop")) });
    assertEquals((yield* waiting).map(({ id }) => id), [1, 2, 3]);
  }));

Deno.test("keeper: a claim waits no longer than it wants to", () =>
  withKeeper(function* (keeper) {
    assertEquals(yield* keeper.claim(CLAIM, 0, TEN), []);
    assertEquals(yield* keeper.claim(CLAIM, 500, TEN), []);
    assertEquals([now(), keeper.waiting], [500, 0]);
  }));

Deno.test("keeper: who stops waiting holds nothing, also when it was just given something", () =>
  withKeeper(function* (keeper, store) {
    const waiting = spawn(() => keeper.claim(CLAIM, 60_000, TEN));
    yield* sleep(1);
    const asked = spawn(function* () {
      yield* keeper.do<"enqueue">(ONE);
      waiting.abort(); // it was woken by then, and has not looked
    });
    yield* asked;
    yield* sleep(1);
    assertEquals([keeper.waiting, store.detail(1)?.job.state], [0, "pending"]);
  }));

Deno.test("keeper: when the store fails, everybody who asked is told, and it goes on", () =>
  withKeeper(function* (keeper, store) {
    store.isBroken = true;
    const failed = spawn(() => keeper.do<"enqueue">(ONE));
    let message = "";
    try {
      yield* failed;
    } catch (error) {
      message = String(error);
    }
    assertEquals(message, "StoreFailed: the disk is full");
    store.isBroken = false;
    assertEquals((yield* keeper.do<"enqueue">(ONE))[0].id, 1);
  }));

Deno.test("keeper: what is due happens at its time, also when it was asked for meanwhile", () =>
  withKeeper(function* (keeper, store) {
    using _time = spawn(() => keeper.keepTime()).abortOnDrop();
    yield* sleep(10);
    const specs = [jobSpec("noop", { delay: 70 })];
    yield* keeper.do<"enqueue">({ kind: "enqueue", specs });
    const waiting = spawn(() => keeper.claim(CLAIM, 60_000, TEN));
    yield* sleep(69);
    assertEquals(store.detail(1)?.job.state, "scheduled");
    assertEquals((yield* waiting).length, 1);
    assertEquals(now(), 80);
  }));

Deno.test("keeper: a thread that was blocked does not cost anybody the lease", () =>
  withKeeper(function* (keeper, store) {
    const time = spawn(() => keeper.keepTime());
    yield* keeper.do<"enqueue">(ONE);
    yield* keeper.claim(CLAIM, 0, TEN);
    yield* sleep(1);
    yield* advance(90_000); // nobody had the thread meanwhile
    yield* sleep(2_000);
    assertEquals(store.detail(1)?.job.state, "running");
    assert(keeper.blockedFor > 80_000);
    yield* sleep(30_000);
    assertEquals(store.detail(1)?.job.state, "pending");
    time.abort();
  }));

Deno.test("keeper: a closed keeper says so", async () => {
  const late = () =>
    withKeeper(function* (keeper) {
      yield* keeper.close();
      yield* keeper.do<"enqueue">(ONE);
    });
  await assertRejects(late, Error, 'the actor "state"');
});

Deno.test("keeper: nobody waits for a job that came in with the claim", () =>
  withKeeper(function* (keeper) {
    const claims = [1, 2, 3].map(() => spawn(() => keeper.claim(CLAIM, 60_000, () => 1)));
    const asked = [1, 2, 3].map(() => spawn(() => keeper.do<"enqueue">(ONE)));
    for (const one of asked) yield* one;
    const ids = [];
    for (const claim of claims) ids.push(...(yield* claim).map(({ id }) => id));
    assertEquals([ids, now()], [[1, 2, 3], 0]);
  }));
