import { assertEquals } from "../../../support/assert.ts";
import { jobSpec } from "../../../../commands/job-queue/model/spec.ts";

Deno.test("job spec: a job is as every other, but for what is said of it", () => {
  assertEquals(jobSpec("resize", { priority: 2 }), {
    ...{ type: "resize", payload: "{}", queue: "default", key: "", priority: 2, maxRetries: 3 },
    ...{ timeout: 0, delay: 0, runAt: 0, expires: 0, uniqueKey: "" },
  });
});
