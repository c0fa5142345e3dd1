import { Closed, READABLE, WouldBlock } from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../../support/assert.ts";
import { SimRig } from "../../../support/sim_rig.ts";

Deno.test("SimSignal: one try takes one delivery, and a waiter is told", () => {
  const { machine, driver, registrar } = new SimRig().host("alone");
  const signal = driver.signal("SIGTERM", registrar);
  assertEquals(signal.tryReceive(), WouldBlock);
  for (const listener of machine.signals) listener.arrive();
  assertEquals(registrar.deliveries(signal.token, READABLE), 1);
  assertEquals([signal.tryReceive(), signal.tryReceive()], [undefined, WouldBlock]);
});

Deno.test("SimSignal: its machine knows what it listens for, until its close", () => {
  const { machine, driver, registrar } = new SimRig().host("alone");
  const signal = driver.signal("SIGHUP", registrar);
  assertEquals([...machine.signals].map(({ name }) => name), ["SIGHUP"]);
  signal.close();
  assertEquals([machine.signals.size, registrar.live.size], [0, 0]);
  assertThrows(() => signal.tryReceive(), Closed);
});
