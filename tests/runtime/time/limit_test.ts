import {
  type Co,
  MovedOn,
  moveOnAfter,
  sleep,
  TimedOut,
  timeout,
  timeoutAt,
} from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** An outer and an inner limit on a gate, polled only when both have passed. */
function bothPassed(outer: number, inner: number) {
  const loop = new FakeLoop();
  const log = new Recorder();
  const gate = new Gate();
  const limit = handPoll(
    () =>
      timeout(outer, function* () {
        try {
          yield* timeout(inner, gate, "inner");
        } catch (error) {
          log.note(`inner ${(error as TimedOut).what}`);
        } finally {
          log.note("cleanup");
        }
        log.note("went on");
      }, "outer"),
    loop,
  );
  limit.assertPending();
  loop.advance(50);
  return { limit, log, loop, gate };
}

Deno.test("nested limits: an outer deadline that came first is not answered by the inner one", () => {
  const { limit, log, loop, gate } = bothPassed(10, 20);
  assertThrows(() => limit.poll(), TimedOut, "of waiting for outer");
  assertEquals([log.line, gate.dropped, loop.timers.size], ["cleanup", 1, 0]);
});

Deno.test("nested limits: an inner deadline that came first is the body's to deal with", () => {
  const { limit, log } = bothPassed(20, 10);
  limit.assertReady(undefined);
  assertEquals(log.line, "inner inner cleanup went on");
});

Deno.test("nested limits: of two equal deadlines the outer one counts", () => {
  const { limit, log } = bothPassed(10, 10);
  assertThrows(() => limit.poll(), TimedOut, "of waiting for outer");
  assertEquals(log.line, "cleanup");
});

Deno.test("nested limits: three deep, the earliest strikes though all have passed", () => {
  const loop = new FakeLoop();
  const gate = new Gate();
  const limit = handPoll(
    () => timeout(30, () => moveOnAfter(10, () => timeout(20, gate))),
    loop,
  );
  limit.assertPending();
  loop.advance(50);
  limit.assertReady(MovedOn);
  assertEquals([gate.dropped, loop.timers.size], [1, 0]);
});

Deno.test("nested limits: an earlier one counts, however many stand in between", () => {
  const loop = new FakeLoop();
  const limit = handPoll(
    () => timeout(10, () => timeout(30, () => timeout(20, new Gate()))),
    loop,
  );
  limit.assertPending();
  loop.advance(50);
  assertThrows(() => limit.poll(), TimedOut, "10 ms");
});

Deno.test("nested limits: one that ended does not bound those that come after it", () => {
  using virtual = new VirtualRuntime();
  const seen = virtual.run(function* () {
    yield* moveOnAfter(5, new Gate());
    return yield* moveOnAfter(10, new Gate());
  });
  assertEquals([seen, virtual.clock.time], [MovedOn, 15]);
});

Deno.test("nested limits: an error in a body does not leave its deadline behind", () => {
  const loop = new FakeLoop();
  const broken = handPoll(
    () =>
      timeout(1, function* () {
        throw new RangeError("own");
      }),
    loop,
  );
  assertThrows(() => broken.poll(), RangeError, "own");
  const limit = handPoll(() => timeout(10, new Gate()), loop);
  limit.assertPending();
  loop.advance(10);
  assertThrows(() => limit.poll(), TimedOut);
});

Deno.test("nested limits: one on another runtime's clock does not count", () => {
  using virtual = new VirtualRuntime();
  virtual.advance(1_000);
  const outer = handPoll(() =>
    timeout(10, function* () {
      return virtual.run(() => moveOnAfter(5, new Gate()));
    })
  );
  outer.assertReady(MovedOn);
  assertEquals(virtual.clock.time, 1_005);
});

Deno.test("nested limits: siblings in one body do not bound each other", () => {
  const loop = new FakeLoop();
  const [short, long] = [1, 10].map((ms) => handPoll(() => moveOnAfter(ms, new Gate()), loop));
  short.assertPending();
  long.assertPending();
  loop.advance(20);
  long.assertReady(MovedOn);
  short.assertReady(MovedOn);
});

Deno.test("TimedOut.by: is the future whose limit it was", () => {
  using virtual = new VirtualRuntime();
  const body = function* (): Co<boolean[]> {
    const inner = timeout(10, new Gate<boolean[]>());
    const outer = timeout(100, inner);
    try {
      return yield* outer;
    } catch (error) {
      return [inner, outer].map((limit) => (error as TimedOut).by === limit);
    }
  };
  assertEquals(virtual.run(body), [true, false]);
});

for (const wrong of [NaN, "5" as unknown as number]) {
  Deno.test(`limits: ${typeof wrong} ${wrong} is no number of milliseconds`, () => {
    const inside = (make: () => unknown) => () => new FakeLoop().inside(make);
    const body = () => sleep(1);
    for (const limit of [timeout, moveOnAfter]) {
      assertThrows(inside(() => limit(wrong, body)), RangeError, `got ${wrong}`);
    }
    assertThrows(inside(() => timeoutAt(wrong, body)), RangeError, `got ${wrong}`);
  });
}

Deno.test("limits: a body in the tick of its deadline that is aborted is dropped once", () => {
  using virtual = new VirtualRuntime();
  const gate = new Gate();
  const limited = virtual.spawn(() => timeout(10, gate));
  virtual.spawn(function* () {
    yield* sleep(10);
    limited.abort();
  });
  virtual.advance(10);
  assertEquals([gate.dropped, virtual.runtime.statistics().timers], [1, 0]);
});
