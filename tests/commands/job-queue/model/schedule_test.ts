import { assertEquals, assertStringIncludes } from "../../../support/assert.ts";
import { complaintAbout, nextTime } from "../../../../commands/job-queue/model/schedule.ts";

const at = (time: string) => Date.parse(time);

Deno.test("schedule: the next time is after the given one, in the zone", () => {
  assertEquals(
    nextTime("0 8 * * *", "UTC", at("2030-01-01T08:00:00Z")),
    at("2030-01-02T08:00:00Z"),
  );
  const berlin = nextTime("0 8 * * *", "Europe/Berlin", at("2030-01-01T00:00:00Z"));
  assertEquals(berlin, at("2030-01-01T07:00:00Z"));
  assertEquals(nextTime("0 0 30 2 *", "UTC", 0), 0); // there is no such day
});

Deno.test("schedule: what makes no sense is complained about", () => {
  assertEquals(complaintAbout("*/5 * * * *", "UTC"), undefined);
  assertStringIncludes(complaintAbout("* *", "UTC") ?? "", "* *");
  assertStringIncludes(complaintAbout("* * * * *", "Mars") ?? "", "Mars");
});
