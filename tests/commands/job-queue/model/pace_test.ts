import { assertEquals } from "../../../support/assert.ts";
import { paceAfter, paceReadyAt } from "../../../../commands/job-queue/model/pace.ts";

Deno.test("pace: as many as the rate says begin at once, the others evenly", () => {
  const rate = { count: 3, per: 300 };
  const begun: number[] = [];
  let usedUpTo = 0;
  for (let now = 1_000; now < 1_600; now += 10) {
    while (paceReadyAt(usedUpTo, rate) <= now) {
      begun.push(now);
      usedUpTo = paceAfter(usedUpTo, rate, now);
    }
  }
  assertEquals(begun, [1_000, 1_000, 1_000, 1_100, 1_200, 1_300, 1_400, 1_500]);
});
