import { assert, assertEquals, assertThrows } from "../../../support/assert.ts";
import { Fatal, Snooze } from "../../../../commands/job-queue/engine/handler.ts";
import { RunningJob } from "../../../../commands/job-queue/engine/running_job.ts";
import { NO_LOG } from "../service_rig.ts";

const CLAIM = {
  ...{ id: 1, epoch: 2, type: "t", queue: "q", key: "", payload: "{}" },
  ...{ attempt: 1, maxRetries: 3, timeout: 0 },
};

Deno.test("running job: what it says is taken once", () => {
  const job = new RunningJob(CLAIM, 0, NO_LOG);
  assertEquals(job.hasNews, false);
  const context = job.context();
  context.progress({ done: 1, of: 2 });
  context.log("one");
  assertEquals(job.takeNews(), { progress: '{"done":1,"of":2}', log: ["one"] });
  assertEquals(job.takeNews(), { progress: undefined, log: [] });
});

Deno.test("running job: whoever says too much is cut short", () => {
  const job = new RunningJob(CLAIM, 0, NO_LOG);
  const context = job.context();
  for (let i = 0; i < 150; i++) context.log(`line ${i}`);
  context.progress("x".repeat(10_000));
  const { progress, log } = job.takeNews();
  assertEquals([progress, log?.length, log?.at(-2)], [undefined, 100, "line 149"]);
  context.log("x".repeat(10_000));
  assertEquals(job.takeNews().log?.[0].length, 1_000);
});

Deno.test("running job: the first reason to end counts, and reaches token and signal", () => {
  const job = new RunningJob(CLAIM, 0, NO_LOG);
  const { signal, token } = job.context();
  job.end("cancelled", "by hand");
  job.end("error", "too late");
  assertEquals([job.ending, token.reason, signal.aborted], ["cancelled", "by hand", true]);
  assert(job.context().signal.aborted);
});

Deno.test("running job: fatal and snooze end the handler", () => {
  const context = new RunningJob(CLAIM, 0, NO_LOG).context();
  assertThrows(() => context.fatal("gone"), Fatal, "gone");
  assertThrows(() => context.snooze(5), Snooze);
});
