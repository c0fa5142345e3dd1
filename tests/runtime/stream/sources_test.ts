import { End, type Future, type Item, Pending, stream } from "wakeful/runtime";
import { ask, available } from "../../support/ask.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";

function* noting(log: Recorder) {
  try {
    log.note("begun");
    yield 1;
    yield 2;
  } finally {
    log.note("closed");
  }
}

/** A receiver whose receives the test completes. */
class FakeReceiver {
  readonly gates: Gate<Item<string>>[] = [];
  closes = 0;

  recv(): Future<Item<string>> {
    this.gates.push(new Gate());
    return this.gates.at(-1)!;
  }

  close(): void {
    this.closes++;
  }
}

Deno.test("from: arrays, sets, generators, text", () => {
  const all = [[1, 2], new Set([1, 2]), noting(new Recorder())].map((values) =>
    available(stream.from(values))
  );
  assertEquals(all, Array(3).fill({ items: [1, 2], ended: true }));
  assertEquals(available(stream.from("ab")).items, ["a", "b"]);
});

Deno.test("from: begins with the first item; dropping closes the iterator once", () => {
  const log = new Recorder();
  const numbers = stream.from(noting(log));
  assertEquals(log.line, "");
  ask(numbers);
  numbers.drop();
  numbers.drop();
  assertEquals(log.line, "begun closed");
});

Deno.test("from: an iterator that ended or threw has closed itself", () => {
  let returns = 0;
  const iterable = (finish: () => IteratorResult<number>) => {
    const steps = [() => ({ done: false, value: 1 }), finish];
    const close = () => (returns++, { done: true, value: 0 });
    return { [Symbol.iterator]: () => ({ next: () => steps.shift()!(), return: close }) };
  };
  const failing = stream.from(iterable(() => {
    throw new RangeError("own");
  }));
  assertEquals(ask(failing), 1);
  assertThrows(() => ask(failing), RangeError, "own");
  assertEquals(ask(failing), End);
  const ended = stream.from(iterable(() => ({ done: true, value: 0 })));
  assertEquals([available(ended), returns], [{ items: [1], ended: true }, 0]);
});

Deno.test("once, empty, pending: one item, none, never any", () => {
  assertEquals(available(stream.once("a")), { items: ["a"], ended: true });
  assertEquals(available(stream.empty()), { items: [], ended: true });
  assertEquals(ask(stream.pending()), Pending);
});

Deno.test("fromPoll: is called at each poll until it answers End", () => {
  const answers = [1, Pending, 2, End, 3];
  let calls = 0;
  const items = stream.fromPoll(() => answers[calls++]);
  assertEquals(Array.from({ length: 6 }, () => ask(items)), [1, Pending, 2, End, End, End]);
  assertEquals(calls, 4);
});

Deno.test("fromReceiver: one recv() at a time, and a dropped next() keeps it", () => {
  const receiver = new FakeReceiver();
  const items = stream.fromReceiver(receiver);
  assertEquals([receiver.gates.length, ask(items), ask(items)], [0, Pending, Pending]);
  assertEquals([receiver.gates.length, receiver.gates[0].dropped], [1, 0]);
  receiver.gates[0].open("a");
  assertEquals([ask(items), ask(items), receiver.gates.length], ["a", Pending, 2]);
});

Deno.test("fromReceiver: wakes, ends, and closes the receiver once", () => {
  const receiver = new FakeReceiver();
  const items = stream.fromReceiver(receiver);
  const next = handPoll(items.next());
  next.assertPending();
  receiver.gates[0].open(End);
  assert(next.woken);
  next.assertReady(End);
  items.drop();
  assertEquals([receiver.closes, receiver.gates[0].dropped], [1, 0]);
});

Deno.test("fromReceiver: dropped, it drops the recv() that is under way, then closes", () => {
  const receiver = new FakeReceiver();
  const items = stream.fromReceiver(receiver);
  ask(items);
  items.drop();
  assertEquals([receiver.gates[0].dropped, receiver.closes], [1, 1]);
});

Deno.test("fromReceiver: a receiver without close will do", () => {
  const gate = new Gate<Item<string>>();
  const items = stream.fromReceiver({ recv: () => gate });
  ask(items);
  items.drop();
  assertEquals(gate.dropped, 1);
});
