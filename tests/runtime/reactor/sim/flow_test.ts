import { assertEquals, assertGreater, assertLess } from "../../../support/assert.ts";
import { drain, fill, read, send, SimRig, write } from "../../../support/sim_rig.ts";

const BUFFER_BYTES = 64 * 1024;

Deno.test("Flow: takes what the system buffers at both ends, and no more", async () => {
  const rig = new SimRig();
  const { here, there, one, other } = await rig.pair();
  rig.paths(here, there)[0].change({ fragmentation: 0 });
  assertEquals(fill(one), 2 * BUFFER_BYTES);
  await rig.pass(100);
  assertEquals([write(one), drain(other)], ["blocked", [BUFFER_BYTES, "blocked"]]);
});

Deno.test("Flow: bytes keep their order on a way that changes its speed", async () => {
  const rig = new SimRig();
  const { here, there, one, other } = await rig.pair();
  const [path] = rig.paths(here, there);
  path.worsen({ latency: 500 });
  send(one, "slow, ");
  path.recover();
  send(one, "quick");
  await rig.pass(100);
  assertEquals(read(other), "blocked");
  await rig.pass(500);
  assertEquals([read(other), read(other)], ["slow, ", "quick"]);
});

Deno.test("Flow: what gets lost is sent again, later and later", async () => {
  const rig = new SimRig();
  const { here, there, one, other } = await rig.pair();
  const [path] = rig.paths(here, there);
  path.worsen({ loss: 1 });
  send(one, "at last");
  await rig.pass(1_000);
  path.recover();
  assertEquals(read(other), "blocked");
  await rig.pass(1_000);
  assertEquals(read(other), "at last");
});

Deno.test("Flow: where everything gets lost it gives up after a minute", async () => {
  const rig = new SimRig();
  const { here, there, one } = await rig.pair();
  rig.paths(here, there)[0].worsen({ loss: 1 });
  send(one, "lost");
  await rig.pass(59_000);
  assertEquals(read(one), "blocked");
  await rig.pass(15_000);
  assertEquals(read(one), "timed-out");
});

Deno.test("Flow: an answer in between makes it patient again", async () => {
  const rig = new SimRig();
  const { here, there, one, other } = await rig.pair();
  for (let i = 0; i < 5; i++) {
    rig.setPartition(here, there, true);
    send(one, `${i}`);
    await rig.pass(40_000);
    rig.setPartition(here, there, false);
    await rig.pass(15_000);
  }
  assertEquals(Array.from({ length: 5 }, () => read(other)).join(""), "01234");
});

Deno.test("Flow: bandwidth slows a large write down", async () => {
  const rig = new SimRig();
  const { here, there, one, other } = await rig.pair();
  rig.paths(here, there)[0].change({ bandwidth: 100 });
  send(one, "x".repeat(50_000));
  await rig.pass(250);
  const [early] = drain(other);
  assertGreater(early, 0);
  assertLess(early, 30_000);
  await rig.pass(1_000);
  assertEquals(early + drain(other)[0], 50_000);
});

Deno.test("Flow: a reset on a way that is shut gets lost", async () => {
  const rig = new SimRig();
  const { here, there, one, other } = await rig.pair();
  send(other, "unread");
  await rig.pass(10);
  rig.setPartition(here, there, true);
  one.close();
  await rig.idle();
  assertEquals([read(other), read(other)], ["blocked", "blocked"]);
});

Deno.test("Flow: what the dead had under way is not sent again, and a reset outruns it", async () => {
  const rig = new SimRig();
  const { here, there, one, other } = await rig.pair();
  send(other, "unread");
  await rig.pass(10);
  const [path] = rig.paths(here, there);
  path.worsen({ latency: 5 });
  send(one, "lost on the way");
  await rig.pass(4);
  path.shut();
  rig.kernel.at(rig.kernel.now + 3, () => path.open());
  one.close();
  await rig.pass(10);
  assertEquals(read(other), "connection-reset");
});

Deno.test("Flow: the dead wait for no answer", async () => {
  const rig = new SimRig();
  const { here, there, one, other } = await rig.pair();
  rig.paths(here, there)[0].change({ fragmentation: 0 });
  send(other, "unread");
  await rig.pass(10);
  rig.paths(there, here)[0].shut();
  send(one, "first, ");
  send(one, "second");
  await rig.pass(10);
  assertEquals([read(other), read(other)], ["first, ", "blocked"], "the first was not answered");
  one.close();
  await rig.pass(10);
  assertEquals([read(other), read(other)], ["second", "connection-reset"]);
});

Deno.test("Flow: nobody asks for the answer that a machine without power waited for", async () => {
  const rig = new SimRig();
  const { here, there, one, other } = await rig.pair();
  rig.paths(there, here)[0].shut();
  send(one, "last words");
  await rig.pass(10);
  here.die("power");
  await rig.idle();
  assertEquals([read(other), read(other)], ["last words", "blocked"]);
});

Deno.test("Flow: what a machine had under way when its power was cut is not sent again", async () => {
  const rig = new SimRig();
  const { here, there, one, other } = await rig.pair();
  send(other, "lost");
  rig.setPartition(here, there, true);
  there.die("power");
  await rig.pass(10);
  rig.setPartition(here, there, false);
  await rig.pass(30_000);
  assertEquals(read(one), "blocked");
});

Deno.test("Flow: a refusal that gets lost comes again, because the sender asks again", async () => {
  const rig = new SimRig();
  const { here, there, one } = await rig.pair();
  there.die("power");
  there.machine.reachable = true;
  rig.paths(there, here)[0].shut();
  send(one, "anybody there?");
  await rig.pass(5_000);
  assertEquals(read(one), "blocked");
  rig.network.heal();
  await rig.pass(10_000);
  assertEquals(read(one), "connection-reset");
});
