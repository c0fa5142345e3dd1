import { EMPTY, LOST, StealDeque } from "../../../runtime/threads/steal_deque.ts";
import type { Memory } from "../../../runtime/threads/memory.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { explore, type Program } from "../../support/interleavings.ts";

const CAPACITY = 4;
type Operation = "push" | "pop";

/** A deque that holds `1..held` at first. */
function wordsHolding(held: number): number[] {
  const words: number[] = new Array(StealDeque.words(CAPACITY)).fill(0);
  words[1] = held;
  for (let i = 0; i < held; i++) words[2 + i] = i + 1;
  return words;
}

const PUSHED = 100;

function owner(operations: readonly Operation[], Deque = StealDeque): Program {
  return (memory) => {
    const deque = new Deque(memory, 0, CAPACITY);
    return operations.map((operation, i) =>
      operation === "pop" ? deque.pop() : (deque.push(PUSHED + i), EMPTY)
    );
  };
}

function thief(steals: number, Deque = StealDeque): Program {
  return (memory) => {
    const deque = new Deque(memory, 0, CAPACITY);
    return Array.from({ length: steals }, () => deque.steal());
  };
}

/** Everything that went in is taken once or still there, and nothing else is. */
function check(held: number, operations: readonly Operation[]) {
  return (answers: unknown[], words: readonly number[]) => {
    const taken = (answers as number[][]).flat().filter((item) => item !== EMPTY && item !== LOST);
    const rest: number[] = [];
    for (let i = words[0]; i < words[1]; i++) rest.push(words[2 + (i % CAPACITY)]);
    const went = [...Array.from({ length: held }, (_, i) => i + 1)];
    operations.forEach((operation, i) => operation === "push" && went.push(PUSHED + i));
    const ascending = (a: number, b: number) => a - b;
    assertEquals([...taken, ...rest].sort(ascending), went.sort(ascending));
  };
}

const PROGRAMS: readonly (readonly Operation[])[] = [
  ["push", "push"],
  ["push", "pop"],
  ["pop", "push"],
  ["pop", "pop"],
];

for (const operations of PROGRAMS) {
  Deno.test(`StealDeque, all orders: ${operations.join(", ")} beside two thieves`, () => {
    let ends = 0;
    for (let held = 0; held <= 2; held++) {
      const threads = [owner(operations), thief(1), thief(1)];
      const explored = explore({
        words: wordsHolding(held),
        threads,
        check: check(held, operations),
      });
      ends += explored.ends;
    }
    assert(ends > 10);
  });
}

Deno.test("StealDeque, all orders: thieves that steal twice, up to the last item", () => {
  for (let held = 1; held <= 3; held++) {
    const threads = [owner(["pop", "pop"]), thief(2), thief(2)];
    explore({ words: wordsHolding(held), threads, check: check(held, []) });
  }
});

Deno.test("StealDeque, all orders: indices that pass the end of 32 bits", () => {
  const words = wordsHolding(2);
  const [start, end] = [2 ** 31 - 1, -(2 ** 31) + 1];
  words[0] = start;
  words[1] = end;
  words[2 + (start & 3)] = 1;
  words[2 + ((start + 1) & 3)] = 2;
  const threads = [owner(["pop", "pop"]), thief(1), thief(1)];
  explore({
    words,
    threads,
    check: (answers) => {
      const taken = (answers as number[][]).flat().filter((item) => item > 0);
      assertEquals(new Set(taken).size, taken.length);
    },
  });
});

/** Moves `top` without an exchange. */
class PlainTop extends StealDeque {
  constructor(private memory: Memory, base: number, capacity: number) {
    super(memory, base, capacity);
  }
  override steal(): number {
    const top = this.memory.load(0);
    if (this.memory.load(1) - top <= 0) return EMPTY;
    const item = this.memory.load(2 + (top % CAPACITY));
    this.memory.store(0, top + 1);
    return item;
  }
}

/** Takes the last item without asking who was first. */
class UncheckedLast extends StealDeque {
  constructor(private memory: Memory, base: number, capacity: number) {
    super(memory, base, capacity);
  }
  override pop(): number {
    const bottom = this.memory.load(1) - 1;
    this.memory.store(1, bottom);
    if (bottom < this.memory.load(0)) {
      this.memory.store(1, bottom + 1);
      return EMPTY;
    }
    return this.memory.load(2 + (bottom % CAPACITY));
  }
}

/** Reads `top` before it lowers `bottom`: what a missing fence lets a processor do. */
class EarlyTop extends StealDeque {
  constructor(private memory: Memory, base: number, capacity: number) {
    super(memory, base, capacity);
  }
  override pop(): number {
    const top = this.memory.load(0);
    const bottom = this.memory.load(1) - 1;
    this.memory.store(1, bottom);
    if (bottom < top) {
      this.memory.store(1, bottom + 1);
      return EMPTY;
    }
    const item = this.memory.load(2 + (bottom % CAPACITY));
    if (bottom > top) return item;
    const won = this.memory.compareExchange(0, top, top + 1) === top;
    this.memory.store(1, bottom + 1);
    return won ? item : EMPTY;
  }
}

for (const Planted of [PlainTop, UncheckedLast, EarlyTop]) {
  Deno.test(`StealDeque, all orders: the planted bug ${Planted.name} is found`, () => {
    const operations: Operation[] = ["pop", "pop"];
    const threads = [owner(operations, Planted), thief(1, Planted), thief(1, Planted)];
    const find = () => {
      for (const held of [1, 2, 3]) {
        explore({ words: wordsHolding(held), threads, check: check(held, operations) });
      }
    };
    assertThrows(find, Error, "wrong after");
  });
}
