import { assertEquals } from "../../../support/assert.ts";
import { quote } from "../../../../commands/cli/quote.ts";
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

Deno.test("schedule: what makes no sense is complained about, in a line that names it", () => {
  for (const cron of ["*/5 * * * *", "30 */5 * * * *", " 0  0 29 2 * ", "@daily"]) {
    assertEquals(complaintAbout(cron, "Europe/Berlin"), undefined);
  }
  const fields = "cron: expected five fields, or six with seconds in front, got";
  for (const cron of ["* *", "* * * * * * *", "2030-01-01T00:00:00", ""]) {
    assertEquals(complaintAbout(cron, "UTC"), `${fields} ${quote(cron)}`);
  }
  assertEquals(
    complaintAbout("61 * * * *", "UTC"),
    'cron: Invalid value for minute: 61, in "61 * * * *"',
  );
  const never = 'cron: expected a time that comes, got "0 0 30 2 *", which never does';
  assertEquals(complaintAbout("0 0 30 2 *", "UTC"), never);
  for (const timezone of ["Mars", ""]) {
    const expected = "expected one such as Europe/Berlin";
    assertEquals(
      complaintAbout("* * * * *", timezone),
      `timezone: there is none called ${quote(timezone)}; ${expected}`,
    );
  }
});
