import {
  type Co,
  Filter,
  Logger,
  moveOnAfter,
  now,
  pending,
  RecordingLayer,
  sleep,
  ThreadDied,
  Tracer,
} from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "../../../support/assert.ts";
import type { JobContext } from "../../../../commands/job-queue/engine/handler.ts";
import { type Backend, ClaimRefused } from "../../../../commands/job-queue/engine/backend.ts";
import { BUILT_IN } from "../../../../commands/job-queue/engine/built_in.ts";
import { WorkerPool } from "../../../../commands/job-queue/engine/worker_pool.ts";
import type { Claim, JobEvent, Verdict } from "../../../../commands/job-queue/model/command.ts";
import { jobSpec } from "../../../../commands/job-queue/model/spec.ts";
import { recordingLogger } from "../../echo-server/served.ts";
import { NO_LOG, withService } from "../service_rig.ts";

Deno.test("worker pool: as many jobs run at once as there are workers", () => {
  let [running, most] = [0, 0];
  const handlers = {
    *count(): Co<void> {
      most = Math.max(most, ++running);
      yield* sleep(100);
      running--;
    },
  };
  return withService({ handlers, options: { workers: 3 } }, function* (rig) {
    for (let i = 0; i < 9; i++) yield* rig.add("count");
    yield* sleep(299);
    assertEquals([running, most], [3, 3]);
    yield* sleep(2);
    assertEquals(running, 0);
    assertEquals(rig.service.pool.busyTime, 900);
  });
});

Deno.test("worker pool: all that end together, and those that follow, are one commit", () =>
  withService({ options: { workers: 5 } }, function* (rig) {
    using events = rig.service.bus.subscribe("feed");
    yield* rig.service.enqueue(Array(20).fill(jobSpec("noop")));
    const told: string[] = [];
    while (told.length < 60) told.push(((yield* events.recv()) as JobEvent).event);
    const round = [...Array(5).fill("JobStarted"), ...Array(5).fill("JobCompleted")];
    assertEquals(told.slice(20), [round, round, round, round].flat());
  }));

Deno.test("worker pool: handlers answer values, coroutines and promises, or throw", () => {
  const handlers = {
    value: ({ n }: { n: number }) => n + 1,
    *coroutine({ n }: { n: number }): Co<number> {
      yield* sleep(5);
      return n + 2;
    },
    promise: ({ n }: { n: number }) => Promise.resolve(n + 3),
    thrown: () => {
      throw new Error("no luck");
    },
    rejected: () => Promise.reject(new Error("no luck either")),
  };
  return withService({ handlers }, function* (rig) {
    for (const type of ["value", "coroutine", "promise"]) yield* rig.add(type, { n: 10 });
    for (const type of ["thrown", "rejected"]) yield* rig.add(type, {}, { maxRetries: 0 });
    yield* sleep(50);
    for (const [id, result] of [[1, 11], [2, 12], [3, 13]]) {
      assertEquals((yield* rig.job(id)).result, result);
    }
    for (const [id, error] of [[4, "no luck"], [5, "no luck either"]] as const) {
      const { state, failures } = yield* rig.job(id);
      assertEquals([state, failures[0].error], ["dead", error]);
    }
  });
});

Deno.test("worker pool: a mistake in a handler is told with its place", () => {
  const handlers = {
    typo: ({ file }: { file: { name: string } }) => file.name,
    later: (_: unknown, job: JobContext) => job.snooze("soon"),
  };
  return withService({ handlers }, function* (rig) {
    for (const type of ["typo", "later"]) yield* rig.add(type, {}, { maxRetries: 0 });
    yield* sleep(50);
    const [{ error: typo }] = (yield* rig.job(1)).failures;
    assertMatch(typo, /^Cannot read properties of undefined .* \(at .*worker_pool_test\.ts:\d+/);
    const [{ error: later }] = (yield* rig.job(2)).failures;
    assertMatch(later, /^snooze\("soon"\): expected .* \(at .*worker_pool_test\.ts:\d+/);
  });
});

Deno.test("worker pool: a failed job comes back after 1, 2 and 4 seconds, jitter aside", () => {
  const at: number[] = [];
  const handlers = {
    flaky: () => {
      at.push(now());
      throw new Error("not yet");
    },
  };
  return withService({ handlers }, function* (rig) {
    const id = yield* rig.add("flaky");
    yield* sleep(20_000);
    assertEquals((yield* rig.job(id)).state, "dead");
    const waits = at.slice(1).map((time, i) => time - at[i]);
    for (const [i, wait] of [1_000, 2_000, 4_000].entries()) {
      assert(Math.abs(waits[i] - wait) <= 0.2 * wait + 1, `${waits}`);
    }
    assertEquals(at.length, 4);
  });
});

Deno.test("worker pool: a handler says how far it is, and what it has to say", () => {
  const handlers = {
    *talk(_: unknown, job: JobContext): Co<void> {
      job.progress(0.5);
      job.log(`attempt ${job.attempt} of job ${job.id}`);
      yield* sleep(1_500);
      job.log("done");
    },
  };
  return withService({ handlers }, function* (rig) {
    const id = yield* rig.add("talk");
    yield* sleep(1_200);
    const { progress, log } = yield* rig.job(id);
    assertEquals([progress, log], [0.5, [`attempt 1 of job ${id}`]]);
    yield* sleep(1_000);
    assertEquals((yield* rig.job(id)).log.at(-1), "done");
  });
});

Deno.test("worker pool: a handler can ask for another time, and can give up for good", () => {
  const handlers = {
    later: (_: unknown, job: JobContext) => job.attempt === 1 && !rested ? rest(job) : "rested",
    never: (_: unknown, job: JobContext) => job.fatal("no such file"),
  };
  let rested = false;
  const rest = (job: JobContext) => {
    rested = true;
    return job.snooze(5_000);
  };
  return withService({ handlers }, function* (rig) {
    const [later, never] = [yield* rig.add("later"), yield* rig.add("never")];
    yield* sleep(100);
    const { state, failures } = yield* rig.job(never);
    assertEquals([state, failures[0].error], ["dead", "no such file"]);
    assertEquals((yield* rig.job(later)).state, "scheduled");
    yield* sleep(5_000);
    const { result, attempt } = yield* rig.job(later);
    assertEquals([result, attempt], ["rested", 1]);
  });
});

Deno.test("worker pool: a lease is renewed for as long as the handler works", () =>
  withService({ options: { lease: 3_000 } }, function* (rig) {
    const id = yield* rig.add("delay", { ms: 20_000 });
    yield* sleep(20_010);
    const { state, attempt } = yield* rig.job(id);
    assertEquals([state, attempt], ["completed", 1]);
  }));

/** Gives out two long jobs, once. */
class Giving implements Backend {
  #isAsked = false;

  *claim(): Co<readonly Claim[]> {
    if (this.#isAsked) yield* pending();
    this.#isAsked = true;
    const same = { type: "delay", queue: "default", key: "", attempt: 1, maxRetries: 3 };
    const more = { ...same, payload: '{"ms":60000}', timeout: 0, epoch: 1 };
    return [{ id: 1, ...more }, { id: 2, ...more }];
  }

  *heartbeat(): Co<Verdict> {
    return "ok";
  }

  *report(): Co<Verdict> {
    return "ok";
  }

  *giveBack(): Co<void> {}
}

Deno.test("worker pool: a report that comes too late is a line", () =>
  runTest(function* () {
    class Late extends Giving {
      override *report(): Co<Verdict> {
        return "lost";
      }
    }
    const { log, events } = recordingLogger();
    const options = { workers: 2, lease: 600_000, grace: 1_000, log };
    const pool = new WorkerPool(new Late(), BUILT_IN, options);
    yield* moveOnAfter(60_010, pool.run());
    const said = events.map(({ message, fields }) => [message, fields.job]);
    const message = "a lease was lost: somebody else has the job";
    assertEquals(said, [[message, 1], [message, 2]]);
  }));

Deno.test("worker pool: jobs that are refused for good end it, and no restart is tried", () =>
  runTest(function* () {
    const told: string[] = [];
    class Closed extends Giving {
      override *claim(): Co<readonly Claim[]> {
        throw new ClaimRefused("not for you");
      }
    }
    const onEvent = ({ what }: { what: string }) => void told.push(what);
    const options = { workers: 2, lease: 3_000, grace: 1_000, log: NO_LOG, onEvent };
    const pool = new WorkerPool(new Closed(), BUILT_IN, options);
    yield* pool.run();
    assertEquals([pool.gaveUp, pool.workers], ["not for you", 0]);
    assertEquals(told.filter((what) => what === "restarted" || what === "failed"), []);
  }));

Deno.test("worker pool: an attempt that takes too long is told, then ended with its cleanup", () => {
  const seen: string[] = [];
  const handlers = {
    *stubborn(_: unknown, job: JobContext): Co<void> {
      job.token.subscribe(() => seen.push(`told at ${now()}`));
      try {
        yield* sleep(60_000);
      } finally {
        seen.push(`ended at ${now()}`);
      }
    },
  };
  return withService({ handlers }, function* (rig) {
    const id = yield* rig.add("stubborn", {}, { timeout: "2s", maxRetries: 0 });
    yield* sleep(5_000);
    assertEquals(seen, ["told at 2000", "ended at 3000"]);
    const { state, failures } = yield* rig.job(id);
    assertEquals([state, failures[0].error], [
      "dead",
      "took longer than 2s; it did not end by itself within 1s",
    ]);
  });
});

Deno.test("worker pool: an async handler sees its signal abort, and may end in order", () => {
  const handlers = {
    polite: (_: unknown, { signal }: JobContext) =>
      new Promise((_, reject) => signal.onabort = () => reject(new Error("tidied up"))),
  };
  return withService({ handlers }, function* (rig) {
    const id = yield* rig.add("polite");
    yield* rig.ask("DELETE", `/jobs/${id}`);
    yield* sleep(10);
    const { state, failures } = yield* rig.job(id);
    assertEquals([state, failures[0].error], ["cancelled", "cancelled: tidied up"]);
  });
});

Deno.test("worker pool: what does not end within the drain goes back, and no attempt is lost", () =>
  withService({}, function* (rig) {
    const id = yield* rig.add("delay", { ms: 60_000 });
    const quick = yield* rig.add("delay", { ms: 500 });
    yield* rig.service.drain(1_000);
    const { state, attempt, failures } = yield* rig.job(id);
    assertEquals([state, attempt, failures], ["pending", 0, []]);
    assertEquals((yield* rig.job(quick)).state, "completed");
  }));

Deno.test("worker pool: a worker that crashes is restarted, five times a minute", () => {
  const handlers = {
    crash: () => {
      throw new ThreadDied("thread 1", "out of memory");
    },
  };
  return withService({ handlers, options: { workers: 1 } }, function* (rig) {
    using events = rig.service.bus.subscribe("workers");
    for (let i = 0; i < 6; i++) yield* rig.add("crash", {}, { maxRetries: 0 });
    yield* sleep(1_000);
    const seen: string[] = [];
    for (let i = 0; i < 12; i++) seen.push(((yield* events.recv()) as { event: string }).event);
    assertEquals(seen.filter((event) => event === "WorkerCrashed").length, 6);
    assertEquals(seen.filter((event) => event === "WorkerRestarted").length, 5);
    assertEquals(seen.at(-1), "WorkersGaveUp");
    const { status, body } = yield* rig.ask("GET", "/healthz");
    assertEquals([status, body.status], [503, "failing"]);
    assertStringIncludes(body.reason, "worker 1");
  });
});

Deno.test("worker pool: when it gives up, what others work on is told, and goes back", () => {
  const told: string[] = [];
  const handlers = {
    crash: () => {
      throw new ThreadDied("thread 1", "out of memory");
    },
    polite: (_: unknown, { signal }: JobContext) =>
      new Promise((_, reject) => {
        signal.onabort = () => reject(new Error(`told: ${signal.reason}`));
      }).catch((error) => {
        told.push(error.message);
        throw error;
      }),
    *stubborn() {
      try {
        yield* sleep(60_000);
      } finally {
        told.push(`ended at ${now()}`);
      }
    },
  };
  return withService({ handlers, options: { workers: 3 } }, function* (rig) {
    const others = [yield* rig.add("polite"), yield* rig.add("stubborn")];
    yield* sleep(10);
    // The last two are claimed by nobody, or for a worker that never takes them.
    for (let i = 0; i < 8; i++) others.push(yield* rig.add("crash", {}, { maxRetries: 0 }));
    yield* sleep(2_000);
    assertEquals(told.length, 2);
    assertMatch(told.join(), /^told: the workers stopped,ended at 10\d\d$/);
    const jobs = (yield* rig.ask("GET", "/jobs")).body.jobs as Record<string, unknown>[];
    const left = jobs.filter(({ state }) => state !== "dead").map(({ id, state, attempt }) => [
      ...[id, state, attempt],
    ]);
    assertEquals(left, [10, 9, 2, 1].map((id) => [id, "pending", 0]));
    assertEquals((yield* rig.ask("GET", "/status")).body.workers, 0);
    assertEquals(
      rig.service.pool.gaveUp,
      'Gave up on "worker 3": ended 6 times within 60000 ms; ' +
        "the last error: The task was lost: thread 1 ended out of memory",
    );
  });
});

Deno.test("worker pool: a result that cannot be kept is an error, and is not tried again", () => {
  const handlers = {
    huge: () => "x".repeat(2_000_000),
    circular: () => {
      const circle: Record<string, unknown> = {};
      return circle.self = circle;
    },
  };
  return withService({ handlers }, function* (rig) {
    const ids = [yield* rig.add("huge"), yield* rig.add("circular")];
    yield* sleep(100);
    for (const id of ids) {
      const { state, failures } = yield* rig.job(id);
      assertEquals(state, "dead");
      assertStringIncludes(failures[0].error, "its result");
    }
  });
});

Deno.test("worker pool: what a handler logs carries the number of its job", () => {
  const recording = new RecordingLayer();
  const clock = { now: () => 0, wall: () => 0 };
  const tracer = new Tracer({ clock, filter: new Filter("info"), layers: [recording] });
  const log = new Logger("job", tracer);
  const handlers = {
    *talk(_: unknown, { span }: JobContext): Co<void> {
      yield* sleep(5);
      log.info("half way");
      span.run(() => log.info("done"));
    },
  };
  return withService({ handlers, options: { log } }, function* (rig) {
    const id = yield* rig.add("talk");
    yield* sleep(10);
    assertEquals(recording.events.length, 2);
    for (const event of recording.events) {
      const { id: job, type, attempt } = event.fields;
      assertEquals([job, type, attempt], [id, "talk", 1]);
    }
  });
});
