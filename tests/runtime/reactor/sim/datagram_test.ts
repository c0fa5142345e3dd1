import { Closed, type DatagramSource, IoError, READABLE, type UdpAddress } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../../support/assert.ts";
import { bytes, textOf } from "../../../support/bytes.ts";
import type { LinkOptions } from "../../../../runtime/reactor/sim/link.ts";
import { outcomeOf, SimRig } from "../../../support/sim_rig.ts";

const PORT = 53;
const THERE: UdpAddress = { transport: "udp", host: "there", port: PORT };

function rigOfTwo() {
  const rig = new SimRig();
  const [here, there] = [rig.host("here"), rig.host("there")];
  return { rig, here, there, one: here.bindUdp(0), other: there.bindUdp(PORT) };
}

/** Everything that has come. */
function taken(socket: DatagramSource): string[] {
  const into = new Uint8Array(10);
  for (const texts: string[] = [];;) {
    const text = outcomeOf(() => socket.tryRecvFrom(into), ({ n }) => textOf(into.subarray(0, n)));
    if (text === "blocked") return texts;
    texts.push(text);
  }
}

/** Sends the numbers up to `count` and answers how they arrive. */
async function carried(count: number, trouble: LinkOptions) {
  const { rig, here, there, one, other } = rigOfTwo();
  rig.paths(here, there)[0].worsen({ latency: 1, ...trouble });
  for (let i = 0; i < count; i++) one.trySendTo(bytes(`${i}`), THERE);
  await rig.idle();
  return taken(other).map(Number);
}

Deno.test("SimDatagram: arrives whole after the way, with its sender's address", async () => {
  const { rig, here, there, one, other } = rigOfTwo();
  assertEquals(outcomeOf(() => one.trySendTo(bytes("hello"), THERE)), "5");
  one.tryFlush();
  assertEquals(taken(other), []);
  await rig.pass(10);
  assertEquals(there.registrar.deliveries(other.token, READABLE), 1);
  const into = new Uint8Array(2);
  const from = { ...one.localAddr, host: here.machine.ip };
  assertEquals(other.tryRecvFrom(into), { n: 2, from, truncated: true });
});

Deno.test("SimDatagram: some get lost, some come twice, and their order is free", async () => {
  const lossy = await carried(200, { loss: 0.3 });
  assert(lossy.length > 100 && lossy.length < 180);
  assertEquals(lossy, lossy.toSorted((one, other) => one - other));
  const doubled = await carried(100, { duplication: 0.3 });
  assertEquals(new Set(doubled).size, 100);
  assert(doubled.length > 110 && doubled.length < 150);
  const shuffled = await carried(100, { latency: [1, 5] });
  const sorted = shuffled.toSorted((one, other) => one - other);
  assertEquals([sorted.length, shuffled.join() === sorted.join()], [100, false]);
});

Deno.test("SimDatagram: a partition swallows what arrives while it lasts", async () => {
  const { rig, here, there, one, other } = rigOfTwo();
  one.trySendTo(bytes("caught"), THERE);
  rig.setPartition(here, there, true);
  await rig.pass(10);
  rig.setPartition(here, there, false);
  one.trySendTo(bytes("free"), THERE);
  await rig.pass(10);
  assertEquals(taken(other), ["free"]);
});

Deno.test("SimDatagram: nobody hears it at a dead process, and the next one at its port does", async () => {
  const { rig, there, one } = rigOfTwo();
  there.die("crash");
  one.trySendTo(bytes("lost"), THERE);
  await rig.pass(10);
  const young = there.bindUdp(PORT);
  one.trySendTo(bytes("heard"), THERE);
  await rig.pass(10);
  assertEquals(taken(young), ["heard"]);
});

Deno.test("SimDatagram: a receiver that does not take loses the newest, and counts", async () => {
  const { rig, one, other } = rigOfTwo();
  for (let i = 0; i < 10; i++) one.trySendTo(new Uint8Array(60_000), THERE);
  await rig.pass(10);
  assertEquals([other.dropped, taken(other).length], [7, 3]);
});

Deno.test("SimDatagram: what cannot be sent is an error of its sender", () => {
  const { one, here } = rigOfTwo();
  const nowhere: UdpAddress = { ...THERE, host: "nowhere" };
  assertEquals(outcomeOf(() => one.trySendTo(bytes("x"), nowhere)), "host-not-found");
  assertEquals(outcomeOf(() => one.trySendTo(new Uint8Array(65_508), THERE)), "message-too-long");
  const loopback = here.bindUdp(0, "127.0.0.1");
  assertThrows(() => loopback.trySendTo(bytes("x"), THERE), IoError, "invalid argument");
  assertEquals(outcomeOf(() => loopback.trySendTo(bytes("x"), { ...THERE, host: "here" })), "1");
});

Deno.test("SimDatagram: what it sent arrives after its close, and it is gone", async () => {
  const { rig, here, one, other } = rigOfTwo();
  one.trySendTo(bytes("last"), THERE);
  one.close();
  one.close();
  await rig.pass(10);
  assertEquals(taken(other), ["last"]);
  assertEquals([here.machine.sockets, here.registrar.live.size], [0, 0]);
  assertThrows(() => one.trySendTo(bytes("x"), THERE), Closed);
  assertThrows(() => one.tryRecvFrom(new Uint8Array(1)), Closed);
  assertThrows(() => one.tryFlush(), Closed);
});
