import { Coroutine, IdleTimeout, sleep, TimedOut } from "wakeful/runtime";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "../../support/assert.ts";
import { failing } from "../../support/bodies.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** An idle limit of ten milliseconds, and waits under it polled by hand. */
function idle(limit = 10) {
  const loop = new FakeLoop();
  const timeout = loop.inside(() => new IdleTimeout<string>(limit));
  const during = (gate: Gate<string>) => handPoll(() => timeout.during(gate), loop);
  return { loop, timeout, during };
}

Deno.test("IdleTimeout: every wait has the whole limit before it", () => {
  const { loop, during } = idle();
  for (let i = 0; i < 5; i++) {
    const gate = new Gate<string>();
    const wait = during(gate);
    wait.assertPending();
    loop.advance(9);
    gate.open(`read ${i}`);
    wait.assertReady(`read ${i}`);
  }
});

Deno.test("IdleTimeout: a wait that takes longer is dropped and throws TimedOut", () => {
  const { loop, during } = idle();
  const gate = new Gate<string>();
  const wait = during(gate);
  wait.assertPending();
  loop.advance(10);
  assert(wait.woken);
  assertThrows(() => wait.poll(), TimedOut, "10 ms");
  assertEquals([gate.dropped, loop.timers.size, wait.kept], [1, 0, 0]);
});

Deno.test("IdleTimeout: the timer stays between waits and is moved, not set anew", () => {
  using virtual = new VirtualRuntime();
  const gates = [new Gate(), new Gate()];
  virtual.spawn(function* () {
    using idle = new IdleTimeout<void>(10);
    for (const gate of gates) yield* idle.during(gate);
    yield* sleep(100);
  });
  virtual.advance(9);
  gates[0].open();
  virtual.settle();
  assertEquals([virtual.runtime.statistics().timers, virtual.driver.deadline], [1, 10]);
  virtual.advance(9);
  assertEquals(virtual.driver.deadline, 19, "what was postponed is found at its old place");
  gates[1].open();
  virtual.settle();
  assertEquals(virtual.runtime.statistics().timers, 2, "its own until disposed of, and the sleep");
  virtual.advance(100);
  assertEquals(virtual.runtime.statistics().timers, 0);
});

Deno.test("IdleTimeout: a timer left from the last wait does not end the next one early", () => {
  const { loop, during } = idle();
  const [first, second] = [new Gate<string>(), new Gate<string>()];
  const one = during(first);
  one.assertPending();
  first.open("one");
  one.assertReady("one");
  loop.advance(8);
  const two = during(second);
  two.assertPending();
  loop.advance(9);
  two.assertPending();
  loop.advance(1);
  assertThrows(() => two.poll(), TimedOut);
});

Deno.test("IdleTimeout: a limit of zero means none", () => {
  const { timeout } = idle(0);
  const gate = new Gate<string>();
  assertStrictEquals(timeout.during(gate), gate);
});

Deno.test("IdleTimeout: disposing of it takes its timer and its waker away", () => {
  const { loop, timeout, during } = idle();
  const gate = new Gate<string>();
  const wait = during(gate);
  wait.assertPending();
  gate.open("done");
  wait.assertReady("done");
  assertEquals([loop.timers.size, wait.kept], [1, 1]);
  timeout[Symbol.dispose]();
  assertEquals([loop.timers.size, wait.kept, gate.dropped], [0, 0, 0]);
});

Deno.test("IdleTimeout: dropping a wait drops its future, and another wait can begin", () => {
  const { during } = idle();
  const [first, second] = [new Gate<string>(), new Gate<string>()];
  const one = during(first);
  one.assertPending();
  one.drop();
  assertEquals(first.dropped, 1);
  second.open("two");
  during(second).assertReady("two");
});

Deno.test("IdleTimeout: a wait that throws does so, and another wait can begin", () => {
  using virtual = new VirtualRuntime();
  const body = function* () {
    using idle = new IdleTimeout<void>(10);
    try {
      yield* idle.during(new Coroutine<void>(failing()));
    } catch (error) {
      yield* idle.during(sleep(5));
      return (error as Error).message;
    }
  };
  assertEquals(virtual.run(body), "own");
});
