import { SharedRing } from "../../../runtime/threads/shared_ring.ts";
import { EMPTY } from "../../../runtime/threads/steal_deque.ts";
import type { Memory } from "../../../runtime/threads/memory.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { explore } from "../../support/interleavings.ts";

const CAPACITY = 2;
const FRESH: readonly number[] = new Array(SharedRing.words(CAPACITY)).fill(0);
/** A ring of which nobody waits for a turn: looking again is bounded. */
const ring = (memory: Memory) => new SharedRing(memory, 0, CAPACITY);
const ascending = (a: number, b: number) => a - b;

function restOf(words: readonly number[]): number[] {
  const rest = [];
  for (let i = words[0]; i < words[1]; i++) rest.push(words[2 + 2 * (i % CAPACITY) + 1]);
  return rest;
}

Deno.test("SharedRing, all orders: two that push and one that pops lose and double nothing", () => {
  explore({
    words: FRESH,
    threads: [
      (memory) => ring(memory).push(1) ? 1 : 0,
      (memory) => ring(memory).push(2) ? 2 : 0,
      (memory) => ring(memory).pop(),
    ],
    check([first, second, popped], words) {
      const pushed = [first, second] as number[];
      const found = [...restOf(words), popped as number].filter((item) => item !== EMPTY);
      assertEquals(found.sort(ascending), pushed.sort(ascending));
    },
  });
});

Deno.test("SharedRing, all orders: two that pop never get the same item", () => {
  const words = [...FRESH];
  words.splice(0, 6, 0, 2, 1, 7, 1, 8); // head, tail, and two places whose turn is the pop's
  explore({
    words,
    threads: [(memory) => ring(memory).pop(), (memory) => ring(memory).pop()],
    check: (popped) => assertEquals((popped as number[]).sort(ascending), [7, 8]),
  });
});

Deno.test("SharedRing, all orders: a full one takes an item only after one was popped", () => {
  const words = [0, 2, 1, 7, 1, 8];
  explore({
    words,
    threads: [(memory) => ring(memory).push(9), (memory) => ring(memory).pop()],
    check([pushed, popped], after) {
      assertEquals(popped, 7);
      assertEquals(restOf(after), pushed ? [8, 9] : [8]);
    },
  });
});

Deno.test("SharedRing, all orders: a planted bug, publishing before writing, is found", () => {
  const hasty = (memory: Memory) => {
    const index = memory.load(1);
    if (memory.compareExchange(1, index, index + 1) !== index) return;
    memory.add(2 + 2 * index, 1);
    memory.store(2 + 2 * index + 1, 5);
  };
  const model = {
    words: FRESH,
    threads: [hasty, (memory: Memory) => ring(memory).pop()],
    check: ([, popped]: unknown[]) => assertEquals(popped === EMPTY || popped === 5, true),
  };
  assertThrows(() => explore(model), Error, "wrong after");
});
