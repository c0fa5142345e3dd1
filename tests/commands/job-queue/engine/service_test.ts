import {
  type BroadcastReceiver,
  Closed,
  type Co,
  currentLoop,
  sleep,
  ThreadDied,
} from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { assert, assertEquals, assertRejects } from "../../../support/assert.ts";
import { jobSpec } from "../../../../commands/job-queue/model/spec.ts";
import type { JobContext } from "../../../../commands/job-queue/engine/handler.ts";
import { MemoryTable } from "../../../../commands/job-queue/store/memory_table.ts";
import { TableStore } from "../../../../commands/job-queue/store/table_store.ts";
import { BUILT_IN } from "../../../../commands/job-queue/engine/built_in.ts";
import { waitingEvents } from "../../../../commands/job-queue/engine/feed.ts";
import { type FeedEvent, Service } from "../../../../commands/job-queue/engine/service.ts";
import { START } from "../store/rig.ts";
import { CLAIM } from "../store/transaction_rig.ts";
import { OPTIONS, type ServiceRig, withService } from "../service_rig.ts";

const NOBODY_HERE = { options: { workers: 0 } };
const ENQUEUE = { kind: "enqueue", specs: [jobSpec("noop")] } as const;

/** A service over a store in which something is already, before it starts. */
function withLeftovers(
  prepare: (store: TableStore) => void,
  body: (service: Service, store: TableStore) => Co<void>,
): Promise<void> {
  return runTest(function* () {
    const { timers } = currentLoop();
    const clock = { now: () => timers.read(), wall: () => timers.wall() };
    const store = new TableStore(new MemoryTable(), clock);
    prepare(store);
    const service = new Service(store, BUILT_IN, { ...OPTIONS, ...NOBODY_HERE.options });
    yield* service.start();
    yield* body(service, store);
    yield* service.close();
  });
}

/** What those who listen have not taken yet. */
function waiting(feed: BroadcastReceiver<FeedEvent>): FeedEvent[] {
  return waitingEvents(feed, 1_000) as FeedEvent[];
}

function named(events: readonly FeedEvent[]): string[] {
  return events.map(({ event }) => event);
}

Deno.test("service: what it held when it ended is taken back; what others hold is not", () =>
  withLeftovers((store) => {
    store.apply([ENQUEUE, ENQUEUE]);
    store.apply([{ ...CLAIM, worker: "local" }, { ...CLAIM, worker: "other" }]);
  }, function* (_service, store) {
    const states = [1, 2].map((id) => store.detail(id)?.job.state);
    assertEquals(states, ["pending", "running"]);
  }));

Deno.test("service: knows its own types, and those that were announced, also before it began", () =>
  withLeftovers(
    (store) => void store.apply([{ kind: "announce", types: ["earlier"] }]),
    function* (service, store) {
      const known = ["noop", "earlier", "later"].map((type) => service.knows(type));
      assertEquals(known, [true, true, false]);
      yield* service.announce(["later", "earlier"]);
      assertEquals([service.knows("later"), store.view().announced], [true, ["earlier", "later"]]);
      yield* service.keeper.close();
      yield* service.announce(["later"]); // nothing new, so nobody is asked
    },
  ));

Deno.test("service: a job that runs in this process is told at once that it is cancelled", () => {
  const handlers = {
    *listens(_: unknown, { token }: JobContext): Co<never> {
      yield* token.cancelled();
      throw new Error("tidied up");
    },
  };
  return withService({ handlers }, function* ({ service, store }) {
    const [{ id }] = yield* service.enqueue([jobSpec("listens")]);
    yield* sleep(1);
    const changed = yield* service.cancel({ id: id! });
    assertEquals(changed, { count: 1, running: [{ id: id!, epoch: 1 }], refused: undefined });
    yield* sleep(1);
    assertEquals(store.detail(id!)?.job.state, "cancelled");
  });
});

Deno.test("service: the feed has all events, the alarms have dead jobs, the meter needs nobody", () =>
  withService({}, function* ({ service }) {
    yield* service.enqueue([jobSpec("noop")]);
    yield* sleep(1);
    assertEquals(service.meter.took.count, 1);
    using feed = service.bus.subscribe("feed");
    using alarms = service.bus.subscribe("alarms");
    yield* service.enqueue([jobSpec("http")]);
    yield* sleep(1);
    const all = ["JobEnqueued", "JobStarted", "JobFailed", "JobDead"];
    assertEquals([named(waiting(feed)), named(waiting(alarms))], [all, ["JobDead"]]);
  }));

Deno.test("service: a worker that crashes is in the feed, and an alarm, until they give up", () => {
  const handlers = {
    crash: () => {
      throw new ThreadDied("thread 1", "out of memory");
    },
  };
  return withService({ handlers, options: { workers: 1 } }, function* ({ service, store }) {
    using feed = service.bus.subscribe("feed");
    using workers = service.bus.subscribe("workers");
    using alarms = service.bus.subscribe("alarms");
    yield* service.enqueue(new Array(6).fill(jobSpec("crash", { maxRetries: 0 })));
    yield* sleep(5_000);
    const events = waiting(workers);
    const restarts = new Array(5).fill(["WorkerCrashed", "WorkerRestarted"]).flat();
    assertEquals(named(events), [...restarts, "WorkerCrashed", "WorkersGaveUp"]);
    const { message: error } = new ThreadDied("thread 1", "out of memory");
    const said = events.map(({ worker, error }) => [worker, error]);
    assertEquals([said[0], said[1]], [["worker 1", error], ["worker 1", undefined]]);
    assertEquals(said.at(-1), ["all", service.pool.gaveUp]);
    assert(events.every(({ at }) => START <= at && at <= store.now()));
    const isOfWorker = (event: FeedEvent) => event.event.startsWith("Worker");
    assertEquals([waiting(feed), waiting(alarms)].map((all) => all.filter(isOfWorker)), [
      ...[events, events],
    ]);
  });
});

Deno.test("service: a drain lets nothing begin, and a close ends the store and the bus", () => {
  let isClosed = false;
  return runTest(function* () {
    const store = new TableStore(new MemoryTable(), { now: () => 0, wall: () => 0 });
    store.close = () => void (isClosed = true);
    const service = new Service(store, BUILT_IN, OPTIONS);
    yield* service.start();
    const feed = service.bus.subscribe("feed");
    assertEquals(service.stopping.isCancelled, false);
    yield* service.drain(0);
    assertEquals([service.stopping.isCancelled, isClosed], [true, false]);
    yield* service.enqueue([jobSpec("noop")]); // it was on its way
    yield* sleep(10);
    assertEquals(store.detail(1)?.job.state, "pending");
    yield* service.close();
    assertEquals([isClosed, service.bus.isClosed], [true, true]);
    assertEquals(named(waiting(feed)), ["JobEnqueued"]);
    feed.close();
  });
});

Deno.test("service: what happens when nobody can be told any more is no error", () =>
  withService({}, function* ({ service, store }) {
    service.bus.close();
    const [{ id }] = yield* service.enqueue([jobSpec("http")]);
    yield* sleep(10);
    assertEquals(store.detail(id!)?.job.state, "dead");
  }));

Deno.test("service: what comes after the end is an error of whoever asks", async () => {
  await assertRejects(
    () =>
      withService(NOBODY_HERE, function* ({ service }: ServiceRig) {
        yield* service.close();
        yield* service.enqueue([jobSpec("noop")]);
      }),
    Closed,
  );
});
