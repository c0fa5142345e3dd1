import { OnceCell, ready } from "wakeful/runtime";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { failing } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";

/** A cell whose first initialiser waits at a gate, and another who waits for it. */
function contended() {
  const cell = new OnceCell<string>();
  const gate = new Gate<string>();
  const first = pendingInit(cell, gate);
  const second = pendingInit(cell, ready("second"));
  return { cell, gate, first, second };
}

/** Polled once and found waiting. */
function pendingInit<T>(cell: OnceCell<T>, body: Gate<T> | ReturnType<typeof ready<T>>) {
  const init: HandPoll<T> = handPoll(cell.getOrInit(() => body));
  init.assertPending();
  return init;
}

Deno.test("OnceCell: is empty, then has its value for ever", () => {
  const cell = new OnceCell<string>();
  assertEquals([cell.get(), cell.isSet], [undefined, false]);
  assert(cell.set("value"));
  assertEquals([cell.get(), cell.isSet], ["value", true]);
  assertFalse(cell.set("other"));
  assertEquals(cell.get(), "value");
});

Deno.test("OnceCell: undefined is a value like any other", () => {
  const cell = new OnceCell<undefined>();
  assert(cell.set(undefined));
  assert(cell.isSet);
  handPoll(cell.getOrInit(() => failing())).assertReady(undefined);
});

Deno.test("getOrInit: with a value there no body is called", () => {
  const cell = new OnceCell<number>();
  cell.set(1);
  handPoll(cell.getOrInit(() => failing())).assertReady(1);
});

Deno.test("getOrInit: takes a generator function, a future or a coroutine", () => {
  const made = function* () {
    return 1;
  };
  for (const body of [made, () => ready(1), () => made()]) {
    handPoll(new OnceCell<number>().getOrInit(body)).assertReady(1);
  }
});

Deno.test("getOrInit: one body runs, and all who wait go on at once with its value", () => {
  const { cell, gate, first, second } = contended();
  const third = pendingInit(cell, ready("third"));
  gate.open("first");
  first.assertReady("first");
  assertEquals([second.wakes, third.wakes], [1, 1]);
  third.assertReady("first");
  second.assertReady("first");
});

Deno.test("getOrInit: when the body throws the next one tries with its own", () => {
  const cell = new OnceCell<string>();
  const gate = new Gate();
  const first = handPoll(cell.getOrInit(function* () {
    yield* gate;
    return yield* failing();
  }));
  first.assertPending();
  const second = pendingInit(cell, ready("second"));
  gate.open();
  assertThrows(() => first.poll(), RangeError, "own");
  assertEquals([second.woken, cell.isSet], [true, false]);
  second.assertReady("second");
});

Deno.test("getOrInit: when the body is dropped the next one tries with its own", () => {
  const { cell, gate, first, second } = contended();
  first.drop();
  assertEquals([gate.dropped, second.woken], [1, true]);
  second.assertReady("second");
  assertEquals(cell.get(), "second");
});

Deno.test("getOrInit: one who is dropped after its turn came, and before its poll, passes it on", () => {
  const { cell, first, second } = contended();
  const third = pendingInit(cell, ready("third"));
  first.drop();
  second.drop();
  assert(third.woken);
  third.assertReady("third");
});

Deno.test("getOrInit: a dropped wait leaves the cell as it was", () => {
  const { cell, gate, first, second } = contended();
  second.drop();
  gate.open("first");
  first.assertReady("first");
  assertEquals([cell.get(), second.kept], ["first", 0]);
});

Deno.test("getOrInit: a value set between the call and the first poll is taken", () => {
  const cell = new OnceCell<string>();
  const init = handPoll(cell.getOrInit(() => failing()));
  cell.set("meanwhile");
  init.assertReady("meanwhile");
});

Deno.test("set: is refused while an initialiser runs", () => {
  const { cell, gate, first } = contended();
  assertFalse(cell.set("between"));
  gate.open("first");
  first.assertReady("first");
});

Deno.test("getOrInit: a body that is none fails like one that throws", () => {
  const cell = new OnceCell<number>();
  const wrong = handPoll(cell.getOrInit(() => 1 as never));
  assertThrows(() => wrong.poll(), TypeError, "Expected a future");
  assert(cell.set(2));
});
