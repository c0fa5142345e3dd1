import { End, Pending, ready, sleep, type Spawnable, type Stream, stream } from "wakeful/runtime";
import { ask, available } from "../../support/ask.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { failing, waiting } from "../../support/bodies.ts";
import { FakeItems } from "../../support/fake_items.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

const KINDS = ["buffered", "bufferUnordered"] as const;

const gates = (count: number) => Array.from({ length: count }, () => new Gate<string>());

Deno.test("bufferUnordered: results in the order in which they are there", () => {
  const [a, b, c] = gates(3);
  const results = stream.from([a, b, c]).bufferUnordered(3);
  const next = handPoll(results.next());
  next.assertPending();
  c.open("c");
  assert(next.woken);
  next.assertReady("c");
  b.open("b");
  a.open("a");
  assertEquals(available(results), { items: ["b", "a"], ended: true });
});

Deno.test("buffered: results in the order of the items, whichever is there first", () => {
  const [a, b, c] = gates(3);
  const results = stream.from([a, b, c]).buffered(3);
  assertEquals(ask(results), Pending);
  c.open("c");
  b.open("b");
  assertEquals(ask(results), Pending);
  a.open("a");
  assertEquals(available(results), { items: ["a", "b", "c"], ended: true });
});

Deno.test("buffered, bufferUnordered: no more are begun than the limit; each is polled when woken", () => {
  for (const kind of KINDS) {
    const all = gates(4);
    const results = stream.from(all)[kind](2);
    assertEquals(ask(results), Pending);
    all[0].open("0");
    assertEquals([ask(results), ask(results)], ["0", Pending]);
    assertEquals(all.map((gate) => gate.polls), [2, 1, 1, 0], kind);
  }
});

Deno.test("buffered: a result that waits for its turn counts", () => {
  const all = gates(3);
  const results = stream.from(all).buffered(2);
  assertEquals(ask(results), Pending);
  all[1].open("1");
  assertEquals([ask(results), all[2].polls], [Pending, 0]);
});

Deno.test("buffered, bufferUnordered: an item that comes while others run is begun at once", () => {
  for (const kind of KINDS) {
    const source = new FakeItems<Spawnable<string>>();
    const [a, b] = gates(2);
    const next = handPoll(source.stream[kind](2).next());
    source.give(a);
    next.assertPending();
    source.give(b);
    assert(next.woken);
    next.assertPending();
    assertEquals([a.polls, b.polls], [1, 1], kind);
  }
});

Deno.test("buffered, bufferUnordered: ten of a hundred at once take a tenth of the time", () => {
  for (const kind of KINDS) {
    using virtual = new VirtualRuntime();
    let running = 0, most = 0;
    const work = (n: number) =>
      function* () {
        most = Math.max(most, ++running);
        yield* sleep(10);
        running--;
        return n;
      };
    const items = Array.from({ length: 100 }, (_, i) => i);
    const results = virtual.run(() => stream.from(items).map(work)[kind](10).collect());
    assertEquals([results, most, virtual.clock.time], [items, 10, 100], kind);
  }
});

Deno.test("bufferUnordered: an error drops the others, then the source", () => {
  const log = new Recorder();
  const source = new FakeItems<Spawnable<void>>("source", log).give(waiting(log, "running"));
  const results = source.stream.bufferUnordered(3);
  assertEquals(ask(results), Pending);
  source.give(failing());
  assertThrows(() => ask(results), RangeError, "own");
  assertEquals([log.line, ask(results)], ["running source", End]);
});

Deno.test("buffered: an error waits for its turn, then drops the others and the source", () => {
  const log = new Recorder();
  const gate = new Gate<string>();
  const source = new FakeItems<Spawnable<unknown>>("source", log);
  const results = source.give(gate, failing(), waiting(log, "running")).stream.buffered(3);
  assertEquals(ask(results), Pending);
  gate.open("first");
  assertEquals(ask(results), "first");
  assertThrows(() => ask(results), RangeError, "own");
  assertEquals([log.line, ask(results)], ["running source", End]);
});

Deno.test("buffered: an error whose turn does not come is reported, one that was thrown is not", () => {
  const loop = new FakeLoop();
  const items: Spawnable<unknown>[] = [failing(new Error("1st")), failing(new Error("2nd"))];
  const results = stream.from(items).buffered(2);
  assertThrows(() => ask(results, loop), Error, "1st");
  assertEquals(loop.unclaimed.map(String), ["Error: 2nd"]);
});

Deno.test("buffered, bufferUnordered: dropped, they drop what runs, once, then the source", () => {
  for (const kind of KINDS) {
    const log = new Recorder();
    const source = new FakeItems<Spawnable<string | void>>("source", log);
    const gate = new Gate<string>();
    const results = source.give(gate, waiting(log, "running")).stream[kind](3);
    const next = handPoll(results.next());
    next.assertPending();
    next.drop();
    results.drop();
    assertEquals([log.line, gate.dropped, next.kept], ["running source", 1, 0], kind);
  }
});

Deno.test("buffered, bufferUnordered: what cannot be run is an error, and so is a limit of none", () => {
  for (const kind of KINDS) {
    const promises = stream.from([Promise.resolve(1)]) as never as Stream<Spawnable<number>>;
    assertThrows(() => ask(promises[kind](1)), TypeError, "fromPromise");
    assertThrows(() => stream.once(ready(1))[kind](0), RangeError, "from 1 up, got 0");
  }
});
