import { currentLoop, Future, join, Pending, ready, sleep, spawn, yieldNow } from "wakeful/runtime";
import { byHand, ManualLoop, pollOnce } from "wakeful/testing";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { failing, waiting } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { Recorder } from "../../support/recorder.ts";

Deno.test("byHand: pending, something happens, woken, ready", () => {
  const gate = new Gate<number>();
  const hand = byHand(gate);
  hand.assertPending();
  assertFalse(hand.wasWoken());
  gate.open(7);
  assert(hand.wasWoken());
  assertEquals(hand.assertReady(), 7);
  assertFalse(hand.wasWoken());
});

Deno.test("byHand: counts the wakes since the last poll began, and the handles that are kept", () => {
  const gate = new Gate();
  const hand = byHand(gate);
  assertEquals([hand.wakes, hand.wakersKept], [0, 0]);
  hand.assertPending();
  gate.nudge();
  gate.nudge();
  assertEquals([hand.wakes, hand.wakersKept], [2, 1]);
  hand.assertPending();
  assertEquals(hand.wakes, 0);
  hand.drop();
  assertEquals([gate.dropped, hand.wakersKept], [1, 0]);
});

Deno.test("byHand: a wake during the poll counts", () => {
  const hand = byHand(yieldNow());
  assertEquals(hand.pollOnce(), Pending);
  assertEquals(hand.wakes, 1);
});

Deno.test("byHand: its assertions fail when they should, and errors of the future go through", () => {
  assertThrows(() => byHand(ready(1)).assertPending(), Error, "to be pending");
  assertThrows(() => byHand(new Gate()).assertReady(), Error, "it is pending");
  assertThrows(() => byHand(() => failing()).pollOnce(), RangeError, "own");
});

/** Notes where it is made and dropped. */
class Noting extends Future<void> {
  constructor(private loops: unknown[]) {
    super();
    loops.push(currentLoop());
  }

  override poll(): typeof Pending {
    return Pending;
  }

  override drop(): void {
    this.loops.push(currentLoop());
  }
}

Deno.test("byHand: a body is made inside the loop, and dropped inside it", () => {
  const loops: unknown[] = [];
  const hand = byHand(() => new Noting(loops));
  hand.drop();
  assertEquals(loops.map((loop) => loop === hand.loop), [true, true]);
});

Deno.test("byHand: a coroutine that is dropped cleans up", () => {
  const log = new Recorder();
  const hand = byHand(() => waiting(log, "cleaned"));
  hand.assertPending();
  hand.drop();
  assertEquals(log.line, "cleaned");
});

Deno.test("byHand: each poll has a budget of its own", () => {
  const hand = byHand(function* () {
    let awaits = 0;
    while (awaits < 200) awaits += yield* ready(1);
    return awaits;
  });
  hand.assertPending();
  assert(hand.wasWoken());
  assertEquals(hand.assertReady(), 200);
});

Deno.test("byHand: several on one loop share its time", () => {
  const loop = new ManualLoop();
  const naps = [5, 10].map((ms) => byHand(() => sleep(ms), loop));
  for (const nap of naps) nap.assertPending();
  loop.advance(5);
  assertEquals(naps.map((nap) => nap.wasWoken()), [true, false]);
  loop.advance(5);
  for (const nap of naps) nap.assertReady();
  assertEquals(loop.timers.size, 0);
});

Deno.test("byHand: what it spawns runs when the test says so", () => {
  const hand = byHand(function* () {
    return yield* join(spawn(ready("task")), ready("own"));
  });
  hand.assertPending();
  assertEquals([hand.loop.alive.size, hand.loop.queue.length], [1, 1]);
  hand.loop.runAll();
  assertEquals([hand.assertReady(), hand.loop.alive.size], [["task", "own"], 0]);
});

Deno.test("pollOnce: polls once", () => {
  const gate = new Gate();
  assertEquals([pollOnce(gate), gate.polls], [Pending, 1]);
  assertEquals(pollOnce(ready(1)), 1);
});
