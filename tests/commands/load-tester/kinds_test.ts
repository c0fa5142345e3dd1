import fc from "../../support/fast_check.ts";
import type { Kind } from "../../../commands/cli/kind.ts";
import { extent, many, rate, steps } from "../../../commands/load-tester/kinds.ts";
import { assertEquals } from "../../support/assert.ts";

/** The value a kind reads; undefined where it refuses. */
function read<T>(kind: Kind<T>, word: string): T | undefined {
  const reading = kind.read(word);
  if (!reading.ok) assertEquals(reading.expected, kind.expects);
  return reading.ok ? reading.value : undefined;
}

Deno.test("many: whole numbers from 1 up, thousands and millions", () => {
  const good: Record<string, number> = {
    "1": 1,
    "1000": 1_000,
    "10k": 10_000,
    "1.5K": 1_500,
    "1.1m": 1_100_000,
    "0.001k": 1,
    "007": 7,
  };
  for (const [word, value] of Object.entries(good)) assertEquals(read(many(), word), value, word);
  for (
    const word of ["", "0", "0k", "1.5", "0.0001k", "-1", "1e3", "k", "1kk", "1 k", "10g", "∞"]
  ) {
    assertEquals(read(many(), word), undefined, word);
  }
});

Deno.test("rate: any number above 0", () => {
  const good: Record<string, number> = { "500": 500, "0.5": 0.5, "10k": 10_000, "0.000001": 1e-6 };
  for (const [word, value] of Object.entries(good)) assertEquals(read(rate(), word), value, word);
  for (const word of ["", "0", "0.0", "-5", "fast", "5/s"]) {
    assertEquals(read(rate(), word), undefined, word);
  }
});

Deno.test("extent: a number of requests, or for how long; m alone is minutes", () => {
  assertEquals(read(extent(), "100"), { requests: 100 });
  assertEquals(read(extent(), "2k"), { requests: 2_000 });
  assertEquals(read(extent(), "5s"), { ms: 5_000 });
  assertEquals(read(extent(), "2m"), { ms: 120_000 });
  assertEquals(read(extent(), "500ms"), { ms: 500 });
  for (const word of ["", "1.5", "s", "-1", "5 s"]) {
    assertEquals(read(extent(), word), undefined, word);
  }
  assertEquals([{ requests: 7 }, { ms: 90_000 }].map(extent().show), ["7", "90s"]);
});

Deno.test("steps: rates, and how long each lasts", () => {
  assertEquals(read(steps(), "100,200,400@10s"), { rates: [100, 200, 400], each: 10_000 });
  assertEquals(read(steps(), "0.5@1m"), { rates: [0.5], each: 60_000 });
  assertEquals(read(steps(), "1k,2k@500ms"), { rates: [1_000, 2_000], each: 500 });
  for (const word of ["", "100", "@10s", "100@", "100@0", "100,@1s", "0,5@1s", "1@1s@1s", "1@1"]) {
    assertEquals(read(steps(), word), undefined, word);
  }
  assertEquals(steps().show({ rates: [1, 2.5], each: 1_500 }), "1,2.5@1500ms");
});

Deno.test("kinds: each reads back what it shows", () => {
  const whole = fc.integer({ min: 1, max: 1_000_000_000 });
  fc.assert(fc.property(whole, fc.array(whole, { minLength: 1, maxLength: 5 }), (number, rates) => {
    assertEquals(read(many(), many().show(number)), number);
    assertEquals(read(rate(), rate().show(number / 8)), number / 8);
    assertEquals(read(extent(), extent().show({ ms: number })), { ms: number });
    assertEquals(read(extent(), extent().show({ requests: number })), { requests: number });
    const some = { rates, each: number };
    assertEquals(read(steps(), steps().show(some)), some);
  }));
});
