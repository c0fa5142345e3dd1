import { End, sleep, stream } from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { waiting } from "../../support/bodies.ts";
import { FakeItems } from "../../support/fake_items.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

Deno.test("Stream: methods read as one sentence, and types are inferred along it", () => {
  const words: string[][] = handPoll(
    stream.from([5, 3, 8, 1]).filter((n) => n > 2).enumerate().map(([i, n]) => `${i}:${n}`)
      .chunks(2).collect(),
  ).take();
  assertEquals(words, [["0:5", "1:3"], ["2:8"]]);
});

Deno.test("first: the first item, or End; the source is dropped then, and not asked further", () => {
  const source = new FakeItems<string>().give("a", "b");
  handPoll(source.stream.first()).assertReady("a");
  assertEquals([source.polls, source.dropped], [1, 1]);
  handPoll(stream.empty().first()).assertReady(End);
});

Deno.test("forEach: one coroutine after the other, or a plain function", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  virtual.run(function* () {
    yield* stream.from([3, 2, 1]).forEach(function* (ms) {
      log.note(`${ms}`);
      yield* sleep(ms);
      log.note(`@${virtual.clock.time}`);
    });
    yield* stream.once("plain").forEach((item) => log.note(item));
  });
  assertEquals(log.line, "3 @3 2 @5 1 @6 plain");
});

Deno.test("forEach: a promise is refused, since nobody would wait for it", () => {
  const each = stream.once(1).forEach((() => Promise.resolve()) as never);
  assertThrows(() => handPoll(each).poll(), TypeError, "fromPromise");
});

Deno.test("forEach: dropped, it drops the coroutine that runs, then the source", () => {
  const log = new Recorder();
  const source = new FakeItems<number>("source", log).give(1);
  const each = handPoll(source.stream.forEach(() => waiting(log, "running")));
  each.assertPending();
  each.drop();
  assertEquals(log.line, "running source");
});

Deno.test("forEachConcurrent: as many at once as it may", () => {
  using virtual = new VirtualRuntime();
  virtual.run(() => stream.from([9, 9, 9, 9]).forEachConcurrent(2, (ms) => sleep(ms)));
  assertEquals(virtual.clock.time, 18);
  assertThrows(() => stream.empty().forEachConcurrent(0, () => {}), RangeError);
});

Deno.test("mapAsync: the next item is asked for when the one before is done", () => {
  using virtual = new VirtualRuntime();
  const source = new FakeItems<number>().give(1, 2, 3).end();
  const polls: number[] = [];
  const tens = source.stream.mapAsync(function* (n) {
    polls.push(source.polls);
    yield* sleep(1);
    return 10 * n;
  });
  assertEquals(virtual.run(() => tens.collect()), [10, 20, 30]);
  assertEquals(polls, [1, 2, 3]);
});
