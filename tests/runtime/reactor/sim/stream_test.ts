import { Closed, READABLE, WRITABLE } from "wakeful/runtime";
import { assert, assertEquals, assertGreater, assertThrows } from "../../../support/assert.ts";
import { done, drain, fill, read, send, SimRig, write } from "../../../support/sim_rig.ts";

Deno.test("SimStream: what is written arrives after the way, and its reader is told", async () => {
  const rig = new SimRig();
  const { one, other, there } = await rig.pair();
  const before = there.registrar.deliveries(other.token, READABLE);
  send(one, "hello");
  assertEquals(read(other), "blocked");
  await rig.pass(10);
  assertGreater(there.registrar.deliveries(other.token, READABLE), before);
  assertEquals([read(other, 2), read(other), read(other)], ["he", "llo", "blocked"]);
});

Deno.test("SimStream: the end comes behind the bytes, and the other direction goes on", async () => {
  const rig = new SimRig();
  const { one, other } = await rig.pair();
  send(one, "last words");
  one.tryShutdown();
  await rig.pass(10);
  assertEquals([read(other), read(other), read(other)], ["last words", "end", "end"]);
  assertEquals(write(one), "broken-pipe");
  send(other, "heard");
  await rig.pass(10);
  assertEquals([read(one), read(one)], ["heard", "blocked"]);
});

Deno.test("SimStream: close delivers what was taken, however slow the peer reads", async () => {
  const rig = new SimRig();
  const { one, other } = await rig.pair();
  const sent = fill(one);
  one.close();
  await rig.pass(1_000);
  let received = 0;
  for (let last = ""; last !== "end";) {
    const [n, outcome] = drain(other);
    [received, last] = [received + n, outcome];
    await rig.pass(10);
  }
  assertEquals(received, sent);
});

Deno.test("SimStream: a peer that does not read makes the writer wait until it reads", async () => {
  const rig = new SimRig();
  const { here, one, other } = await rig.pair();
  fill(one);
  await rig.pass(50);
  fill(one);
  await rig.pass(50);
  const told = here.registrar.deliveries(one.token, WRITABLE);
  assertEquals(write(one), "blocked");
  await rig.pass(60_000);
  assertEquals([write(one), here.registrar.deliveries(one.token, WRITABLE)], ["blocked", told]);
  drain(other);
  await rig.pass(50);
  assertGreater(here.registrar.deliveries(one.token, WRITABLE), told);
  assertEquals(write(one), "1");
});

Deno.test("SimStream: closing with unread bytes resets the peer behind what is under way", async () => {
  const rig = new SimRig();
  const { one, other } = await rig.pair();
  send(one, "nobody reads this");
  await rig.pass(10);
  send(other, "under way");
  other.close();
  await rig.pass(10);
  assertEquals(read(one), "under way");
  assertEquals([read(one), read(one)], ["connection-reset", "end"], "told once");
  assertEquals([write(one), write(one)], ["broken-pipe", "broken-pipe"]);
});

Deno.test("SimStream: what does not fit into the peer's buffer is lost by a reset", async () => {
  const rig = new SimRig();
  const { one, other } = await rig.pair();
  send(one, "unread");
  const sent = fill(other);
  other.close();
  await rig.pass(10);
  const [received, last] = drain(one);
  assertEquals([received, received < sent], [64 * 1024, true]);
  assertEquals(last, "connection-reset");
});

Deno.test("SimStream: a reset is told to the first who asks, be it a writer", async () => {
  const rig = new SimRig();
  const { one, other } = await rig.pair();
  send(one, "unread");
  await rig.pass(10);
  other.close();
  await rig.pass(10);
  assertEquals([write(one), write(one), read(one)], ["connection-reset", "broken-pipe", "end"]);
});

Deno.test("SimStream: writing after the peer's close is answered by a reset", async () => {
  const rig = new SimRig();
  const { one, other } = await rig.pair();
  send(other, "bye");
  other.close();
  await rig.pass(10);
  assertEquals(write(one), "1");
  await rig.pass(10);
  assertEquals([write(one), write(one)], ["broken-pipe", "broken-pipe"]);
  assertEquals([read(one), read(one)], ["bye", "end"], "the end had come before");
});

Deno.test("SimStream: one direction's end may cross the other's bytes", async () => {
  const rig = new SimRig();
  const { one, other } = await rig.pair();
  send(one, "question");
  one.tryShutdown();
  other.tryShutdown();
  await rig.pass(10);
  assertEquals([read(other), read(other), read(one)], ["question", "end", "end"]);
});

Deno.test("SimStream: a process that dies is closed in order by its system", async () => {
  const rig = new SimRig();
  const { there, one, other } = await rig.pair();
  const sent = fill(other);
  there.die("crash");
  await rig.pass(100);
  const [first] = drain(one);
  await rig.pass(100);
  const [second, last] = drain(one);
  assertEquals([first + second, last], [sent, "end"]);
  assertThrows(() => read(other), Closed);
});

Deno.test("SimStream: a process that dies with unread bytes resets its peers", async () => {
  const rig = new SimRig();
  const { there, one } = await rig.pair();
  send(one, "unread");
  await rig.pass(10);
  there.die("crash");
  await rig.pass(10);
  assertEquals(read(one), "connection-reset");
});

Deno.test("SimStream: of a power cut a peer learns only when it sends, after a minute", async () => {
  const rig = new SimRig();
  const { there, one, other } = await rig.pair();
  send(other, "under way");
  there.die("power");
  await rig.pass(600_000);
  assertEquals([read(one), read(one), write(one)], ["under way", "blocked", "1"]);
  await rig.pass(50_000);
  assertEquals(read(one), "blocked");
  await rig.pass(30_000);
  assertEquals([read(one), read(one), write(one)], ["timed-out", "end", "broken-pipe"]);
});

Deno.test("SimStream: a machine that has its power again resets whoever sends", async () => {
  const rig = new SimRig();
  const { there, one } = await rig.pair();
  there.die("power");
  send(one, "anybody there?");
  await rig.pass(5_000);
  assertEquals(read(one), "blocked");
  there.machine.reachable = true;
  await rig.pass(20_000);
  assertEquals(read(one), "connection-reset");
});

Deno.test("SimStream: a machine that has its power again resets whoever ends", async () => {
  const rig = new SimRig();
  const { there, one } = await rig.pair();
  there.die("power");
  there.machine.reachable = true;
  one.tryShutdown();
  await rig.pass(10);
  assertEquals(read(one), "connection-reset");
});

Deno.test("SimStream: a writer that waits for room learns of a power cut as well", async () => {
  const rig = new SimRig();
  const { there, one } = await rig.pair();
  fill(one);
  await rig.pass(100);
  fill(one);
  await rig.pass(100);
  there.die("power");
  await rig.pass(100_000);
  assertEquals(write(one), "timed-out");
});

Deno.test("SimStream: a reset that gets lost is sent again when the peer sends", async () => {
  const rig = new SimRig();
  const { here, there, one, other } = await rig.pair();
  send(one, "unread");
  await rig.pass(10);
  rig.setPartition(here, there, true);
  other.close();
  await rig.pass(10_000);
  rig.setPartition(here, there, false);
  await rig.pass(10_000);
  assertEquals(read(one), "blocked");
  send(one, "anybody there?");
  await rig.pass(10);
  assertEquals(read(one), "connection-reset");
});

Deno.test("SimStream: bytes written during a partition arrive when it has healed", async () => {
  const rig = new SimRig();
  const { here, there, one, other } = await rig.pair();
  rig.paths(here, there)[0].change({ fragmentation: 0 });
  send(one, "before, ");
  rig.setPartition(here, there, true);
  send(one, "during, ");
  await rig.pass(30_000);
  assertEquals(read(other), "blocked");
  rig.setPartition(here, there, false);
  send(one, "after");
  await rig.pass(20_000);
  assertEquals(read(other) + read(other) + read(other), "before, during, after");
});

Deno.test("SimStream: whoever has nothing to send sleeps through a partition", async () => {
  const rig = new SimRig();
  const { here, there, one, other } = await rig.pair();
  rig.setPartition(here, there, true);
  await rig.pass(3_600_000);
  rig.setPartition(here, there, false);
  send(one, "good morning");
  await rig.pass(10);
  assertEquals([read(other), read(one)], ["good morning", "blocked"]);
});

Deno.test("SimStream: without answers a sender gives up, although all of it has arrived", async () => {
  const rig = new SimRig();
  const { here, there, one, other } = await rig.pair();
  rig.paths(there, here)[0].shut();
  send(one, "do you hear me?");
  await rig.pass(80_000);
  assertEquals([read(other), read(other), read(one)], ["do you hear me?", "blocked", "timed-out"]);
});

Deno.test("SimStream: an end that gave up resets what still comes for it", async () => {
  const rig = new SimRig();
  const { here, there, one, other } = await rig.pair();
  rig.setPartition(here, there, true);
  send(one, "x");
  await rig.pass(80_000);
  rig.setPartition(here, there, false);
  send(other, "are you there?");
  await rig.pass(10);
  assertEquals([read(one), read(other)], ["timed-out", "connection-reset"]);
});

Deno.test("SimStream: closing gives back its token and its port, and may be done twice", async () => {
  const rig = new SimRig();
  const { here, there, listener, one, other } = await rig.pair();
  for (const end of [one, other, other, listener]) end.close();
  await rig.idle();
  assertEquals([here.registrar.live.size, there.registrar.live.size], [0, 0]);
  assertEquals([here.machine.sockets, there.machine.sockets], [0, 0]);
  for (const use of [read, write]) assertThrows(() => use(one), Closed);
  assertThrows(() => one.tryFlush(), Closed);
});

Deno.test("SimStream: abort closes, and flush has nothing to wait for", async () => {
  const rig = new SimRig();
  const { one, other } = await rig.pair();
  send(one, "x");
  done(one.tryFlush());
  one.setNoDelay(true);
  one.abort();
  await rig.pass(10);
  assert(read(other) === "x" && read(other) === "end");
});
