/** Lesson 26, streams: many values over time, pulled one at a time. */

import { mpsc, now, race, sleep, spawn, stream, TimedOut } from "wakeful/runtime";
import { assertEquals } from "../support/assert.ts";
import { VirtualRuntime } from "../support/virtual_runtime.ts";

/** A fetch that takes `ms`. */
function* fakeFetch(path: string, ms: number) {
  yield* sleep(ms);
  return `${path}: 200`;
}

/** One item every `ms`. */
const ticks = (name: string, ms: number, count: number) =>
  stream.generate<string>(function* (emit) {
    for (let i = 1; i <= count; i++) {
      yield* sleep(ms);
      yield* emit(`${name}${i}`);
    }
  });

Deno.test("lesson 26.1 · a channel becomes a stream, and a map changes what comes out", () => {
  using virtual = new VirtualRuntime();
  const seen = virtual.run(function* () {
    const [sender, receiver] = mpsc<number>(2);
    spawn(function* () {
      using _closedAtTheEnd = sender; // which is the end of the stream
      for (const n of [1, 2, 3]) {
        yield* sleep(100);
        yield* sender.send(n);
      }
    });
    return yield* stream.fromReceiver(receiver).map((n) => [n * n, now()]).collect();
  });
  assertEquals(seen, [[1, 100], [4, 200], [9, 300]]);
});

Deno.test("lesson 26.2 · bufferUnordered(10) runs a hundred fetches ten at a time", () => {
  using virtual = new VirtualRuntime();
  let running = 0, most = 0;
  const paths = Array.from({ length: 100 }, (_, i) => `/${i}`);
  const answers = virtual.run(() =>
    stream.from(paths).map((path) =>
      function* () {
        most = Math.max(most, ++running);
        const answer = yield* fakeFetch(path, 50);
        running--;
        return answer;
      }
    ).bufferUnordered(10).collect()
  );
  assertEquals(new Set(answers), new Set(paths.map((path) => `${path}: 200`)));
  assertEquals([answers.length, most, virtual.clock.time], [100, 10, 500]);
});

Deno.test("lesson 26.2 · buffered keeps the order, bufferUnordered gives what is there first", () => {
  using virtual = new VirtualRuntime();
  const fetches = () => stream.from([30, 10, 20]).map((ms) => () => fakeFetch(`${ms}`, ms));
  const inOrder = virtual.run(() => fetches().buffered(3).collect());
  const asTheyCome = virtual.run(() => fetches().bufferUnordered(3).collect());
  assertEquals(inOrder, ["30: 200", "10: 200", "20: 200"]);
  assertEquals(asTheyCome, ["10: 200", "20: 200", "30: 200"]);
});

Deno.test("lesson 26.3 · a stream of Fibonacci numbers, a second apart", () => {
  using virtual = new VirtualRuntime();
  const fibonacci = stream.generate<number>(function* (emit) {
    for (let [a, b] = [0, 1];; [a, b] = [b, a + b]) {
      yield* sleep(1000);
      yield* emit(a);
    }
  });
  const seen = virtual.run(() => fibonacci.map((n) => [n, now()]).take(6).collect());
  assertEquals(seen, [[0, 1000], [1, 2000], [1, 3000], [2, 4000], [3, 5000], [5, 6000]]);
});

Deno.test("lesson 26.4 · chunks(10) makes batches, and the last one is smaller", () => {
  using virtual = new VirtualRuntime();
  const rows = Array.from({ length: 25 }, (_, i) => i);
  const batches = virtual.run(() => stream.from(rows).chunks(10).collect());
  assertEquals(batches.map((batch) => batch.length), [10, 10, 5]);
  assertEquals(batches.flat(), rows);
});

Deno.test("lesson 26.4 · chunksTimeout does not let a half batch wait", () => {
  using virtual = new VirtualRuntime();
  const batches = ticks("row", 40, 5).chunksTimeout(10, 100).map((batch) => [batch.length, now()]);
  assertEquals(virtual.run(() => batches.collect()), [[3, 140], [2, 200]]);
});

Deno.test("lesson 26.5 · merge gives the items in the order in which they come", () => {
  using virtual = new VirtualRuntime();
  const merged = ticks("a", 30, 3).merge(ticks("b", 20, 2), ticks("c", 50, 1));
  assertEquals(virtual.run(() => merged.collect()), ["b1", "a1", "b2", "c1", "a2", "a3"]);
});

Deno.test("lesson 26 · filter, take and chain in one sentence", () => {
  using virtual = new VirtualRuntime();
  const even = stream.from([1, 2, 3, 4, 5, 6]).filter((n) => n % 2 === 0).take(2);
  assertEquals(virtual.run(() => even.chain(stream.from([10, 11])).collect()), [2, 4, 10, 11]);
});

Deno.test("lesson 26 · throttle spaces items out, timeout gives up on a silent stream", () => {
  using virtual = new VirtualRuntime();
  const times = virtual.run(() => stream.from("abc").throttle(100).map(() => now()).collect());
  assertEquals(times, [0, 100, 200]);
  const outcome = virtual.run(function* () {
    try {
      return yield* ticks("late", 51, 1).timeout(50).collect();
    } catch (error) {
      return error instanceof TimedOut;
    }
  });
  assertEquals(outcome, true);
});

Deno.test("lesson 26 · a wait that is given up loses no item", () => {
  using virtual = new VirtualRuntime();
  const seen = virtual.run(function* () {
    const slow = ticks("item", 30, 1);
    const first = yield* race<unknown>(slow.next(), sleep(20));
    return [first, yield* slow.next()];
  });
  assertEquals([seen, virtual.clock.time], [[undefined, "item1"], 30]);
});
