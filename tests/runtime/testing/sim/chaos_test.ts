import fc from "fast-check";
import { Random } from "wakeful/runtime";
import { type ChaosOptions, drawFaults, showFault } from "../../../../runtime/testing/sim/chaos.ts";
import { assert, assertEquals, assertNotEquals } from "../../../support/assert.ts";

const WORLD: ChaosOptions = { hosts: ["a", "b", "c"], until: 60_000 };

function draw(seed: number, options = WORLD) {
  return drawFaults(options, new Random(seed));
}

Deno.test("drawFaults: the same seed draws the same faults, another draws others", () => {
  assertEquals(draw(1), draw(1));
  assertNotEquals(draw(1), draw(2));
});

Deno.test("drawFaults: every fault lies within its bounds, and ends in time", () => {
  const span = fc.tuple(fc.integer({ min: 1, max: 500 }), fc.nat(500))
    .map(([least, more]): [number, number] => [least, least + more]);
  const options = fc.record({
    from: fc.nat(5_000),
    length: fc.nat(20_000),
    every: span,
    lasting: span,
  });
  fc.assert(fc.property(fc.nat(), options, (seed, { from, length, every, lasting }) => {
    const until = from + length;
    let last = from;
    for (const fault of draw(seed, { ...WORLD, from, until, every, lasting })) {
      const gap = fault.at - last;
      assert(gap >= every[0] && gap <= every[1], `${gap} after the one before`);
      assert(fault.at < until && fault.until <= until, showFault(fault));
      const duration = fault.until - fault.at;
      assert(duration <= lasting[1] && (duration >= lasting[0] || fault.until === until));
      last = fault.at;
    }
  }));
});

Deno.test("drawFaults: a link's faults happen between two, a host's to one", () => {
  for (const { kind, hosts } of draw(1, { ...WORLD, until: 600_000 })) {
    const ofLink = ["partition", "one-way", "bad-link"].includes(kind);
    assertEquals([new Set(hosts).size, hosts.length], ofLink ? [2, 2] : [1, 1], kind);
  }
});

Deno.test("drawFaults: all kinds happen, unless it is told which", () => {
  const kindsOf = (options: ChaosOptions) => new Set(draw(1, options).map(({ kind }) => kind));
  assertEquals(kindsOf({ ...WORLD, until: 600_000 }).size, 7);
  assertEquals([...kindsOf({ ...WORLD, kinds: ["crash"] })], ["crash"]);
});

Deno.test("drawFaults: what nobody can suffer does not happen", () => {
  assertEquals(draw(1, { until: 60_000 }), []);
  assertEquals(draw(1, { hosts: ["a"], kinds: ["partition"], until: 60_000 }), []);
  const links = [["a", "b"]] as const;
  for (const { hosts } of draw(1, { links, until: 60_000 })) {
    assertEquals([...hosts].sort(), ["a", "b"]);
  }
});

Deno.test("showFault: tells what happens to whom, and when", () => {
  const fault = { kind: "partition", at: 1, until: 2, hosts: ["a", "b"] } as const;
  assertEquals(showFault(fault), "partition of a and b from 1 to 2 ms");
});
