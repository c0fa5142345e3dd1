/**
 * Lesson 07, combinators: several futures in one task.
 *
 * Leads to runtime/combine/join.ts, runtime/combine/select.ts and runtime/combine/map.ts.
 */

import {
  type Co,
  Future,
  join,
  joinAll,
  map,
  now,
  Pending,
  ready,
  select,
  sleep,
} from "wakeful/runtime";
import { byHand, runTest } from "wakeful/testing";
import { assertEquals, assertStrictEquals } from "../support/assert.ts";
import { Gate } from "../support/gate.ts";
import { Countdown } from "./countdown.ts";
import { show } from "./show.ts";

/** Takes `ms` to give `value`. */
function* after<T>(ms: number, value: T): Co<T> {
  yield* sleep(ms);
  return value;
}

/** Never ready; counts how it is treated. */
class Loser extends Future<never> {
  polls = 0;
  drops = 0;

  poll(): typeof Pending {
    this.polls++;
    return Pending;
  }

  override drop(): void {
    this.drops++;
  }
}

Deno.test("lesson 07.1 · join runs both at once and gives both values, after the longer time", async () => {
  await runTest(function* () {
    const both = yield* join(after(20, "slow"), after(10, 42));
    assertEquals([both, now()], [["slow", 42], 20]);
  });
});

Deno.test("lesson 07.1 · join is pending as long as one of them is", () => {
  const [first, second] = [new Gate<number>(), new Gate<number>()];
  const hand = byHand(join(first, second, ready("at once")));
  hand.assertPending();
  second.open(2);
  assertEquals(hand.wakes, 1);
  hand.assertPending();
  first.open(1);
  assertEquals(hand.assertReady(), [1, 2, "at once"]);
  assertEquals([first.polls, second.polls], [2, 2]); // each only when it had been woken
});

Deno.test("lesson 07.2 · select gives the first one and drops the loser", async () => {
  const loser = new Loser();
  await runTest(function* () {
    const first = yield* select({ winner: after(10, "here"), loser });
    assertEquals([first, now()], [{ key: "winner", value: "here" }, 10]);
  });
  show(`the loser was polled ${loser.polls} times and dropped once`);
  assertEquals(loser.drops, 1);
});

Deno.test("lesson 07.2 · dropped means cleaned up: a losing coroutine runs its finally blocks", async () => {
  const log: string[] = [];
  await runTest(function* () {
    const { key } = yield* select({
      *slow() {
        try {
          yield* sleep(1000);
          log.push("never reached");
        } finally {
          log.push(`cleaned up at ${now()}`);
        }
      },
      fast: after(10, "value"),
    });
    log.push(`${key} won at ${now()}`);
  });
  assertEquals(log, ["cleaned up at 10", "fast won at 10"]);
});

Deno.test("lesson 07.3 · joinAll keeps the order of its futures, whichever ends first", async () => {
  const ended: number[] = [];
  await runTest(function* () {
    const delays = [30, 10, 20];
    const values = yield* joinAll(
      delays.map((ms) => map(after(ms, ms), (value) => (ended.push(value), value))),
    );
    assertEquals([values, now()], [delays, 30]);
  });
  show(`ended in the order ${ended.join(", ")}`);
  assertEquals(ended, [10, 20, 30]);
});

Deno.test("lesson 07.4 · map changes the value when it is there, and is called once", () => {
  let calls = 0;
  const hand = byHand(map(new Countdown(2), (word) => {
    calls++;
    return word.toUpperCase();
  }));
  assertStrictEquals(hand.pollOnce(), Pending);
  assertStrictEquals(hand.pollOnce(), Pending);
  assertEquals(calls, 0);
  assertEquals([hand.assertReady(), calls], ["LIFTOFF", 1]);
});

Deno.test("lesson 07.4 · dropping a map drops what it is made of", () => {
  const loser = new Loser();
  const hand = byHand(map(loser, () => "never"));
  hand.assertPending();
  hand.drop();
  assertEquals([loser.polls, loser.drops], [1, 1]);
});
