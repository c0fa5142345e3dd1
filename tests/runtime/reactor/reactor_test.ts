import { countingWaker, Reactor, READABLE, WRITABLE } from "wakeful/runtime";
import { assert, assertEquals, assertFalse, assertNotEquals } from "../../support/assert.ts";
import { FakeDriver } from "../../support/fake_driver.ts";
import { ManualClock } from "../../support/manual_clock.ts";

/** A reactor on a fake driver. */
function rig() {
  const [driver, clock] = [new FakeDriver(), new ManualClock(1000)];
  return { driver, clock, reactor: new Reactor(driver, clock) };
}

/** Whether a promise has settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(() => done = true);
  await Promise.resolve();
  return done;
}

Deno.test("Reactor: size counts the tokens that are registered", () => {
  const { reactor } = rig();
  const [a, b] = [reactor.register(), reactor.register()];
  assertNotEquals(a, b);
  assertEquals(reactor.size, 2);
  reactor.deregister(a);
  reactor.deregister(a);
  assertEquals(reactor.size, 1);
});

Deno.test("Reactor: an event wakes the one who waits in its direction, once, and no other", () => {
  const { reactor } = rig();
  const token = reactor.register();
  const [reader, writer] = [countingWaker(), countingWaker()];
  reactor.setWaker(token, READABLE, reader.waker);
  reactor.setWaker(token, WRITABLE, writer.waker);
  reactor.deliver(token, READABLE);
  reactor.deliver(token, READABLE);
  assertEquals([reader.count.wakes, writer.count.wakes], [1, 0]);
  reactor.deliver(token, WRITABLE);
  assertEquals([reader.count.wakes, writer.count.wakes], [1, 1]);
});

Deno.test("Reactor: each wait needs its waker set again, and clones none for the same task", () => {
  const { reactor } = rig();
  const token = reactor.register();
  const { waker, count } = countingWaker();
  for (let i = 1; i <= 3; i++) {
    reactor.setWaker(token, READABLE, waker);
    reactor.deliver(token, READABLE);
    assertEquals(count, { wakes: i, handles: 2 });
  }
});

for (const [name, interest] of [["reading", READABLE], ["writing", WRITABLE]] as const) {
  Deno.test(`Reactor: the latest waker for ${name} takes the place of the one before`, () => {
    const { reactor } = rig();
    const token = reactor.register();
    const [first, second] = [countingWaker(), countingWaker()];
    reactor.setWaker(token, interest, first.waker);
    reactor.setWaker(token, interest, second.waker);
    reactor.deliver(token, interest);
    assertEquals([first.count, second.count.wakes], [{ wakes: 0, handles: 1 }, 1]);
  });
}

Deno.test("Reactor: a wake ends the driver's rest; an event for nobody does not", () => {
  const { driver, reactor } = rig();
  const token = reactor.register();
  reactor.deliver(token, READABLE);
  assertEquals(driver.unparks, 0);
  reactor.setWaker(token, READABLE, countingWaker().waker);
  reactor.deliver(token, READABLE);
  reactor.deliver(token, READABLE);
  assertEquals(driver.unparks, 1);
});

Deno.test("Reactor: deregistering wakes those who wait and gives their handles back", () => {
  const { reactor } = rig();
  const token = reactor.register();
  const [reader, writer] = [countingWaker(), countingWaker()];
  reactor.setWaker(token, READABLE, reader.waker);
  reactor.setWaker(token, WRITABLE, writer.waker);
  reactor.deregister(token);
  assertEquals([reader.count, writer.count], [{ wakes: 1, handles: 1 }, { wakes: 1, handles: 1 }]);
});

Deno.test("Reactor: deregistering does not wake one who was woken and does not wait any more", () => {
  const { reactor } = rig();
  const token = reactor.register();
  const { waker, count } = countingWaker();
  reactor.setWaker(token, READABLE, waker);
  reactor.deliver(token, READABLE);
  reactor.deregister(token);
  assertEquals(count, { wakes: 1, handles: 1 });
});

Deno.test("Reactor: a late event for a freed token is a no-op, also when its slot is used again", () => {
  const { driver, reactor } = rig();
  const old = reactor.register();
  reactor.deregister(old);
  reactor.deliver(old, READABLE);
  const young = reactor.register();
  const { waker, count } = countingWaker();
  reactor.setWaker(young, READABLE, waker);
  reactor.deliver(old, READABLE);
  assertEquals([count.wakes, driver.unparks], [0, 0]);
});

Deno.test("Reactor: one who waits under a freed token is woken at once, to find out by trying", () => {
  const { reactor } = rig();
  const token = reactor.register();
  reactor.deregister(token);
  const { waker, count } = countingWaker();
  reactor.setWaker(token, READABLE, waker);
  assertEquals(count, { wakes: 1, handles: 1 });
});

Deno.test("Reactor: asks its driver for sources, which register with it", () => {
  const { driver, reactor } = rig();
  const sources = [
    reactor.listen({ transport: "tcp", host: "127.0.0.1", port: 1 }),
    reactor.connect({ transport: "unix", path: "/run/x" }),
    reactor.signal("SIGINT"),
    reactor.bindUdp({ transport: "udp", host: "127.0.0.1", port: 1 }),
  ];
  reactor.removeSocketFile("/run/x");
  const asked = ["listen tcp", "connect unix", "signal SIGINT", "bind udp", "remove /run/x"];
  assertEquals(driver.asked, asked);
  assertEquals(reactor.size, 4);
  for (const source of sources) source.close();
  assertEquals(reactor.size, 0);
});

Deno.test("Reactor: hands park, yield, unpark and close on to its driver", () => {
  const { driver, reactor } = rig();
  let resumed = 0;
  reactor.park(0, 50, () => resumed++);
  assertEquals([driver.state, driver.deadline], ["parked", 50]);
  reactor.unpark();
  driver.step();
  reactor.yield(() => resumed++);
  assert(driver.step());
  reactor.close();
  assertEquals([resumed, driver.state], [2, "closed"]);
});

Deno.test("Reactor: wait resolves with the number of wakes when one has happened", async () => {
  const { driver, reactor } = rig();
  const token = reactor.register();
  reactor.setWaker(token, READABLE, countingWaker().waker);
  reactor.setWaker(token, WRITABLE, countingWaker().waker);
  const waited = reactor.wait(500);
  assertEquals(driver.deadline, 1500);
  reactor.deliver(token, READABLE);
  reactor.deliver(token, WRITABLE);
  assertFalse(await settled(waited));
  driver.step();
  assertEquals(await waited, 2);
});

Deno.test("Reactor: wait resolves at once with what has happened since the last one", async () => {
  const { driver, reactor } = rig();
  const token = reactor.register();
  reactor.setWaker(token, READABLE, countingWaker().waker);
  reactor.deliver(token, READABLE);
  assertEquals(await reactor.wait(500), 1);
  assertEquals(driver.parks, 0);
  const again = reactor.wait(500);
  assertFalse(await settled(again));
  assertEquals(driver.parks, 1);
});

Deno.test("Reactor: wait resolves with nothing when its time is up, and not before", async () => {
  const { driver, clock, reactor } = rig();
  const waited = reactor.wait(500);
  clock.time = 1499;
  driver.resume();
  assertEquals([await settled(waited), driver.state, driver.deadline], [false, "parked", 1500]);
  clock.time = 1500;
  driver.resume();
  assertEquals(await waited, 0);
});
