import { denoDriver, type StreamSource } from "wakeful/runtime";
import { assertEquals } from "../../../support/assert.ts";
import { bytes } from "../../../support/bytes.ts";
import { FakeConn, FakeRegistrar, microtasks } from "../../../support/fake_conn.ts";
import { HostTimers } from "../../../support/host_timers.ts";
import { stubbed } from "../../../support/stub.ts";

/** The platform's timers in the test's hands, and a driver that parks from a given time on. */
function timed() {
  const timers = new HostTimers();
  const driver = denoDriver();
  let resumed = 0;
  return {
    timers,
    driver,
    resumes: () => resumed,
    park: (now: number, deadline: number) => driver.park(now, deadline, () => void resumed++),
    [Symbol.dispose]() {
      driver.close();
      timers[Symbol.dispose]();
    },
  };
}

Deno.test("DenoDriver: one timer of the platform stands for all deadlines", async () => {
  using t = timed();
  t.park(0, 50);
  t.park(10, 90);
  t.park(20, 50);
  assertEquals(t.timers.deadlines, [50]);
  await t.timers.advance(50);
  assertEquals([t.resumes(), t.timers.pending], [1, 0]);
});

Deno.test("DenoDriver: an earlier deadline moves the timer", () => {
  using t = timed();
  t.park(0, 50);
  t.park(0, 20);
  assertEquals(t.timers.deadlines, [20]);
});

Deno.test("DenoDriver: without a deadline there is no timer", () => {
  using t = timed();
  t.park(0, Infinity);
  assertEquals(t.timers.pending, 0);
});

Deno.test("DenoDriver: the longest deadline is parked for in parts", async () => {
  using t = timed();
  const longest = 2 ** 31 - 1;
  t.park(0, longest + 100);
  assertEquals(t.timers.deadlines, [longest]);
  await t.timers.advance(longest);
  t.park(longest, longest + 100);
  assertEquals([t.resumes(), t.timers.deadlines], [1, [longest + 100]]);
});

Deno.test("DenoDriver: a timer that strikes between two rests is set again by the next", async () => {
  using t = timed();
  t.park(0, 50);
  t.driver.unpark();
  await t.timers.advance(50);
  t.park(50, 80);
  assertEquals([t.resumes(), t.timers.deadlines], [1, [80]]);
});

Deno.test("DenoDriver: close leaves no timer behind", () => {
  using t = timed();
  t.park(0, 50);
  t.driver.close();
  t.park(0, 20);
  assertEquals(t.timers.pending, 0);
});

Deno.test("DenoDriver: closed, it still lets a closed stream's bytes out", async () => {
  using t = timed();
  const conn = new FakeConn();
  using _stub = stubbed(Deno, "connect", () => Promise.resolve(conn.asDeno));
  const address = { transport: "tcp", host: "127.0.0.1", port: 7 } as const;
  const attempt = t.driver.connect(address, new FakeRegistrar());
  await microtasks();
  const stream = attempt.tryConnect() as StreamSource;
  stream.tryWrite(bytes("goodbye"));
  stream.close();
  t.driver.close();
  assertEquals([conn.closes, t.timers.pending], [0, 1]);
  await conn.drain();
  assertEquals([conn.closes, t.timers.pending], [1, 0]);
});

Deno.test("DenoDriver: without a deadline no timer keeps the process alive", () => {
  using t = timed();
  t.driver.park(0, 1_500, () => {});
  assertEquals(t.timers.pending, 1);
  t.driver.park(5, Infinity, () => {});
  assertEquals(t.timers.pending, 0);
});
