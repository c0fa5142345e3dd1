import { Snooze } from "../../../../commands/job-queue/engine/handler.ts";
import { assertEquals, assertThrows } from "../../../support/assert.ts";

Deno.test("Snooze: takes milliseconds, and durations as they are typed", () => {
  const taken = [0, 250, "10s", "1.5m"].map((duration) => new Snooze(duration).milliseconds);
  assertEquals(taken, [0, 250, 10_000, 90_000]);
});

Deno.test("Snooze: what is no duration is told, and never reaches the store", () => {
  for (const wrong of ["soon", "10", "", -1, NaN, Infinity]) {
    assertThrows(() => new Snooze(wrong), TypeError, "expected milliseconds or a duration such as");
  }
});
