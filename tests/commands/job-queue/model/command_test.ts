import { assertEquals } from "../../../support/assert.ts";
import { jobEvent } from "../../../../commands/job-queue/model/command.ts";
import type { Job } from "../../../../commands/job-queue/model/job.ts";

Deno.test("job event: says which job, which attempt and when, and nothing that is nobody's business", () => {
  const job = { id: 7, type: "t", queue: "q", attempt: 2, key: "ann", worker: "w" } as Job;
  const about = { event: "JobDead", at: 5, id: 7, type: "t", queue: "q", attempt: 2 };
  assertEquals<object>(jobEvent("JobDead", 5, job), about);
  assertEquals<object>(jobEvent("JobDead", 5, job, { error: "no" }), { ...about, error: "no" });
});
