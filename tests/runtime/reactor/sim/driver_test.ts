import { Closed } from "wakeful/runtime";
import { SimClock, SimDriver } from "../../../../runtime/reactor/sim/driver.ts";
import { assertEquals, assertThrows } from "../../../support/assert.ts";
import { Recorder } from "../../../support/recorder.ts";
import { SimRig, tcp, unix } from "../../../support/sim_rig.ts";

/** A driver whose rests are recorded, on a clock of that rate. */
function rigOfOne(rate = 1) {
  const rig = new SimRig();
  const clock = new SimClock(rig.kernel, 1_000_000, rate);
  const driver = new SimDriver(rig.host("alone").machine, clock);
  const log = new Recorder();
  const park = (deadline: number) =>
    driver.park(clock.now(), deadline, () => log.note(`${Math.round(rig.kernel.now)}`));
  return { rig, clock, driver, log, park };
}

Deno.test("SimDriver: rests until its deadline", async () => {
  const { rig, log, park } = rigOfOne();
  park(5);
  await rig.idle();
  assertEquals(log.line, "5");
});

Deno.test("SimDriver: a rest without deadline ends by unpark, once", async () => {
  const { rig, driver, log, park } = rigOfOne();
  park(Infinity);
  rig.kernel.at(3, () => {
    driver.unpark();
    driver.unpark();
  });
  await rig.idle();
  driver.unpark();
  await rig.idle();
  assertEquals([log.line, rig.kernel.turns], ["3", 1]);
});

Deno.test("SimDriver: an alarm that was set too late is set anew", async () => {
  const { rig, driver, log, park } = rigOfOne();
  park(50);
  rig.kernel.at(1, () => driver.unpark());
  await rig.until(2);
  park(10);
  await rig.idle();
  assertEquals(log.line, "1 10");
});

Deno.test("SimDriver: a yield ends by itself", async () => {
  const { rig, driver, log } = rigOfOne();
  driver.yield(() => log.note("again"));
  await rig.idle();
  assertEquals(log.line, "again");
});

Deno.test("SimDriver: while paused it does not go on, and then makes up for it", async () => {
  const { rig, driver, log, park } = rigOfOne();
  park(5);
  driver.setPaused(true);
  rig.kernel.at(20, () => driver.setPaused(false));
  await rig.idle();
  assertEquals(log.line, "20");
});

Deno.test("SimDriver: a pause catches it on its way", async () => {
  const { rig, driver, log, park } = rigOfOne();
  park(Infinity);
  driver.unpark();
  driver.setPaused(true);
  await rig.until(5);
  driver.setPaused(false);
  await rig.idle();
  assertEquals(log.line, "5");
});

Deno.test("SimDriver: a closed one does not go on", async () => {
  const { rig, driver, log, park } = rigOfOne();
  park(5);
  driver.unpark();
  driver.close();
  await rig.idle();
  assertEquals([log.line, rig.kernel.now < 1], ["", true]);
});

Deno.test("SimDriver: what a dead process still asks for does not happen", () => {
  const { machine, driver, registrar } = new SimRig().host("alone");
  const at = unix("/run/a.sock");
  driver.listen(at, {}, registrar);
  driver.kill("crash");
  driver.removeSocketFile(at.path);
  assertEquals([machine.hasSocketFile(at.path), machine.sockets], [true, 0]);
  const udp = { transport: "udp", host: "0.0.0.0", port: 0 } as const;
  for (
    const use of [
      () => driver.listen(tcp("0.0.0.0", 0), {}, registrar),
      () => driver.bindUdp(udp, registrar),
      () => driver.connect(tcp("alone", 80), registrar),
      () => driver.signal("SIGINT", registrar),
    ]
  ) assertThrows(use, Closed, "the process");
});

Deno.test("SimClock: runs at its rate, and a deadline on it is met", async () => {
  const { rig, clock, park, log } = rigOfOne(2);
  park(10);
  await rig.idle();
  assertEquals([log.line, clock.toKernel(10)], ["5", 5]);
  await rig.until(8);
  assertEquals([clock.now(), clock.wall()], [16, 1_000_016]);
  clock.wallAtStart += 500;
  assertEquals([clock.now(), clock.wall()], [16, 1_000_516]);
});
