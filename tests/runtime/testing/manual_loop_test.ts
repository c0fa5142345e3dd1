import {
  MissingDriver,
  now,
  OutsideRuntime,
  race,
  shielded,
  sleep,
  spawn,
  yieldNow,
} from "wakeful/runtime";
import { byHand, ManualLoop } from "wakeful/testing";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { failing } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { Recorder } from "../../support/recorder.ts";

Deno.test("ManualLoop: time begins at 0 and moves by advance only, firing what is due", () => {
  const loop = new ManualLoop();
  const log = new Recorder();
  loop.inside(() => {
    for (const ms of [3, 1, 2]) {
      spawn(function* () {
        yield* sleep(ms);
        log.note(`${ms}@${now()}`);
      });
    }
  });
  loop.runAll();
  assertEquals([loop.timers.now, loop.timers.size, log.line], [0, 3, ""]);
  loop.advance(2);
  loop.advance(1);
  assertEquals([loop.timers.now, log.line], [3, "1@2 2@2 3@3"]);
});

Deno.test("ManualLoop: woken tasks run in their order, until none is", () => {
  const loop = new ManualLoop();
  const log = new Recorder();
  loop.inside(() => {
    for (const name of ["a", "b"]) {
      spawn(function* () {
        log.note(`${name}1`);
        yield* yieldNow();
        log.note(`${name}2`);
      });
    }
  });
  assertEquals([loop.alive.size, log.line], [2, ""]);
  loop.runAll();
  assertEquals([loop.alive.size, loop.queue.length, log.line], [0, 0, "a1 b1 a2 b2"]);
});

Deno.test("ManualLoop: inside it tasks can be spawned, outside not; and it has no I/O", () => {
  const loop = new ManualLoop();
  assertEquals(loop.inside(() => now()), 0);
  assertThrows(() => now(), OutsideRuntime);
  assertThrows(() => loop.inside(() => failing().next()), RangeError);
  assertThrows(() => now(), OutsideRuntime);
  assertThrows(() => loop.io, MissingDriver);
});

Deno.test("ManualLoop: errors that nobody asked for and what drops leave behind can be looked at", () => {
  const loop = new ManualLoop();
  loop.inside(() => spawn(() => failing()).drop());
  loop.runAll();
  assertEquals(loop.orphans.map(({ claimed }) => claimed), [false]);
  const gate = new Gate();
  const hand = byHand(race(shielded(10, gate), yieldNow()), loop);
  hand.assertPending();
  hand.drop();
  assertEquals([loop.rests.length, gate.dropped], [1, 0]);
});

Deno.test("ManualLoop: chance is the same in every run", () => {
  assertEquals(new ManualLoop().random.next(), new ManualLoop().random.next());
  assert(!new ManualLoop().closed);
});
