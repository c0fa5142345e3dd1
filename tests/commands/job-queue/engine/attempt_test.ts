import {
  type Co,
  joinAll,
  type Logger,
  now,
  Runtime,
  sleep,
  spawn,
  ThreadDied,
} from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { assertEquals, assertMatch } from "../../../support/assert.ts";
import type { Claim, FailureKind } from "../../../../commands/job-queue/model/command.ts";
import { attempt, type Attempted } from "../../../../commands/job-queue/engine/attempt.ts";
import {
  Fatal,
  type HandlerFunction,
  type JobContext,
  Snooze,
} from "../../../../commands/job-queue/engine/handler.ts";
import { RunningJob } from "../../../../commands/job-queue/engine/running_job.ts";
import { recordingLogger } from "../../echo-server/served.ts";
import { NO_LOG } from "../service_rig.ts";

const DAY_MS = 86_400_000;
const GRACE_MS = 1_000;

function jobOf(more: Partial<Claim> = {}, log: Logger = NO_LOG): RunningJob {
  const claim = {
    ...{ id: 7, epoch: 2, type: "t", queue: "q", key: "", payload: "{}" },
    ...{ attempt: 1, maxRetries: 3, timeout: 0 },
  };
  return new RunningJob({ ...claim, ...more }, 0, log);
}

function attempted(run: HandlerFunction, job: RunningJob = jobOf()): Co<Attempted> {
  return attempt(job, { where: "here", run }, GRACE_MS);
}

function completed(result?: string): Attempted {
  return { report: { kind: "complete", id: 7, epoch: 2, result } };
}

function failed(how: FailureKind, error: string, delay?: number): Attempted {
  return { report: { kind: "fail", id: 7, epoch: 2, how, error, delay } };
}

function throwing(error: unknown): HandlerFunction {
  return () => {
    throw error;
  };
}

/** Tells a job to end, in a while. */
function endLater(job: RunningJob, as: RunningJob["ending"] & string): void {
  spawn(function* () {
    yield* sleep(500);
    job.end(as, "by hand");
  });
}

function* asleep(): Co<void> {
  yield* sleep(DAY_MS);
}

/** Ends with an error when it is told to. */
function* polite(_: unknown, { token }: JobContext): Co<never> {
  yield* token.cancelled();
  throw new Error("tidied up");
}

Deno.test("attempt: the handler gets payload and context, and its value is the result", () =>
  runTest(function* () {
    const job = jobOf({ payload: '{"n":20}', timeout: 5 });
    const run: HandlerFunction = ({ n }, { id, attempt }) => ({ n: n + id, attempt });
    assertEquals(yield* attempted(run, job), completed('{"n":27,"attempt":1}'));
    assertEquals(yield* attempted(() => {}), completed());
  }));

Deno.test("attempt: a coroutine and a promise are waited for, however long that takes", () =>
  runTest(function* () {
    const slow = function* (): Co<number> {
      yield* asleep();
      return 1;
    };
    assertEquals(yield* attempted(slow), completed("1"));
    assertEquals(now(), DAY_MS);
    assertEquals(yield* attempted(() => Promise.resolve("two")), completed('"two"'));
  }));

Deno.test("attempt: an error says whether another attempt may do better", () =>
  runTest(function* () {
    const foreign = Object.assign(new Error("no such file"), { fatal: true });
    assertEquals(yield* attempted(throwing(new Error("no luck"))), failed("error", "no luck"));
    assertEquals(yield* attempted(() => Promise.reject("no luck")), failed("error", "no luck"));
    assertEquals(yield* attempted(throwing(null)), failed("error", "null"));
    assertEquals(yield* attempted(throwing(new Fatal("never"))), failed("fatal", "never"));
    assertEquals(yield* attempted(throwing(foreign)), failed("fatal", "no such file"));
    const mild = Object.assign(new Error("once more"), { fatal: false });
    assertEquals(yield* attempted(throwing(mild)), failed("error", "once more"));
    const snoozed = failed("snooze", "snoozed for 250 ms", 250);
    assertEquals(yield* attempted(throwing(new Snooze(250))), snoozed);
  }));

Deno.test("attempt: a mistake in the code is told with its place, an error that is thrown is not", () =>
  runTest(function* () {
    const { report } = yield* attempted((_, job) => (job as never as { a: { b: 1 } }).a.b);
    const { error } = report as { error: string };
    assertMatch(
      error,
      /^Cannot read properties of undefined .* \(at .*attempt_test\.ts:\d+:\d+\)\)$/,
    );
  }));

Deno.test("attempt: a result that cannot be kept is not tried again", () =>
  runTest(function* () {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const { report } = yield* attempted(() => circle);
    const { how, error } = report as { how: string; error: string };
    assertEquals([how, error.split("\n")[0]], [
      "fatal",
      "its result is no JSON: Converting circular structure to JSON",
    ]);
    const most = 1024 * 1024 - '""'.length;
    assertEquals((yield* attempted(() => "x".repeat(most))).report.kind, "complete");
    assertEquals(
      yield* attempted(() => "x".repeat(most + 1)),
      { report: { kind: "fail", id: 7, epoch: 2, how: "fatal", error: TOO_LONG } },
    );
  }));

const TOO_LONG = "its result has 1048577 characters, 1048576 at most are kept";

Deno.test("attempt: one that is over its time is told, and may end in order", () =>
  runTest(function* () {
    const timeout = 2_000;
    const late = failed("error", "took longer than 2s: tidied up");
    assertEquals(yield* attempted(polite, jobOf({ timeout })), late);
    assertEquals(now(), timeout);
    const done = function* (_: unknown, { token }: JobContext): Co<string> {
      yield* token.cancelled();
      return "just so";
    };
    assertEquals(yield* attempted(done, jobOf({ timeout })), completed('"just so"'));
  }));

Deno.test("attempt: one that does not end by itself is ended after the grace, with its cleanup", () =>
  runTest(function* () {
    let endedAt: number | undefined;
    const stubborn = function* (): Co<void> {
      try {
        yield* asleep();
      } finally {
        endedAt = now();
      }
    };
    const error = "took longer than 2s; it did not end by itself within 1s";
    assertEquals(yield* attempted(stubborn, jobOf({ timeout: 2_000 })), failed("error", error));
    assertEquals([endedAt, now()], [3_000, 3_000]);
  }));

Deno.test("attempt: a promise that listens to nothing is left alone after the grace", () =>
  runTest(function* () {
    const { promise, resolve } = Promise.withResolvers<void>();
    const job = jobOf();
    endLater(job, "interrupted");
    const error = "by hand; it did not end by itself within 1s";
    assertEquals(yield* attempted(() => promise, job), failed("interrupted", error));
    assertEquals(now(), 1_500);
    resolve();
  }));

Deno.test("attempt: one that was told to end ends as it was told, whatever its own error says", () =>
  runTest(function* () {
    for (const [as, how] of [["cancelled", "cancelled"], ["lost", "error"]] as const) {
      const job = jobOf();
      endLater(job, as);
      assertEquals(yield* attempted(polite, job), failed(how, "by hand: tidied up"));
    }
    const job = jobOf();
    endLater(job, "cancelled");
    const waits = (_: unknown, { token }: JobContext) => token.run(asleep());
    assertEquals(yield* attempted(waits, job), failed("cancelled", "by hand"));
  }));

Deno.test("attempt: a thread that died is a failure, and told to whoever runs the worker", () =>
  runTest(function* () {
    const crash = new ThreadDied("thread 1", "out of memory");
    assertEquals(yield* attempted(throwing(crash)), { ...failed("error", crash.message), crash });
  }));

Deno.test("attempt: what is logged in it belongs to the job's span", () =>
  runTest(function* () {
    const { log, events } = recordingLogger();
    const run = function* (): Co<void> {
      yield* sleep(1);
      log.info("half way");
    };
    yield* attempted(run, jobOf({}, log));
    assertEquals(events.map(({ fields }) => fields), [{ id: 7, type: "t", attempt: 1 }]);
  }));

Deno.test("attempt: dropped, it takes its handler with it", () =>
  runTest(function* () {
    let isOver = false;
    const run = function* (): Co<void> {
      try {
        yield* asleep();
      } finally {
        isOver = true;
      }
    };
    const attempting = spawn(() => attempted(run));
    yield* sleep(10);
    attempting.abort();
    yield* sleep(0);
    assertEquals(isOver, true);
  }));

const BLOCKING = "data:text/javascript,export const double = ({ n }) => 2 * n;" +
  "export const refuse = () => { throw Object.assign(new Error('not this one'), { fatal: true }); };" +
  "export const work = () => { for (const end = Date.now() + 200; Date.now() < end;); };" +
  "export const spin = () => { for (const end = Date.now() + 3_000; Date.now() < end;); }";

Deno.test("attempt: on a thread it gets the payload alone, and the thread is ended with it", async () => {
  const builder = Runtime.builder().enableAll().blockingPool({ threads: 1, grace: 1 });
  await using runtime = builder.build();
  const blocking = (name: string, job: RunningJob) =>
    runtime.blockOn(() => attempt(job, { where: "pool", module: BLOCKING, name }, DAY_MS));
  assertEquals(await blocking("double", jobOf({ payload: '{"n":21}' })), completed("42"));
  assertEquals(await blocking("refuse", jobOf()), failed("fatal", "not this one"));
  const late = failed("error", "took longer than 1ms");
  assertEquals(await blocking("spin", jobOf({ timeout: 1 })), late);
});

Deno.test("attempt: the time that it may take begins when a thread does", async () => {
  const builder = Runtime.builder().enableAll().blockingPool({ threads: 1 });
  await using runtime = builder.build();
  const work = { where: "pool", module: BLOCKING, name: "work" } as const;
  const all = await runtime.blockOn(function* () {
    const attempts = [1, 2, 3, 4].map((id) => attempt(jobOf({ id, timeout: 600 }), work, 1));
    return yield* joinAll(attempts);
  });
  assertEquals(all.map(({ report }) => report.kind), new Array(4).fill("complete"));
});
