import { Closed, IoError } from "wakeful/runtime";
import { statusLine } from "../../../commands/echo-server/status.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../../support/assert.ts";
import { Served } from "./served.ts";

const NO_DESCRIPTORS = new IoError("too-many-open-files", "accept: too many open files");

Deno.test("EchoServer: every client gets its own bytes back", () => {
  using s = new Served();
  const [ann, ben] = [s.connect(), s.connect()];
  assertEquals([s.exchange(ann, "ann"), s.exchange(ben, "ben")], ["ann", "ben"]);
  assertEquals(s.alive.connections, 2);
});

Deno.test("EchoServer: a client that finishes sending is answered, then sees the end", () => {
  using s = new Served();
  const client = s.connect();
  client.send("world");
  client.tryShutdown();
  s.time.settle();
  assertEquals([client.take(), client.atEnd, s.alive.connections], ["world", true, 0]);
  assertEquals(s.said(), []);
});

Deno.test("EchoServer: an idle client is disconnected, and a line says so", () => {
  using s = new Served({ idleTimeout: 1_500 });
  const client = s.connect();
  s.time.advance(1_500);
  assertEquals([client.atEnd, s.alive.connections], [true, 0]);
  const [{ message, fields }] = s.events;
  assertEquals(message, "idle for 1500ms: disconnected");
  assertEquals(fields.peer, `127.0.0.1:${client.localAddr.port}`);
});

Deno.test("EchoServer: a client that takes nothing is disconnected, and a line says so", () => {
  using s = new Served({ writeTimeout: 2_000 });
  const client = s.connect({ client: 4 });
  client.send("too much for it");
  s.time.advance(2_000);
  assertEquals(s.alive.connections, 0);
  assertEquals(s.said(), ["took nothing for 2s: disconnected"]);
});

Deno.test("EchoServer: a connection that breaks ends its client and no other", () => {
  using s = new Served();
  const [broken, whole] = [s.connect(), s.connect()];
  broken.peer.fail();
  s.time.settle();
  assertEquals([s.alive.connections, s.exchange(whole, "still here")], [1, "still here"]);
  assertEquals([s.said(), s.time.reported], [[], []]);
});

Deno.test("EchoServer: two hundred clients that come and break leave nothing behind", () => {
  using s = new Served();
  const before = s.alive;
  for (let i = 0; i < 200; i++) {
    const client = s.connect();
    client.send("hello");
    if (i % 2 === 0) s.time.settle();
    client.peer.fail();
    s.leave(client);
  }
  assertEquals(s.alive, before);
  assertEquals(s.time.runtime.statistics().timers, 0);
});

Deno.test("EchoServer: at the limit new clients wait in the backlog until one goes", () => {
  using s = new Served({ maxConnections: 2 });
  const [first] = [s.connect(), s.connect()];
  const waiting = s.connect();
  assertEquals([s.exchange(waiting, "me too"), s.listener.backlog], ["", 1]);
  assertEquals(s.said(), ["at the limit of 2 connections: new clients wait"]);
  s.leave(first);
  assertEquals([waiting.take(), s.listener.backlog], ["me too", 0]);
});

Deno.test("EchoServer: every permit comes back, however a client ends", () => {
  using s = new Served({ maxConnections: 2, idleTimeout: 100, writeTimeout: 100 });
  for (let round = 0; round < 3; round++) {
    const [idle, stalled] = [s.connect(), s.connect({ client: 1 })];
    stalled.send("abc");
    s.time.advance(100);
    const [broken, finished] = [s.connect(), s.connect()];
    broken.peer.fail();
    finished.tryShutdown();
    s.time.settle();
    assertEquals([idle.atEnd, finished.atEnd, s.alive.connections], [true, true, 0]);
  }
  assertEquals(s.exchange(s.connect(), "room"), "room");
});

Deno.test("EchoServer: at the limit new clients are refused where that is asked for", () => {
  using s = new Served({ maxConnections: 1, overflow: "refuse" });
  const first = s.connect();
  const refused = s.connect();
  assert(refused.atEnd);
  assertEquals(s.said(), ["at the limit of 1 connections: new clients are refused"]);
  s.leave(first);
  assertEquals(s.exchange(s.connect(), "now"), "now");
});

Deno.test("EchoServer: the limit is warned of once a second at most", () => {
  using s = new Served({ maxConnections: 1, overflow: "refuse" });
  s.connect();
  for (let i = 0; i < 3; i++) s.connect();
  s.time.advance(999);
  s.connect();
  assertEquals(s.said().length, 1);
  s.time.advance(1);
  s.connect();
  s.connect();
  assertEquals(s.said().length, 1);
});

Deno.test("EchoServer: a failed accept is tried again after a pause that doubles to a second", () => {
  using s = new Served();
  const pauses = ["10ms", "20ms", "40ms", "80ms", "160ms", "320ms", "640ms", "1s", "1s"];
  for (const _ of pauses) s.listener.fail(NO_DESCRIPTORS);
  s.time.advance(4_000);
  const lines = pauses.map((pause) => `accept: too many open files; trying again in ${pause}`);
  assertEquals(s.said(), lines);
});

Deno.test("EchoServer: nothing is accepted before the pause is over", () => {
  using s = new Served();
  s.listener.fail(NO_DESCRIPTORS);
  const client = s.connect();
  client.send("x");
  s.time.advance(9);
  assertEquals(client.take(), "");
  s.time.advance(1);
  assertEquals(client.take(), "x");
});

Deno.test("EchoServer: an accept that succeeds makes the next pause short again", () => {
  using s = new Served({ maxConnections: 1 });
  for (let i = 0; i < 3; i++) s.listener.fail(NO_DESCRIPTORS);
  s.leave(s.connect());
  s.time.advance(100);
  s.said();
  s.listener.fail(NO_DESCRIPTORS);
  s.time.settle();
  assertStringIncludes(s.said().join(), "again in 10ms");
});

Deno.test("EchoServer: a listener that is closed ends serving with that error", () => {
  using s = new Served();
  s.listener.close();
  s.time.settle();
  assertThrows(() => s.time.outcome(s.serving), Closed);
});

Deno.test("EchoServer: every client is told how many there are, at the interval", () => {
  using s = new Served({ statusInterval: 1_000, idleTimeout: 5_000 });
  const clients = [s.connect(), s.connect()];
  s.time.advance(999);
  assertEquals(clients.map((client) => client.take()), ["", ""]);
  s.time.advance(1);
  assertEquals(clients.map((client) => client.take()), [statusLine(2), statusLine(2)]);
  s.leave(clients[0]);
  s.time.advance(1_000);
  assertEquals([clients[1].take(), s.exchange(clients[1], "hi")], [statusLine(1), "hi"]);
});

Deno.test("EchoServer: being told does not count against idleness", () => {
  using s = new Served({ statusInterval: 100, idleTimeout: 1_000 });
  s.connect();
  s.time.advance(1_000);
  assertEquals(s.said(), ["idle for 1s: disconnected"]);
});

Deno.test("EchoServer: a client that takes no status line is disconnected in the end", () => {
  using s = new Served({ statusInterval: 100, idleTimeout: 0, writeTimeout: 1_000 });
  s.connect({ client: 4 });
  s.time.advance(1_100);
  assertEquals(s.alive.connections, 0);
});

Deno.test("EchoServer: a line a second tells connections and traffic", () => {
  using s = new Served({ stats: true });
  const client = s.connect();
  s.exchange(client, "x".repeat(500));
  s.time.advance(1_000);
  s.exchange(client, "x".repeat(300));
  s.time.advance(1_000);
  assertEquals(s.events.map(({ level, message, fields }) => [level, message, fields]), [
    ["info", "traffic", { connections: 1, in: "500B/s", out: "500B/s" }],
    ["info", "traffic", { connections: 1, in: "300B/s", out: "300B/s" }],
  ]);
});

Deno.test("EchoServer: what speaks by the clock ends with serving, clients go on", () => {
  using s = new Served({ stats: true, statusInterval: 1_000, idleTimeout: 0 });
  const client = s.connect();
  s.serving.abort();
  s.time.advance(5_000);
  assertEquals([s.said(), client.take(), s.exchange(client, "on")], [[], "", "on"]);
  assertEquals(s.alive.tasks, 1);
});
