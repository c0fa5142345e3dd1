import { type Co, Misuse, pending, PolledAfterReady, ready, select, sleep } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { failing, failingInCleanup, waiting } from "../../support/bodies.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

Deno.test("select: answers which branch was first, and its value", () => {
  const [line, stop] = [new Gate<string>(), new Gate<number>()];
  const first = handPoll(select({ line, stop }));
  first.assertPending();
  stop.open(7);
  assert(first.woken);
  first.assertReady({ key: "stop", value: 7 });
  assertEquals([line.dropped, stop.dropped, first.kept], [1, 0, 0]);
  assertThrows(() => first.poll(), PolledAfterReady, "a select");
});

Deno.test("select: the key tells TypeScript the type of the value", () => {
  using virtual = new VirtualRuntime();
  const answer = virtual.run(function* (): Co<string | number> {
    const first = yield* select({ text: ready("a"), never: pending(), number: sleep(1) });
    if (first.key === "text") return first.value.toUpperCase();
    const nothing: void = first.value;
    return nothing ?? 0;
  });
  assertEquals(answer, "A");
});

Deno.test("select: biased polls in the order as written, up to the first that is ready", () => {
  for (let run = 0; run < 20; run++) {
    const [before, behind] = [new Gate<number>(), new Gate<number>()];
    const first = handPoll(
      select({ before, one: ready(1), two: ready(2), behind }, { biased: true }),
    );
    first.assertReady({ key: "one", value: 1 });
    assertEquals([before.polls, behind.polls], [1, 0]);
    assertEquals([before.dropped, behind.dropped], [1, 1]);
  }
});

Deno.test("select: unbiased, of several that are always ready each wins its share", () => {
  const loop = new FakeLoop();
  const wins = { a: 0, b: 0, c: 0 };
  for (let run = 0; run < 3_000; run++) {
    const first = handPoll(select({ a: ready(1), b: ready(2), c: ready(3) }), loop).take();
    wins[first.key]++;
  }
  for (const share of Object.values(wins)) assert(share > 850 && share < 1_150, `${share} of 3000`);
});

Deno.test("select: the same seed makes the same choices", () => {
  const choices = (seed: number) => {
    using virtual = new VirtualRuntime((builder) => builder.enableAll().seed(seed));
    return virtual.run(function* () {
      let line = "";
      for (let i = 0; i < 40; i++) line += (yield* select({ a: ready(1), b: ready(2) })).key;
      return line;
    });
  };
  assertEquals(choices(7), choices(7));
  assert(choices(7) !== choices(8));
});

Deno.test("select: an undefined branch is left out", () => {
  const stop: Gate<number> | undefined = undefined;
  const first = handPoll(select({ stop, line: ready("x") }));
  first.assertReady({ key: "line", value: "x" });
});

Deno.test("select: without any branch it would wait for ever, which is a misuse", () => {
  assertThrows(() => select({}), Misuse, "no branch");
  assertThrows(() => select({ a: undefined, b: undefined }), Misuse, "no branch");
});

Deno.test("select: an error wins, too", () => {
  const other = new Gate();
  const first = handPoll(select({ other, bad: () => failing() }, { biased: true }));
  assertThrows(() => first.poll(), RangeError, "own");
  assertEquals([other.dropped, first.kept], [1, 0]);
  assertThrows(() => first.poll(), PolledAfterReady);
});

Deno.test("select: the losers are dropped after the winner has finished, once", () => {
  const log = new Recorder();
  const gate = new Gate();
  const first = handPoll(select({
    loser: () => waiting(log, "loser"),
    winner: function* () {
      yield* gate;
      log.note("winner");
    },
  }));
  first.assertPending();
  gate.open();
  assertEquals(first.take().key, "winner");
  first.drop();
  assertEquals(log.line, "winner loser");
});

Deno.test("select: what a loser's cleanup throws is reported, and the other losers clean up", () => {
  const log = new Recorder();
  const gate = new Gate<string>();
  const first = handPoll(
    select({ bad: () => failingInCleanup(), good: () => waiting(log, "good"), gate }),
  );
  first.assertPending();
  gate.open("won");
  first.assertReady({ key: "gate", value: "won" });
  assertEquals(log.line, "good");
  assertEquals(first.loop.unclaimed.map((error) => (error as Error).message), ["in cleanup"]);
});

Deno.test("select: a loser's cleanup does not take the place of the error that won", () => {
  const gate = new Gate();
  const first = handPoll(select({
    bad: () => failingInCleanup(),
    wins: function* () {
      yield* gate;
      yield* failing();
    },
  }));
  first.assertPending();
  gate.open();
  assertThrows(() => first.poll(), RangeError, "own");
  assertEquals(first.loop.unclaimed.map((error) => (error as Error).message), ["in cleanup"]);
});

Deno.test("select: dropping it drops every branch once, also before the first poll", () => {
  const [a, b] = [new Gate(), new Gate()];
  const first = handPoll(select({ a, b }));
  first.drop();
  first.drop();
  assertEquals([a.dropped, b.dropped], [1, 1]);
  assertThrows(() => first.poll(), PolledAfterReady);
});
