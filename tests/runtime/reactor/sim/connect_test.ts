import { Closed, type ConnectSource, WRITABLE } from "wakeful/runtime";
import { assertEquals, assertGreater, assertLess, assertThrows } from "../../../support/assert.ts";
import { done, outcomeOf, read, send, SimRig, tcp, unix } from "../../../support/sim_rig.ts";

/** How an attempt stands, in words. */
function stateOf(attempt: ConnectSource): string {
  return outcomeOf(() => attempt.tryConnect(), () => "connected");
}

/** Two machines, one of which listens on port 80. */
function rigOfTwo(backlog?: number) {
  const rig = new SimRig();
  const [here, there] = [rig.host("here"), rig.host("there")];
  return { rig, here, there, listener: there.listen(80, backlog), address: tcp("there", 80) };
}

Deno.test("SimConnect: takes a way there and back, and both ends know each other", async () => {
  const { rig, here, listener, address } = rigOfTwo();
  const attempt = here.connect(address);
  assertEquals([stateOf(attempt), outcomeOf(() => listener.tryAccept())], ["blocked", "blocked"]);
  await rig.pass(10);
  assertEquals(here.registrar.deliveries(attempt.token, WRITABLE), 1);
  const [one, other] = [done(attempt.tryConnect()), done(listener.tryAccept())];
  assertEquals([one.localAddr, one.peerAddr], [other.peerAddr, other.localAddr]);
  assertEquals(one.peerAddr, tcp("10.0.0.2", 80));
  assertThrows(() => attempt.tryConnect(), Closed);
  await rig.idle();
  assertLess(rig.kernel.now, 1_100, "no request is sent again");
});

Deno.test("SimConnect: where nobody listens it is refused", async () => {
  const { rig, here } = rigOfTwo();
  const attempt = here.connect(tcp("there", 81));
  await rig.pass(10);
  assertEquals(stateOf(attempt), "connection-refused");
});

Deno.test("SimConnect: after the listener's close, and its process's death, it is refused", async () => {
  const { rig, here, there, listener, address } = rigOfTwo();
  listener.close();
  const first = here.connect(address);
  await rig.pass(10);
  there.listen(80);
  there.die("crash");
  const second = here.connect(address);
  await rig.pass(10);
  assertEquals([stateOf(first), stateOf(second)], ["connection-refused", "connection-refused"]);
});

Deno.test("SimConnect: a name that nobody has is not found", async () => {
  const { rig, here } = rigOfTwo();
  const attempt = here.connect(tcp("nowhere", 80));
  await rig.pass(1);
  assertEquals(stateOf(attempt), "host-not-found");
});

Deno.test("SimConnect: a request that gets lost is sent again, later each time", async () => {
  const { rig, here, there, address } = rigOfTwo();
  rig.setPartition(here, there, true);
  const attempt = here.connect(address);
  await rig.pass(6_000);
  rig.setPartition(here, there, false);
  await rig.until(6_900);
  assertEquals(stateOf(attempt), "blocked");
  await rig.until(7_010);
  assertEquals(stateOf(attempt), "connected");
});

Deno.test("SimConnect: gives up after two minutes", async () => {
  const { rig, here, there, address } = rigOfTwo();
  rig.setPartition(here, there, true);
  const attempt = here.connect(address);
  await rig.until(126_900);
  assertEquals(stateOf(attempt), "blocked");
  await rig.until(127_100);
  assertEquals(stateOf(attempt), "timed-out");
});

Deno.test("SimConnect: without the answer neither end has a connection", async () => {
  const { rig, here, there, listener, address } = rigOfTwo();
  rig.paths(there, here)[0].shut();
  const attempt = here.connect(address);
  await rig.pass(200_000);
  assertEquals(stateOf(attempt), "timed-out");
  assertEquals(outcomeOf(() => listener.tryAccept()), "blocked");
});

Deno.test("SimConnect: until its first word gets through, the listener has no connection", async () => {
  const { rig, here, there, listener, address } = rigOfTwo();
  const attempt = here.connect(address);
  rig.kernel.at(1.4, () => rig.paths(here, there)[0].shut());
  await rig.pass(100);
  const stream = done(attempt.tryConnect());
  send(stream, "hello");
  await rig.pass(5_000);
  assertEquals(outcomeOf(() => listener.tryAccept()), "blocked");
  rig.network.heal();
  await rig.pass(10_000);
  assertEquals(read(done(listener.tryAccept())), "hello");
});

Deno.test("SimConnect: a machine without power leaves it unanswered", async () => {
  const { rig, here, there, address } = rigOfTwo();
  there.die("power");
  const attempt = here.connect(address);
  await rig.pass(2_000);
  assertEquals(stateOf(attempt), "blocked");
  there.machine.reachable = true;
  await rig.pass(2_000);
  assertEquals(stateOf(attempt), "connection-refused");
});

Deno.test("SimConnect: a full backlog leaves it unanswered until somebody accepts", async () => {
  const { rig, here, listener, address } = rigOfTwo(1);
  const attempts: ConnectSource[] = [];
  for (let i = 0; i < 3; i++) {
    attempts.push(here.connect(address));
    await rig.pass(10);
  }
  assertEquals(attempts.map(stateOf), ["connected", "connected", "blocked"]);
  done(listener.tryAccept());
  await rig.pass(4_000);
  assertEquals(stateOf(attempts[2]), "connected");
});

Deno.test("SimConnect: one that was abandoned in time is never accepted", async () => {
  const { rig, here, listener, address } = rigOfTwo();
  const attempt = here.connect(address);
  attempt.close();
  attempt.close();
  await rig.idle();
  assertEquals(outcomeOf(() => listener.tryAccept()), "blocked");
  assertEquals([here.registrar.live.size, here.machine.sockets], [0, 0]);
  here.listen(32_768); // the port that it had taken
});

Deno.test("SimConnect: one that was abandoned late shows the end", async () => {
  const { rig, here, listener, address } = rigOfTwo();
  const attempt = here.connect(address);
  await rig.pass(10);
  attempt.close();
  await rig.pass(10);
  assertEquals(read(done(listener.tryAccept())), "end");
  assertEquals(here.registrar.live.size, 0);
});

Deno.test("SimConnect: a Unix path tells a missing file from one that nobody listens on", async () => {
  const { rig, here } = rigOfTwo();
  const missing = here.connect(unix("/run/no.sock"));
  here.listen(unix("/run/dead.sock"));
  here.die("crash");
  const abandoned = here.connect(unix("/run/dead.sock"));
  await rig.pass(10);
  assertEquals([stateOf(missing), stateOf(abandoned)], ["not-found", "connection-refused"]);
});

Deno.test("SimConnect: loses requests and answers on a bad link, and comes through", async () => {
  const { rig, here, there, address } = rigOfTwo();
  for (const path of rig.paths(here, there)) path.worsen({ loss: 0.5 });
  const attempts = Array.from({ length: 50 }, () => here.connect(address));
  await rig.pass(100);
  const waiting = attempts.filter((attempt) => stateOf(attempt) === "blocked");
  assertGreater(waiting.length, 10);
  await rig.pass(130_000);
  const late = new Set(waiting.map(stateOf));
  assertEquals([...late].filter((state) => !["connected", "timed-out"].includes(state)), []);
  assertGreater(waiting.length, 0);
});

Deno.test("SimConnect: where every request gets lost, and where every answer does, it gives up", async () => {
  for (const lossy of [0, 1]) {
    const { rig, here, there, address } = rigOfTwo();
    rig.paths(here, there)[lossy].worsen({ loss: 1 });
    const attempt = here.connect(address);
    await rig.pass(128_000);
    assertEquals(stateOf(attempt), "timed-out");
  }
});

Deno.test("SimConnect: a client with nothing to say does not mind that its first word is late", async () => {
  const { rig, here, there, listener, address } = rigOfTwo();
  const attempt = here.connect(address);
  rig.kernel.at(1.4, () => rig.paths(here, there)[0].shut());
  await rig.pass(300_000);
  const client = done(attempt.tryConnect());
  assertEquals(read(client), "blocked");
  rig.network.heal();
  await rig.pass(20_000);
  assertEquals([read(client), read(done(listener.tryAccept()))], ["blocked", "blocked"]);
});
