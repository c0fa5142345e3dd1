/**
 * Lesson 02, state machines: what a coroutine is underneath.
 *
 * Leads to runtime/task/coroutine.ts (a generator as a future) and runtime/task/yield_now.ts
 * (YieldOnce, as the runtime has it).
 */

import {
  type Co,
  Context,
  Future,
  intoFuture,
  noopWaker,
  Pending,
  type Poll,
} from "wakeful/runtime";
import { byHand, ManualLoop } from "wakeful/testing";
import { assertEquals, assertGreater, assertLess, assertStrictEquals } from "../support/assert.ts";
import { show } from "./show.ts";

/** Pending at its first poll, ready at its second. */
class YieldOnce extends Future<void> {
  #yielded = false;

  poll(cx: Context): Poll<void> {
    if (this.#yielded) return;
    this.#yielded = true;
    cx.waker.wakeByRef();
    return Pending;
  }
}

type AddState =
  | { readonly at: "start" }
  | { readonly at: "first"; readonly wait: YieldOnce }
  | { readonly at: "second"; readonly wait: YieldOnce; readonly sum: number }
  | { readonly at: "done" };

/** Adds two numbers and waits before each, with every state written out. */
class AddSlowly extends Future<number> {
  state: AddState = { at: "start" };

  constructor(readonly a: number, readonly b: number) {
    super();
  }

  poll(cx: Context): Poll<number> {
    for (;;) {
      const { state } = this;
      switch (state.at) {
        case "start":
          this.state = { at: "first", wait: new YieldOnce() };
          break;
        case "first":
          if (state.wait.poll(cx) === Pending) return Pending;
          this.state = { at: "second", wait: new YieldOnce(), sum: this.a };
          break;
        case "second":
          if (state.wait.poll(cx) === Pending) return Pending;
          this.state = { at: "done" };
          return state.sum + this.b;
        case "done":
          throw new Error("polled after it was done");
      }
    }
  }
}

/** The same as a coroutine: where it waits is its state, and `sum` is what the state holds. */
function* addSlowly(a: number, b: number): Co<number> {
  yield* new YieldOnce();
  const sum = a;
  yield* new YieldOnce();
  return sum + b;
}

/** Every answer of a future, up to its value. */
function answersOf<T>(body: Future<T> | Co<T>): Poll<T>[] {
  const hand = byHand(body);
  const answers: Poll<T>[] = [hand.pollOnce()];
  while (answers.at(-1) === Pending) answers.push(hand.pollOnce());
  return answers;
}

Deno.test("lesson 02.1 · YieldOnce is pending once, and has seen to being polled again", () => {
  const hand = byHand(new YieldOnce());
  hand.assertPending();
  assertEquals(hand.wakes, 1);
  assertStrictEquals(hand.assertReady(), undefined);
});

Deno.test("lesson 02.2 · a hand-written state machine goes one state further at a poll", () => {
  const add = new AddSlowly(2, 3);
  const hand = byHand(add);
  const states = [add.state.at];
  for (let polls = 0; polls < 3; polls++) {
    const polled = hand.pollOnce();
    states.push(add.state.at);
    if (polled !== Pending) assertEquals([polled, polls], [5, 2]);
  }
  assertEquals(states, ["start", "first", "second", "done"]);
});

Deno.test("lesson 02.3 · the coroutine gives the same answers at the same polls", () => {
  for (const [a, b] of [[2, 3], [0, 0], [-1, 1]]) {
    const byStates = answersOf(new AddSlowly(a, b));
    const byCoroutine = answersOf(addSlowly(a, b));
    assertEquals(byCoroutine, byStates);
    assertEquals(byCoroutine, [Pending, Pending, a + b]);
  }
});

const INSTANCES = 10_000;
const KIBIBYTE = 1024;

function* holdingNothing(): Co<number> {
  yield* new YieldOnce();
  return 0;
}

function* holdingOneKibibyte(): Co<number> {
  const held = new Uint8Array(KIBIBYTE);
  yield* new YieldOnce();
  return held.length; // used after the wait, so it is kept during the wait
}

/** Makes many that wait, adds them to `kept`, and answers how many bytes each of them takes. */
function bytesEach(make: () => Co<number>, kept: Future<number>[]): number {
  const cx = new Context(noopWaker(), new ManualLoop());
  const used = () => Deno.memoryUsage().heapUsed + Deno.memoryUsage().external;
  const before = used();
  for (let i = 0; i < INSTANCES; i++) {
    const future = intoFuture(make());
    future.poll(cx);
    kept.push(future);
  }
  return (used() - before) / INSTANCES;
}

Deno.test("lesson 02.4 · a waiting coroutine keeps what it will use afterwards, and little else", () => {
  const kept: Future<number>[] = [];
  bytesEach(holdingNothing, kept); // the first time the compiler takes memory, too
  const [empty, full] = [bytesEach(holdingNothing, kept), bytesEach(holdingOneKibibyte, kept)];
  show(`waiting with nothing: ${empty | 0} bytes, with 1 KiB in a variable: ${full | 0} bytes`);
  assertEquals(kept.length, 3 * INSTANCES);
  assertLess(empty, KIBIBYTE);
  assertGreater(full - empty, 0.9 * KIBIBYTE);
  assertLess(full - empty, 2 * KIBIBYTE);
});
