import { End, Misuse, Pending, PolledReentrantly, type Stream, stream } from "wakeful/runtime";
import { ask, available } from "../../support/ask.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { FakeItems } from "../../support/fake_items.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { handPoll } from "../../support/hand_poll.ts";

Deno.test("Stream: after its end it has dropped its source, and answers End for ever", () => {
  const source = new FakeItems<number>().give(1).end();
  const numbers = source.stream;
  assertEquals([ask(numbers), source.dropped], [1, 0]);
  assertEquals([ask(numbers), source.dropped], [End, 1]);
  assertEquals([ask(numbers), ask(numbers), source.polls], [End, End, 2]);
  numbers.drop();
  assertEquals(source.dropped, 1);
});

Deno.test("Stream: an error is thrown once, drops the source, and then the stream has ended", () => {
  const source = new FakeItems<number>().fail().give(1);
  const numbers = source.stream;
  assertThrows(() => ask(numbers), RangeError, "own");
  assertEquals([source.dropped, ask(numbers), source.polls], [1, End, 1]);
});

Deno.test("Stream: the error of an adapter's function drops what is under it", () => {
  const source = new FakeItems<number>().give(1, 2);
  const failing = source.stream.map((n) => {
    if (n === 2) throw new RangeError("mapper");
    return n;
  }).filter(() => true);
  assertEquals(ask(failing), 1);
  assertThrows(() => ask(failing), RangeError, "mapper");
  assertEquals([source.dropped, ask(failing)], [1, End]);
});

Deno.test("Stream: a cleanup that fails after an error is reported, and the error is thrown", () => {
  const loop = new FakeLoop();
  const source = new FakeItems<number>().fail();
  source.drop = () => {
    throw new TypeError("in cleanup");
  };
  assertThrows(() => ask(source.stream, loop), RangeError, "own");
  assertEquals(loop.unclaimed.map(String), ["TypeError: in cleanup"]);
});

Deno.test("Stream: a cleanup that fails at the end is thrown in the place of End", () => {
  const source = new FakeItems<number>().end();
  source.drop = () => {
    throw new TypeError("in cleanup");
  };
  const numbers = source.stream;
  assertThrows(() => ask(numbers), TypeError, "in cleanup");
  assertEquals(ask(numbers), End);
});

Deno.test("Stream: dropped before the first poll, and twice, it drops its source once", () => {
  const source = new FakeItems<number>().give(1);
  {
    using numbers = source.stream.map((n) => n);
    numbers.drop();
    assertEquals(ask(numbers), End);
  }
  assertEquals([source.dropped, source.polls], [1, 0]);
});

Deno.test("Stream: once an adapter has taken it over it cannot be used, and its drop does nothing", () => {
  const source = new FakeItems<number>().give(1);
  const numbers = source.stream;
  const taken = numbers.map((n) => n + 1);
  assertThrows(() => ask(numbers), Misuse, "taken over");
  assertThrows(() => numbers.map((n) => n), Misuse, "taken over");
  numbers.drop();
  assertEquals([source.dropped, ask(taken)], [0, 2]);
});

Deno.test("Stream: an adapter over one that has ended, has ended", () => {
  const numbers = stream.from([1]);
  assertEquals(available(numbers).ended, true);
  assertEquals(ask(numbers.map((n) => n)), End);
});

Deno.test("Stream: polled or dropped from inside its own poll it throws, and has ended", () => {
  for (const act of ["pollNext", "drop"] as const) {
    const source = new FakeItems<number>().give(1);
    const { context } = handPoll(stream.empty().next());
    const numbers: Stream<number> = source.stream.inspect(() => void numbers[act](context));
    assertThrows(() => ask(numbers), PolledReentrantly, "a stream");
    assertEquals([source.dropped, ask(numbers)], [1, End]);
  }
});

Deno.test("Stream: one that waits has not ended, and is dropped with what it has begun", () => {
  const source = new FakeItems<number>();
  const numbers = source.stream;
  assertEquals([ask(numbers), ask(numbers), source.dropped], [Pending, Pending, 0]);
  numbers.drop();
  assertEquals([source.dropped, ask(numbers)], [1, End]);
});

Deno.test("Stream: it does not look like a promise", () => {
  assertEquals(["then" in stream.empty(), Symbol.asyncIterator in stream.empty()], [false, false]);
});
