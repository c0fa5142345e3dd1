import { IoError } from "wakeful/runtime";
import type { ServerOptions } from "../../../commands/chat-server/server.ts";
import { assert, assertEquals, assertMatch } from "../../support/assert.ts";
import { Hosted } from "./hosted.ts";

Deno.test("server: whoever is too many is told, and closed", () => {
  using hosted = new Hosted({ maxClients: 1 });
  const ann = hosted.connect("ann");
  const ben = hosted.connect();
  assertMatch(hosted.read(ben).join(), /^-- the server is full with 1 people/);
  assert(hosted.hasEnded(ben));
  ann.close();
  hosted.time.advance(1_000);
  assertMatch(hosted.read(hosted.connect()).join(), /welcome/);
});

Deno.test("server: whoever has spoken is not counted among the silent any more", () => {
  using hosted = new Hosted({ maxSilent: 1 });
  const ann = hosted.connect();
  assertMatch(hosted.read(hosted.connect()).join(), /who say nothing/);
  hosted.type(ann, "hello");
  assertMatch(hosted.read(hosted.connect()).join(), /welcome/);
});

Deno.test("server: a failed accept is told of, and tried again", () => {
  using hosted = new Hosted();
  hosted.listener.fail(new IoError("too-many-open-files", "accept: too many open files"));
  hosted.time.advance(10);
  assertEquals(hosted.said(), ["accept: too many open files; trying again in 10ms"]);
  assertMatch(hosted.read(hosted.connect()).join(), /welcome/);
});

Deno.test("server: an operator sees what it has done", () => {
  using hosted = new Hosted();
  const [ann, ben] = [hosted.connect("ann"), hosted.connect("ben")];
  hosted.type(ben, "hello");
  hosted.read(ann);
  hosted.type(ann, "/oper sesame", "/stats");
  const [, up, ledger] = hosted.read(ann);
  assertEquals(up, "-- up for 2s, 2 connected, 1 room");
  assertMatch(ledger, /^-- 1 message; of \d+ lines told \d+ delivered, 0 dropped, 0 to people/);
});

Deno.test("server: --stats tells a line a second", () => {
  using hosted = new Hosted({ stats: true });
  const [ann] = [hosted.connect("ann"), hosted.connect("ben")];
  hosted.events.length = 0;
  hosted.type(ann, "one", "two");
  hosted.time.advance(1_000);
  const [{ message, fields }] = hosted.events;
  assertEquals(message, "traffic");
  assertEquals(fields, {
    people: 2,
    rooms: 1,
    messages: "2/s",
    delivered: "2/s",
    dropped: "0/s",
  });
});

/** A server that is told to end while some are connected. */
function draining(options: Partial<ServerOptions> = {}, reason = "SIGTERM") {
  const hosted = new Hosted(options);
  const [ann, ben] = [hosted.connect("ann"), hosted.connect("ben")];
  hosted.read(ann);
  hosted.serving.abort();
  const drain = hosted.time.spawn(() => hosted.server.drain(reason));
  hosted.time.settle();
  return { hosted, ann, ben, drain, [Symbol.dispose]: () => hosted[Symbol.dispose]() };
}

Deno.test("drain: counts down, lets people talk meanwhile, says goodbye, and is in time", () => {
  using d = draining();
  const { hosted, ann, ben } = d;
  assertEquals(hosted.read(ann), ["-- the server is shutting down in 4s: SIGTERM"]);
  hosted.type(ben, "so long");
  hosted.time.advance(3_999);
  assertEquals(hosted.read(ann), [
    "ben: so long",
    "-- the server is shutting down in 3s: SIGTERM",
    "-- the server is shutting down in 2s: SIGTERM",
    "-- the server is shutting down in 1s: SIGTERM",
  ]);
  hosted.time.advance(1);
  assertEquals(hosted.read(ann), ["-- the server is shutting down: goodbye"]);
  for (const client of [ann, ben]) assert(hosted.hasEnded(client));
  hosted.time.advance(500);
  assert(d.drain.isFinished());
  assertEquals(hosted.said(), ["2 clients: closing within 5s"]);
});

Deno.test("drain: is over as soon as the last one has left", () => {
  using d = draining();
  for (const client of [d.ann, d.ben]) client.close();
  d.hosted.time.advance(500);
  assert(d.drain.isFinished());
});

Deno.test("drain: who does not take the last lines is cut when the time is up", () => {
  const hosted = new Hosted({ drainTimeout: 1_000 });
  const ann = hosted.connect("ann", { client: 20 });
  const drain = hosted.time.spawn(() => hosted.server.drain("SIGTERM"));
  hosted.time.advance(999);
  assertEquals([drain.isFinished(), hosted.server.clients], [false, 1]);
  hosted.time.advance(1);
  assertEquals([drain.isFinished(), hosted.server.clients], [true, 0]);
  assertMatch(hosted.said().join("\n"), /aborting 1 client that did not take the last lines/);
  ann.close();
  hosted[Symbol.dispose]();
});

Deno.test("ordered: an operator's countdown; another order takes its place", () => {
  using hosted = new Hosted();
  const ann = hosted.connect("ann");
  const ordered = hosted.time.spawn(() => hosted.server.ordered());
  hosted.type(ann, "/oper sesame", "/shutdown 1h update");
  hosted.time.advance(10);
  assertEquals(hosted.read(ann).at(-1), "-- the server is shutting down in 1h: update");
  hosted.type(ann, "/shutdown 2s now");
  assertEquals(hosted.read(ann).at(-1), "-- the server is shutting down in 2s: now");
  hosted.time.advance(1_999);
  assertEquals(ordered.isFinished(), false);
  hosted.time.advance(2);
  assertEquals(hosted.time.outcome(ordered), "ordered by an operator: now");
});

Deno.test("server: a client whose task fails is logged, and gone for the others", () => {
  using hosted = new Hosted();
  const [ann, ben] = [hosted.connect("ann"), hosted.connect("ben")];
  hosted.read(ann);
  ben.peer.tryFill = () => {
    throw new Error("a bug");
  };
  hosted.type(ben, "hello");
  assertEquals(hosted.read(ann), ["-- ben left (connection lost)"]);
  assertEquals(hosted.said(), ["a client failed"]);
  assertEquals(hosted.empty(ann), { clients: 0, tasks: 3, left: 0 });
});
