import { type Co, currentLoop, now, sleep, spawn } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { assertEquals, assertRejects } from "../../../support/assert.ts";
import type { Command } from "../../../../commands/job-queue/model/command.ts";
import { jobSpec } from "../../../../commands/job-queue/model/spec.ts";
import { Keeper } from "../../../../commands/job-queue/engine/keeper.ts";
import { LocalBackend } from "../../../../commands/job-queue/engine/local_backend.ts";
import { MemoryTable } from "../../../../commands/job-queue/store/memory_table.ts";
import { type Applied, StoreFailed } from "../../../../commands/job-queue/store/store.ts";
import { TableStore } from "../../../../commands/job-queue/store/table_store.ts";

const LEASE_MS = 30_000;
const AS = { worker: "w", types: ["noop"], lease: LEASE_MS };
const DISK_FULL = new StoreFailed("the disk is full");

/** A store that can be told to fail for a while, as real ones do. */
class FlakyStore extends TableStore {
  failure: Error | undefined;

  override apply(batch: readonly Command[]): Applied {
    if (this.failure !== undefined) throw this.failure;
    return super.apply(batch);
  }

  /** Fails from now on, for so long. */
  failFor(milliseconds: number): void {
    this.failure = DISK_FULL;
    spawn(() => this.#mend(milliseconds));
  }

  *#mend(milliseconds: number): Co<void> {
    yield* sleep(milliseconds);
    this.failure = undefined;
  }
}

/** A backend over a store with a job of type `noop`, number 1, and one of another. */
function withBackend(
  body: (backend: LocalBackend, store: FlakyStore, keeper: Keeper) => Co<void>,
): Promise<void> {
  return runTest(function* () {
    const { timers } = currentLoop();
    const clock = { now: () => timers.read(), wall: () => timers.wall() };
    const store = new FlakyStore(new MemoryTable(), clock);
    store.apply([{ kind: "enqueue", specs: [jobSpec("noop"), jobSpec("other")] }]);
    const keeper = new Keeper(store);
    yield* body(new LocalBackend(keeper, AS), store, keeper);
    yield* keeper.close();
  });
}

Deno.test("local backend: claims for its worker, types and lease, and waits half of that", () =>
  withBackend(function* (backend, store) {
    assertEquals((yield* backend.claim(() => 5)).map(({ id }) => id), [1]);
    const { worker, due, startedAt } = store.detail(1)!.job;
    assertEquals([worker, due - startedAt], ["w", LEASE_MS]);
    assertEquals(yield* backend.claim(() => 5), []);
    assertEquals(now(), LEASE_MS / 2);
  }));

Deno.test("local backend: a store that cannot do it is asked again later", () =>
  withBackend(function* (backend, store) {
    const [{ id, epoch }] = yield* backend.claim(() => 5);
    store.failFor(900);
    const report = { kind: "complete", id, epoch, result: "1" } as const;
    assertEquals([yield* backend.report(report), now()], ["ok", 1_000]);
    assertEquals(store.detail(id)?.job.state, "completed");
  }));

Deno.test("local backend: a heartbeat that the store cannot take costs nobody the job", () =>
  withBackend(function* (backend, store) {
    const [{ id, epoch }] = yield* backend.claim(() => 5);
    const beat = { kind: "heartbeat", id, epoch, lease: LEASE_MS } as const;
    store.failFor(400);
    assertEquals([yield* backend.heartbeat(beat), now()], ["ok", 0]);
    yield* sleep(400);
    assertEquals(yield* backend.heartbeat({ ...beat, epoch: 9 }), "lost");
  }));

Deno.test("local backend: what is given back can be claimed again, with all its attempts", () =>
  withBackend(function* (backend, store) {
    const claims = yield* backend.claim(() => 5);
    yield* backend.giveBack(claims);
    yield* sleep(1);
    assertEquals([store.detail(1)?.job.state, store.detail(1)?.job.attempt], ["pending", 0]);
  }));

Deno.test("local backend: what will not pass is an error", async () => {
  const calls: ((backend: LocalBackend) => Co<unknown>)[] = [
    (backend) => backend.report({ kind: "complete", id: 1, epoch: 1 }),
    (backend) => backend.heartbeat({ kind: "heartbeat", id: 1, epoch: 1, lease: 1 }),
  ];
  for (const call of calls) {
    const failed = () =>
      withBackend(function* (backend, store) {
        store.failure = new TypeError("a mistake");
        yield* call(backend);
      });
    await assertRejects(failed, TypeError, "a mistake");
  }
});
