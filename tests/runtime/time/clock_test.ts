import { realClock } from "wakeful/runtime";
import { assert } from "../../support/assert.ts";

Deno.test("realClock: counts milliseconds as the platform's monotonic clock does", () => {
  const before = performance.now();
  const now = realClock.now();
  assert(before <= now && now <= performance.now());
});

Deno.test("realClock: shows the time of day as the platform does", () => {
  const before = Date.now();
  const now = realClock.wall();
  assert(before <= now && now <= Date.now());
});
