import fc from "fast-check";
import { Random } from "wakeful/runtime";
import type { Runnable } from "../../../runtime/core/context.ts";
import { ShuffledQueue } from "../../../runtime/engine/run_queue.ts";
import { assert, assertEquals } from "../../support/assert.ts";

function named(name: string): Runnable {
  return { name, waitsFor: "nothing", run() {}, abort() {}, kill() {} };
}

/** The order in which eight tasks run that were queued at once. */
function orderOf(seed: number): string {
  const queue = new ShuffledQueue(new Random(seed));
  for (const name of "abcdefgh") queue.push(named(name));
  let order = "";
  for (let next = queue.shift(); next; next = queue.shift()) order += next.name;
  return order;
}

Deno.test("ShuffledQueue: the same seed gives the same order, other seeds others", () => {
  assertEquals(orderOf(1), orderOf(1));
  const orders = new Set(Array.from({ length: 50 }, (_, seed) => orderOf(seed)));
  assert(orders.size > 45);
  const first = new Set([...orders].map((order) => order[0]));
  assertEquals(first.size, 8, "anyone may be first");
});

Deno.test("ShuffledQueue: everybody has a turn, and once", () => {
  for (let seed = 0; seed < 10; seed++) {
    assertEquals([...orderOf(seed)].sort().join(""), "abcdefgh");
  }
  assertEquals(new ShuffledQueue(new Random(1)).shift(), undefined);
});

Deno.test("ShuffledQueue: nobody is passed over for ever", () => {
  const turns = fc.array(fc.nat(3), { maxLength: 200 }); // before each turn, how many are queued
  fc.assert(fc.property(fc.nat(), turns, (seed, pushes) => {
    const queue = new ShuffledQueue(new Random(seed));
    let [round, next] = [new Set<Runnable>(), new Set<Runnable>()];
    for (const pushed of pushes) {
      for (let i = 0; i < pushed; i++) {
        const task = named("task");
        queue.push(task);
        next.add(task);
      }
      if (round.size === 0) [round, next] = [next, round];
      const task = queue.shift();
      assert(task === undefined ? round.size === 0 : round.delete(task), "not its round");
      assertEquals(queue.length, round.size + next.size);
    }
  }));
});

Deno.test("ShuffledQueue: who comes during a round waits for the next", () => {
  for (let seed = 0; seed < 20; seed++) {
    const queue = new ShuffledQueue(new Random(seed));
    for (const name of "abc") queue.push(named(name));
    const first = queue.shift()!;
    for (let i = 0; i < 100; i++) queue.push(named("late"));
    const rest = [queue.shift()!.name, queue.shift()!.name];
    assertEquals([first.name, ...rest].sort().join(""), "abc");
  }
});
