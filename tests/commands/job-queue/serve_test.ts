import { type Co, currentLoop, type SignalName, sleep, spawn } from "wakeful/runtime";
import { HttpConnection } from "wakeful/net";
import { type Host, simulate, type World } from "wakeful/testing";
import { RuntimeFailure } from "../../../commands/cli/errors.ts";
import { BUILT_IN } from "../../../commands/job-queue/engine/built_in.ts";
import { serve, serveFrom } from "../../../commands/job-queue/serve.ts";
import { MemoryTable } from "../../../commands/job-queue/store/memory_table.ts";
import { TableStore } from "../../../commands/job-queue/store/table_store.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { recordingLogger } from "../echo-server/served.ts";
import { optionsOf } from "./options.ts";

const JSON_TYPE = { "Content-Type": "application/json" };

/** A server on a machine of its own, and what it has said. */
class Server {
  readonly terminal = new FakeTerminal();
  readonly host: Host<number>;
  readonly log = recordingLogger();
  readonly table = new MemoryTable();
  isClosed = false;

  #isTold = false;

  constructor(world: World, ...flags: string[]) {
    this.host = world.host("server", () => this.#serve(flags));
  }

  /** Tells it to end, once. */
  end(signal: SignalName): void {
    if (!this.#isTold) this.host.signal(signal);
    this.#isTold = true;
  }

  *#serve(flags: string[]): Co<number> {
    const options = optionsOf("serve", ...flags);
    const { timers } = currentLoop();
    const clock = { now: () => timers.read(), wall: () => timers.wall() };
    const store = new TableStore(this.table, clock);
    store.close = () => void (this.isClosed = true);
    const around = { terminal: this.terminal, log: this.log.log, args: [] };
    return yield* serveFrom(store, BUILT_IN, options, around);
  }
}

/** Asks over a connection of its own; answers status and text. */
function* request(method: string, target: string, body?: object): Co<[number, string]> {
  using connection = yield* HttpConnection.connect({ host: "server", port: 8080 });
  const text = body && JSON.stringify(body);
  const answer = yield* connection.request({ method, target, body: text, fields: JSON_TYPE });
  return [answer.status, yield* answer.text()];
}

/** A server, and a client on another machine; when that has ended the server gets a SIGTERM. */
async function serving(flags: string[], body: (server: Server) => Co<void>): Promise<Server> {
  const { value } = await simulate({ seed: 1 }, function* (world) {
    const server = new Server(world, "--host", "0.0.0.0", ...flags);
    const client = world.host("client", function* () {
      yield* sleep(10);
      yield* body(server);
    });
    yield* client.outcome();
    server.end("SIGTERM");
    assertEquals(yield* server.host.outcome(), 0);
    return server;
  });
  return value;
}

Deno.test("serve: says where it listens, answers, works, and ends in order at SIGTERM", async () => {
  const server = await serving(["--log", "events"], function* () {
    assertEquals(yield* request("POST", "/jobs", { type: "noop" }), [202, '{"id":1}\n']);
    yield* sleep(100);
    assertStringIncludes((yield* request("GET", "/jobs/1"))[1], '"state":"completed"');
  });
  assertEquals(server.terminal.stdout, ["listening on 0.0.0.0:8080"]);
  const messages = server.log.events.map(({ message }) => message);
  assertEquals(messages, ["SIGTERM: draining; once more to end at once"]);
  assertEquals(server.isClosed, true);
  assertStringIncludes(server.terminal.files.get("events")!, '{"event":"JobEnqueued"');
});

Deno.test("serve: who listens at the end hears all, and then the end", async () => {
  await serving([], function* (server) {
    spawn(function* () {
      yield* sleep(20);
      yield* request("POST", "/jobs", { type: "delay", ms: 500 });
      server.end("SIGTERM");
    });
    const [, text] = yield* request("GET", "/events");
    const events = [...text.matchAll(/^event: (\w+)/gm)].map(([, event]) => event);
    assertEquals(events, ["JobEnqueued", "JobStarted", "JobCompleted"]);
  });
});

Deno.test("serve: at a signal jobs may go on for the drain, and what does not end goes back", async () => {
  const server = await serving(["--drain-timeout", "5s"], function* () {
    for (const ms of [3_000, 60_000]) yield* request("POST", "/jobs", { type: "delay", ms });
  });
  const ended = [1, 2].map((id) => server.table.job(id)!);
  assertEquals(ended.map(({ state, attempt }) => [state, attempt]), [
    ["completed", 1],
    ["pending", 0],
  ]);
});

Deno.test("serve: while it drains it can be looked at, and takes nothing in", async () => {
  await serving([], function* (server) {
    yield* request("POST", "/jobs", { type: "delay", ms: 5_000 });
    server.end("SIGINT");
    yield* sleep(1_000);
    assertStringIncludes((yield* request("GET", "/status"))[1], '"running":1');
    assertEquals((yield* request("POST", "/jobs", { type: "noop" }))[0], 503);
  });
});

Deno.test("serve: a body may be as large as is said, and whoever asks needs the token", async () => {
  await serving(["--max-body", "10"], function* () {
    assertEquals((yield* request("POST", "/jobs", { type: "a long name" }))[0], 413);
  });
  await serving(["--token", "secret"], function* () {
    assertEquals((yield* request("GET", "/status"))[0], 401);
  });
});

Deno.test("serve: the page is read when it is asked for, once; a failure is told to its owner", async () => {
  let reads = 0;
  const server = await serving([], function* ({ terminal }) {
    assertEquals((yield* request("GET", "/"))[0], 500); // this terminal has no such file
    terminal.read = () => {
      reads++;
      return new TextEncoder().encode("<html>");
    };
    for (let i = 0; i < 2; i++) assertEquals(yield* request("GET", "/"), [200, "<html>"]);
  });
  assertEquals(reads, 1);
  const [{ message, fields }] = server.log.events;
  assertEquals([message, fields.path], ["a request failed", "/"]);
});

Deno.test("serve: where it cannot listen it says so, and closes the store", async () => {
  let server: Server | undefined;
  const failed = simulate({ seed: 1 }, function* (world) {
    server = new Server(world, "--host", "elsewhere");
    yield* server.host.outcome();
  });
  const error = await assertRejects(() => failed);
  assertStringIncludes(
    String((error as Error).cause),
    "RuntimeFailure: cannot listen on elsewhere",
  );
  assertEquals([server?.isClosed, server?.terminal.stdout], [true, []]);
});

Deno.test("serve: handlers that cannot be loaded are a failure before anything is opened", async () => {
  const terminal = new FakeTerminal();
  const around = { terminal, log: recordingLogger().log, args: [] };
  const options = optionsOf("serve", "--db", ":memory:", "--handlers", "/nowhere.ts");
  const failed = simulate({ seed: 1 }, () => serve(options, around));
  const error = await assertRejects(() => failed);
  assert((error as Error).cause instanceof RuntimeFailure);
});
