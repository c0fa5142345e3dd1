import type { Outcome } from "wakeful/runtime";
import { SpanLife } from "../../../runtime/trace/span_life.ts";
import { assertEquals } from "../../support/assert.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { Recorder } from "../../support/recorder.ts";

/** A life that notes what it tells, in the test's time. */
function life() {
  const [clock, log] = [new ManualClock(100), new Recorder()];
  return { clock, log, life: new SpanLife(clock, (hook) => log.note(hook)) };
}

Deno.test("SpanLife: counts running once, however many stays run inside each other", () => {
  const { clock, log, life: span } = life();
  span.begin();
  span.enter();
  clock.time += 2;
  span.enter();
  clock.time += 3;
  span.exit();
  span.exit();
  clock.time += 10;
  assertEquals([span.busy, span.duration, log.line], [5, 15, "onEnter onExit"]);
});

Deno.test("SpanLife: the last stay to end closes it, and time stands still from then on", () => {
  const { clock, log, life: span } = life();
  span.begin();
  span.begin();
  span.end("value");
  clock.time += 7;
  assertEquals([span.outcome, log.line], [undefined, ""]);
  span.end("value");
  clock.time += 7;
  assertEquals([span.outcome, span.duration, log.line], ["value", 7, "onClose"]);
  span.tell("onRecord");
  assertEquals(log.line, "onClose");
});

const OUTCOMES: [Outcome[], Outcome][] = [
  [["value", "value"], "value"],
  [["aborted", "value"], "aborted"],
  [["value", "aborted"], "aborted"],
  [["aborted", "error"], "error"],
  [["error", "value"], "error"],
];

for (const [ends, outcome] of OUTCOMES) {
  Deno.test(`SpanLife: stays that end as ${ends.join(", ")} make it ${outcome}`, () => {
    const { life: span } = life();
    ends.forEach(() => span.begin());
    ends.forEach((end) => span.end(end));
    assertEquals(span.outcome, outcome);
  });
}

Deno.test("SpanLife: unheard it looks at the clock at its making and its close, and no more", () => {
  let looks = 0;
  const span = new SpanLife({ now: () => ++looks, wall: () => ++looks }, undefined);
  span.begin();
  for (let poll = 0; poll < 5; poll++) {
    span.enter();
    span.exit();
  }
  span.end("value");
  assertEquals([looks, span.duration], [2, 1]);
});
