import fc from "../../support/fast_check.ts";
import type { Reading } from "../../../commands/cli/reading.ts";
import {
  A_DURATION,
  A_SIZE,
  formatDuration,
  formatSize,
  readDuration,
  readSize,
} from "../../../commands/cli/units.ts";
import { assert, assertEquals } from "../../support/assert.ts";

const LONGEST = 1_000_000 * 3_600_000;

function refusal(reading: Reading<number>): string {
  assert(!reading.ok, "was accepted");
  return reading.expected;
}

Deno.test("readDuration knows ms, s, m and h", () => {
  const cases: [string, number][] = [
    ["500ms", 500],
    ["10s", 10_000],
    ["2m", 120_000],
    ["1h", 3_600_000],
    ["0s", 0],
  ];
  for (const [word, ms] of cases) assertEquals(readDuration(word), { ok: true, value: ms }, word);
});

Deno.test("readDuration takes 0 without a unit, and no other number", () => {
  assertEquals(readDuration("0"), { ok: true, value: 0 });
  assertEquals(refusal(readDuration("10")), "a duration with its unit, such as 10s");
});

Deno.test("readDuration takes fractions and keeps them exact", () => {
  assertEquals(readDuration("1.5s"), { ok: true, value: 1500 });
  assertEquals(readDuration("1.005s"), { ok: true, value: 1005 });
  assertEquals(readDuration("0.5ms"), { ok: true, value: 0.5 });
});

Deno.test("readDuration refuses signs, blanks, bare dots, unknown and repeated units", () => {
  const wrong = ["-1s", "+1s", "1.5.2s", ".5s", "5.s", " 1s", "1 s", "1S", "1d", "1m30s", "s", ""];
  for (const word of wrong) assertEquals(refusal(readDuration(word)), A_DURATION, word);
});

Deno.test("readDuration refuses a duration past exact numbers", () => {
  assertEquals(refusal(readDuration("9".repeat(400) + "h")), "a duration of at most 2501999792h");
});

Deno.test("readSize knows bytes, k, m and g in either case", () => {
  const cases: [string, number][] = [
    ["0", 0],
    ["512", 512],
    ["64k", 65_536],
    ["64K", 65_536],
    ["1m", 1_048_576],
    ["2g", 2_147_483_648],
    ["1.5k", 1536],
  ];
  for (const [word, bytes] of cases) assertEquals(readSize(word), { ok: true, value: bytes }, word);
});

Deno.test("readSize refuses what is no whole number of bytes", () => {
  const wrong = ["1.3k", "0.5", "-1", "64kb", "k", "", "1e3", "0x10", "64 k"];
  for (const word of wrong) assertEquals(refusal(readSize(word)), A_SIZE, word);
  assertEquals(refusal(readSize("8388608g")), "a size of at most 8388607g");
});

Deno.test("formatDuration picks the largest unit in which the value is whole", () => {
  const values = [0, 0.5, 500, 1500, 10_000, 90_000, 120_000, 3_600_000, 86_400_000];
  const written = ["0", "0.5ms", "500ms", "1500ms", "10s", "90s", "2m", "1h", "24h"];
  assertEquals(values.map(formatDuration), written);
});

Deno.test("formatSize picks the largest unit in which the value is whole", () => {
  const values = [0, 1, 1000, 1024, 1536, 65_536, 1_048_576, 3_221_225_472];
  assertEquals(values.map(formatSize), ["0", "1", "1000", "1k", "1536", "64k", "1m", "3g"]);
});

Deno.test("readDuration reads back what formatDuration writes", () => {
  fc.assert(fc.property(fc.nat(LONGEST), (ms) => {
    assertEquals(readDuration(formatDuration(ms)), { ok: true, value: ms });
  }));
});

Deno.test("readSize reads back what formatSize writes", () => {
  fc.assert(fc.property(fc.maxSafeNat(), (bytes) => {
    assertEquals(readSize(formatSize(bytes)), { ok: true, value: bytes });
  }));
});

Deno.test("readDuration and readSize answer any text with a value or a phrase", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (word) => {
    for (const reading of [readDuration(word), readSize(word)]) {
      assert(reading.ok ? reading.value >= 0 : reading.expected !== "");
    }
  }));
});
