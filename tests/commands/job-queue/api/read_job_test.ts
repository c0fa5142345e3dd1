import { assertEquals, assertThrows } from "../../../support/assert.ts";
import { jobSpec } from "../../../../commands/job-queue/model/spec.ts";
import { readJob, readJobs } from "../../../../commands/job-queue/api/read_job.ts";
import { Refusal } from "../../../../commands/job-queue/api/refusal.ts";

function knows(type: string): boolean {
  return type !== "unheard";
}

function refused(body: unknown, message: string, status = 400): void {
  const refusal = assertThrows(() => readJobs(body, knows), Refusal, message);
  assertEquals(refusal.status, status);
}

Deno.test("read job: what is neither type nor options is the payload", () => {
  const body = { type: "resize", file: "a.png", priority: 7, options: { priority: 2 } };
  const payload = '{"file":"a.png","priority":7}';
  assertEquals(readJob(body, "it", knows), jobSpec("resize", { payload, priority: 2 }));
});

Deno.test("read job: every option is read in its own form", () => {
  const options = {
    ...{ queue: "q", key: "ann b", priority: -100, maxRetries: 1_000, timeout: "1m" },
    ...{ delay: 250, runAt: "2025-01-01T00:00:00Z", expires: "1h", uniqueKey: "u" },
  };
  assertEquals(
    readJob({ type: "t", options }, "it", knows),
    jobSpec("t", {
      ...options,
      ...{ timeout: 60_000, runAt: 1_735_689_600_000, expires: 3_600_000 },
    }),
  );
});

Deno.test("read job: one is one, a list is a list", () => {
  assertEquals(readJobs({ type: "a" }, knows), { specs: [jobSpec("a")], isList: false });
  const specs = [jobSpec("a"), jobSpec("b")];
  assertEquals(readJobs([{ type: "a" }, { type: "b" }], knows), { specs, isList: true });
});

Deno.test("read job: what is wrong is told, and with which of them", () => {
  refused(7, "the job: expected an object, got 7");
  refused({}, 'the job: expected a field "type"');
  refused([{ type: "a" }, { type: 7 }], "job 2 of 2: type: expected 1 to 64 letters");
  refused([{ type: "a", options: [] }], "job 1 of 1: options: expected an object");
  refused({ type: "a", options: { prio: 1 } }, "the job: options: there is no field prio");
  refused({ type: "a", options: { priority: 101 } }, "a whole number from -100 to 100");
  refused({ type: "a", options: { maxRetries: 1_001 } }, "a whole number from 0 to 1000");
  refused({ type: "unheard" }, "the job: nobody here knows the type unheard", 422);
});

Deno.test("read job: a list has from one to ten thousand", () => {
  refused([], "expected 1 to 10000 jobs, got 0");
  const most = new Array(10_000).fill({ type: "a" });
  assertEquals(readJobs(most, knows).specs.length, 10_000);
  refused([...most, { type: "a" }], "expected 1 to 10000 jobs, got 10001");
});
