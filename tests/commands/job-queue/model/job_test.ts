import { assertEquals } from "../../../support/assert.ts";
import { isLive, STATES } from "../../../../commands/job-queue/model/job.ts";

Deno.test("job: whoever waits or runs is live, whoever is over is not", () => {
  assertEquals(STATES.filter(isLive), ["scheduled", "pending", "running"]);
});
