import { Closed, READABLE } from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../../support/assert.ts";
import { done, outcomeOf, read, send, SimRig, tcp, write } from "../../../support/sim_rig.ts";

/** A machine whose listener has one connection that nobody has accepted. */
async function withOneWaiting() {
  const rig = new SimRig();
  const [here, there] = [rig.host("here"), rig.host("there")];
  const listener = there.listen(80);
  const attempt = here.connect(tcp("there", 80));
  await rig.pass(10);
  return { rig, there, listener, client: done(attempt.tryConnect()) };
}

Deno.test("SimListener: hands out connections in the order of coming, with their bytes", async () => {
  const { rig, there, listener, client } = await withOneWaiting();
  assertEquals(there.registrar.deliveries(listener.token, READABLE), 1);
  send(client, "early");
  await rig.pass(10);
  const stream = done(listener.tryAccept());
  assertEquals(read(stream), "early");
  assertEquals(outcomeOf(() => listener.tryAccept()), "blocked");
});

Deno.test("SimListener: its close resets whoever was not accepted", async () => {
  const { rig, there, listener, client } = await withOneWaiting();
  listener.close();
  listener.close();
  assertThrows(() => listener.tryAccept(), Closed);
  await rig.pass(10);
  assertEquals([read(client), write(client)], ["connection-reset", "broken-pipe"]);
  assertEquals([there.registrar.live.size, there.machine.sockets], [0, 0]);
});

Deno.test("SimListener: its process's death resets whoever was not accepted", async () => {
  const { rig, there, client } = await withOneWaiting();
  there.die("crash");
  await rig.pass(10);
  assertEquals(read(client), "connection-reset");
});

Deno.test("SimListener: a power cut tells nobody", async () => {
  const { rig, there, client } = await withOneWaiting();
  there.die("power");
  await rig.pass(10);
  assertEquals(read(client), "blocked");
  assertEquals(there.machine.sockets, 0);
});

Deno.test("SimListener: a connection that finds it closed is reset", async () => {
  const rig = new SimRig();
  const [here, there] = [rig.host("here"), rig.host("there")];
  const listener = there.listen(80);
  const attempt = here.connect(tcp("there", 80));
  rig.kernel.at(1.4, () => rig.paths(here, there)[0].shut());
  await rig.pass(10);
  const client = done(attempt.tryConnect());
  listener.close();
  rig.network.heal();
  await rig.pass(5_000);
  assertEquals(read(client), "connection-reset");
  assertEquals(there.registrar.live.size, 0);
});

Deno.test("SimListener: who came too many at once waits, with its bytes, until there is room", async () => {
  const rig = new SimRig();
  const [here, there] = [rig.host("here"), rig.host("there")];
  const listener = there.listen(80, 1);
  const attempts = [1, 2, 3].map(() => here.connect(tcp("there", 80)));
  await rig.pass(10);
  attempts.forEach((attempt, i) => send(done(attempt.tryConnect()), `${i}`));
  await rig.pass(10);
  const accept = () => outcomeOf(() => listener.tryAccept(), (stream) => read(stream));
  const early = [accept(), accept(), accept()];
  assertEquals(early[2], "blocked");
  await rig.pass(5_000);
  assertEquals([...early.slice(0, 2), accept()].sort(), ["0", "1", "2"]);
});
