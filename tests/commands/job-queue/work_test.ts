import { type Co, currentLoop, sleep, ThreadDied } from "wakeful/runtime";
import { type Host, simulate, type World } from "wakeful/testing";
import { UsageError } from "../../../commands/cli/errors.ts";
import { QueueClient } from "../../../commands/job-queue/client/queue_client.ts";
import type { Handlers } from "../../../commands/job-queue/engine/handler.ts";
import { BUILT_IN } from "../../../commands/job-queue/engine/built_in.ts";
import type { Job } from "../../../commands/job-queue/model/job.ts";
import { type JobSpec, jobSpec } from "../../../commands/job-queue/model/spec.ts";
import { serveFrom } from "../../../commands/job-queue/serve.ts";
import { MemoryTable } from "../../../commands/job-queue/store/memory_table.ts";
import { TableStore } from "../../../commands/job-queue/store/table_store.ts";
import { work, workWith } from "../../../commands/job-queue/work.ts";
import { assert, assertEquals, assertMatch, assertRejects } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { recordingLogger } from "../echo-server/served.ts";
import { optionsOf } from "./options.ts";
import { NO_LOG } from "./service_rig.ts";

const GRACE_MS = 1_000;
const CRASH = "The task was lost: thread 1 ended out of memory";
const SERVER = "http://server:8080";

/** A server without workers of its own, over a store with these jobs. */
class Server {
  readonly table = new MemoryTable();
  readonly host: Host<number>;

  constructor(world: World, ...specs: JobSpec[]) {
    this.host = world.host("server", () => this.#serve(specs));
  }

  get jobs(): readonly Job[] {
    return this.table.list({ limit: 100 }).reverse();
  }

  *#serve(specs: JobSpec[]): Co<number> {
    const { timers } = currentLoop();
    const clock = { now: () => timers.read(), wall: () => timers.wall() };
    const store = new TableStore(this.table, clock);
    store.apply([{ kind: "enqueue", specs }]);
    const options = optionsOf("serve", "--host", "0.0.0.0", "--workers", "0", "--token", "t");
    const around = { terminal: new FakeTerminal(), log: NO_LOG, args: [] };
    return yield* serveFrom(store, new Map(), options, around);
  }
}

/** A worker on a machine of its own, and what it has said. */
class Worker {
  readonly terminal = new FakeTerminal();
  readonly log = recordingLogger();
  readonly host: Host<number>;

  constructor(world: World, handlers: Handlers, ...flags: string[]) {
    const token = flags.includes("--token") ? [] : ["--token", "t"];
    const options = optionsOf("work", "--server", SERVER, ...token, ...flags);
    const around = { terminal: this.terminal, log: this.log.log, args: [] };
    this.host = world.host("worker", () => workWith(handlers, options, around));
  }

  get said(): string[] {
    return this.log.events.map(({ message }) => message);
  }
}

/** Runs `body` in a world, with the server there from the beginning. */
async function working(specs: JobSpec[], body: (world: World, server: Server) => Co<void>) {
  await simulate({ seed: 1 }, function* (world) {
    const server = new Server(world, ...specs);
    yield* sleep(10);
    yield* body(world, server);
  });
}

Deno.test("work: does a server's jobs under its name, and ends in order at SIGTERM", async () => {
  const specs = [jobSpec("delay", { payload: '{"ms":5}' }), jobSpec("unheard")];
  await working(specs, function* (world, { jobs: before, table }) {
    assertEquals(before.length, 2);
    const worker = new Worker(world, BUILT_IN, "--name", "ann");
    yield* sleep(1_000);
    const jobs = table.list({ limit: 2 }).map(({ state, worker }) => [state, worker]);
    assertEquals(jobs, [["pending", ""], ["completed", "ann"]]);
    worker.host.signal("SIGTERM");
    assertEquals(yield* worker.host.outcome(), 0);
    assertEquals(worker.terminal.stdout, [`working for ${SERVER} as ann`]);
    assertEquals(worker.said, ["SIGTERM: draining; once more to end at once"]);
  });
});

Deno.test("work: a signal lets jobs go on for the drain, and gives the rest back", async () => {
  const specs = [2_900, 60_000].map((ms) => jobSpec("delay", { payload: `{"ms":${ms}}` }));
  await working(specs, function* (world, server) {
    const worker = new Worker(world, BUILT_IN, "--drain-timeout", "3s");
    yield* sleep(500);
    worker.host.signal("SIGINT");
    yield* worker.host.outcome();
    const jobs = server.jobs.map(({ state, attempt }) => [state, attempt]);
    assertEquals(jobs, [["completed", 1], ["pending", 0]]);
  });
});

Deno.test("work: as many jobs at once as it has workers, each with a lease as is said", async () => {
  const specs = new Array(5).fill(jobSpec("delay", { payload: '{"ms":60000}' }));
  await working(specs, function* (world, server) {
    const worker = new Worker(world, BUILT_IN, "--workers", "3", "--lease", "20s");
    yield* sleep(500);
    const running = server.jobs.filter(({ state }) => state === "running");
    assertEquals(running.map(({ due, startedAt }) => due - startedAt), [20_000, 20_000, 20_000]);
    worker.host.crash();
  });
});

Deno.test("work: a name is drawn where none is given, and one that is none is refused", async () => {
  await working([], function* (world) {
    const worker = new Worker(world, BUILT_IN);
    yield* sleep(500);
    assertMatch(worker.terminal.stdout[0], /^working for .* as worker-[0-9a-f]{1,8}$/);
    worker.host.crash();
  });
  const around = { terminal: new FakeTerminal(), log: NO_LOG, args: [] };
  const error = await assertRejects(() =>
    simulate({ seed: 1 }, () => workWith(BUILT_IN, optionsOf("work", "--name", "a b"), around))
  );
  assert((error as Error).cause instanceof UsageError);
});

Deno.test("work: a server that refuses is told of at once, one that is away is waited for", async () => {
  await working([jobSpec("noop")], function* (world, server) {
    server.host.crash();
    const worker = new Worker(world, BUILT_IN);
    yield* sleep(20_000);
    assertEquals(worker.terminal.stdout.length, 1);
    server.host.start();
    yield* sleep(10_000);
    assertEquals(server.jobs.at(-1)?.state, "completed");
    worker.host.crash();
  });
  const error = await assertRejects(() =>
    working([], function* (world) {
      yield* new Worker(world, BUILT_IN, "--token", "wrong").host.outcome();
    })
  );
  assertMatch(String((error as Error).cause), /^RuntimeFailure: .*wrong; give it with --token/);
});

Deno.test("work: a name that the server refuses ends it, with what the server said", async () => {
  await working([jobSpec("noop")], function* (world, server) {
    const worker = new Worker(world, BUILT_IN, "--name", "local");
    assertEquals(yield* worker.host.outcome(), 1);
    assertEquals(worker.said, [
      "worker: local is the server's own name, which takes back what it held",
    ]);
    assertEquals(server.jobs[0].state, "pending");
  });
});

Deno.test("work: a cancel is seen within two seconds, whatever the lease", async () => {
  await working([jobSpec("delay", { payload: '{"ms":60000}' })], function* (world, server) {
    const worker = new Worker(world, BUILT_IN, "--lease", "10m");
    yield* sleep(500);
    using client = new QueueClient({ server: SERVER, token: "t" });
    yield* client.delete("/jobs/1");
    yield* sleep(2_000 + GRACE_MS + 100);
    assertEquals(server.jobs[0].state, "cancelled");
    worker.host.crash();
  });
});

Deno.test("work: a lease that was lost is a line, and the job ends here", async () => {
  await working([jobSpec("delay", { payload: '{"ms":60000}' })], function* (world, server) {
    const worker = new Worker(world, BUILT_IN, "--lease", "2s");
    yield* sleep(500);
    world.partition("server", "worker");
    yield* sleep(10_000);
    world.heal();
    yield* sleep(10_000);
    const lost = worker.log.events.filter(({ message }) => message.startsWith("a lease was lost"));
    assertEquals(lost.map(({ fields }) => fields.job), [1]);
    assertEquals(server.jobs[0].state, "running");
    worker.host.crash();
  });
});

Deno.test("work: workers that crash again and again end it with a failure", async () => {
  const run = () => {
    throw new ThreadDied("thread 1", "out of memory");
  };
  await working(new Array(6).fill(jobSpec("crash")), function* (world) {
    const worker = new Worker(world, new Map([["crash", { where: "here", run }]]), "-w", "1");
    assertEquals(yield* worker.host.outcome(), 1);
    assertEquals(worker.said.slice(0, 3), ["WorkerCrashed", "WorkerRestarted", "WorkerCrashed"]);
    assertEquals(worker.log.events[0].fields, { worker: "worker 1", error: CRASH });
    assertEquals(worker.said.filter((line) => line === "WorkerCrashed").length, 6);
    assertMatch(worker.said.at(-1)!, new RegExp(`worker 1.*${CRASH}`));
  });
});

Deno.test("work: handlers that cannot be loaded are a failure", async () => {
  const around = { terminal: new FakeTerminal(), log: NO_LOG, args: [] };
  const options = optionsOf("work", "--handlers", "/nowhere.ts");
  const error = await assertRejects(() => simulate({ seed: 1 }, () => work(options, around)));
  assertMatch(String((error as Error).cause), /^RuntimeFailure: --handlers \/nowhere\.ts: /);
});
