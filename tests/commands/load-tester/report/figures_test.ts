import fc from "../../../support/fast_check.ts";
import {
  bytes,
  digits,
  duration,
  percent,
  rate,
} from "../../../../commands/load-tester/report/figures.ts";
import { assert, assertEquals } from "../../../support/assert.ts";

Deno.test("figures: durations, with the unit that fits", () => {
  const shown: Record<string, number> = {
    "0ms": 0,
    "1µs": 0.001,
    "850µs": 0.85,
    "1ms": 0.9996,
    "4.2ms": 4.24,
    "102.7ms": 102.68,
    "999.9ms": 999.94,
    "1s": 999.96,
    "1.25s": 1_250,
    "119.99s": 119_990,
    "2m 0s": 119_996,
    "2m 5s": 125_400,
    "3m 0s": 179_700,
    "61m 1s": 3_661_000,
  };
  for (const [text, ms] of Object.entries(shown)) assertEquals(duration(ms), text);
});

/** How long something that reads like this takes. */
function millisecondsOf(text: string): number {
  const units: Record<string, number> = { "µs": 0.001, ms: 1, s: 1_000, m: 60_000 };
  return [...text.matchAll(/([\d.]+)(µs|ms|s|m)/g)]
    .reduce((sum, [, value, unit]) => sum + Number(value) * units[unit], 0);
}

Deno.test("figures: a duration reads as what it is, to its last digit", () => {
  fc.assert(fc.property(fc.double({ min: 0.001, max: 10_000_000, noNaN: true }), (ms) => {
    const off = Math.abs(millisecondsOf(duration(ms)) - ms);
    assert(off <= Math.max(ms * 0.06, 0.0005) && off < 505, `${ms} is ${duration(ms)}`);
  }));
});

Deno.test("figures: bytes, in thousands", () => {
  const shown: Record<string, number> = {
    "0 B": 0,
    "999 B": 999,
    "1 KB": 1_000,
    "1.23 KB": 1_234,
    "1 MB": 999_999,
    "250 MB": 250_000_000,
    "1.5 TB": 1.5e12,
    "1500 TB": 1.5e15,
    "0.5 B": 0.5,
  };
  for (const [text, count] of Object.entries(shown)) assertEquals(bytes(count), text);
});

Deno.test("figures: shares, rates and other numbers", () => {
  assertEquals([percent(0), percent(0.125), percent(1 / 3), percent(1)], [
    ...["0%", "12.5%", "33.33%", "100%"],
  ]);
  assertEquals([rate(427.3504), rate(0)], ["427.35 req/s", "0.00 req/s"]);
  assertEquals([digits(1.2345, 2), digits(5, 3), digits(0.0001, 2)], ["1.23", "5", "0"]);
});
