import type { ServerOptions } from "../../../commands/echo-server/server.ts";
import { assert, assertEquals, assertFalse } from "../../support/assert.ts";
import { Served } from "./served.ts";

/** A server that is told to drain once `clients` have connected. */
function draining(clients: number, options: Partial<ServerOptions> = {}) {
  const served = new Served({ drainTimeout: 1_000, ...options });
  const connected = Array.from({ length: clients }, () => served.connect());
  served.serving.abort();
  const drain = served.time.spawn(() => served.server.drain());
  served.time.settle();
  return { served, connected, drain, [Symbol.dispose]: () => served[Symbol.dispose]() };
}

Deno.test("drain: without clients it is over at once and says nothing", () => {
  using d = draining(0);
  assert(d.drain.isFinished());
  assertEquals(d.served.said(), []);
});

Deno.test("drain: clients go on being served", () => {
  using d = draining(2);
  assertEquals(d.served.exchange(d.connected[0], "still"), "still");
  assertEquals(d.served.said(), ["no new clients; 2 clients may finish within 1s"]);
});

Deno.test("drain: is over as soon as the last client has gone", () => {
  using d = draining(2);
  d.served.leave(d.connected[0]);
  assertFalse(d.drain.isFinished());
  d.served.leave(d.connected[1]);
  assert(d.drain.isFinished());
  assertEquals(d.served.time.runtime.statistics().timers, 0);
});

Deno.test("drain: closes those that have not finished when the time is up", () => {
  using d = draining(3);
  d.served.leave(d.connected[0]);
  d.served.said();
  d.served.time.advance(999);
  assertFalse(d.connected[1].atEnd);
  d.served.time.advance(1);
  assertEquals(d.connected.slice(1).map((client) => client.atEnd), [true, true]);
  assertEquals(d.served.said(), ["closed 2 clients that did not finish in time"]);
  assert(d.drain.isFinished());
  assertEquals([d.served.alive.connections, d.served.alive.tasks], [0, 0]);
  assertEquals(d.served.time.reported, []);
});

Deno.test("drain: a timeout of zero closes everybody at once", () => {
  using d = draining(2, { drainTimeout: 0 });
  assert(d.drain.isFinished());
  assertEquals(d.connected.map((client) => client.atEnd), [true, true]);
});

Deno.test("drain: closes clients whose task had not begun", () => {
  using s = new Served({ drainTimeout: 0 });
  const client = s.listener.connect();
  const drain = s.time.spawn(function* () {
    assertEquals(s.server.traffic.connections, 1);
    s.serving.abort();
    yield* s.server.drain();
  });
  s.time.settle();
  assertEquals(s.time.outcome(drain), undefined);
  assertEquals([client.atEnd, s.alive.connections, s.alive.tasks], [true, 0, 0]);
});

Deno.test("drain: a client that stalls is closed like the others", () => {
  using s = new Served({ drainTimeout: 500, writeTimeout: 0 });
  const client = s.connect({ client: 2 });
  client.send("more than it takes");
  s.time.settle();
  s.serving.abort();
  const drain = s.time.spawn(() => s.server.drain());
  s.time.advance(500);
  assert(drain.isFinished());
  assertEquals([client.take(), client.atEnd, s.alive.connections], ["mo", true, 0]);
});
