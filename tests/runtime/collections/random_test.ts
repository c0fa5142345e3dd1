import { Random } from "wakeful/runtime";
import { assert, assertEquals, assertNotEquals, assertThrows } from "../../support/assert.ts";

const draw = (random: Random, count = 8) => Array.from({ length: count }, () => random.next());

Deno.test("Random: the same seed draws the same numbers, another seed others", () => {
  assertEquals(draw(new Random(7)), draw(new Random(7)));
  assertNotEquals(draw(new Random(7)), draw(new Random(8)));
});

Deno.test("Random: the high bits of a seed count, and 0 is a seed like any other", () => {
  assertNotEquals(draw(new Random(7)), draw(new Random(7 + 2 ** 32)));
  assert(new Set(draw(new Random(0))).size > 1);
});

Deno.test("Random: below() reaches every number and none beyond, about equally often", () => {
  const random = new Random(1);
  const seen = new Array(6).fill(0);
  for (let i = 0; i < 6_000; i++) seen[random.below(6)]++;
  assertEquals(seen.length, 6);
  for (const count of seen) assert(count > 850 && count < 1_150, `${seen}`);
});

Deno.test("Random: between() includes both ends", () => {
  const random = new Random(2);
  const seen = new Set(Array.from({ length: 100 }, () => random.between(3, 5)));
  assertEquals([...seen].sort(), [3, 4, 5]);
});

Deno.test("Random: float() stays in [0, 1), chance() keeps its probability, pick() stays inside", () => {
  const random = new Random(3);
  let hits = 0;
  for (let i = 0; i < 1_000; i++) {
    const float = random.float();
    assert(float >= 0 && float < 1);
    if (random.chance(0.25)) hits++;
  }
  assert(hits > 190 && hits < 310, `${hits}`);
  assert(["a", "b"].includes(random.pick(["a", "b"])));
});

Deno.test("Random: a fork does not depend on how much the other draws later", () => {
  const [one, other] = [new Random(4), new Random(4)];
  const forks = [one.fork(), other.fork()];
  draw(one, 100);
  assertEquals(draw(forks[0]), draw(forks[1]));
});

Deno.test("Random: a seed that is no whole number is refused", () => {
  assertThrows(() => new Random(0.5), RangeError, "whole number as seed, got 0.5");
});
