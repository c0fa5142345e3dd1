import {
  Cancelled,
  type Co,
  pending,
  race,
  shielded,
  Shutdown,
  type ShutdownReport,
  sleep,
  spawn,
} from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** Runs `body` with a shutdown of 100 ms grace, and answers its report. */
function reportOf(
  virtual: VirtualRuntime,
  body: (shutdown: Shutdown) => Co<void>,
): ShutdownReport {
  return virtual.run(function* () {
    const shutdown = new Shutdown({ grace: 100 });
    yield* body(shutdown);
    return yield* shutdown.finish();
  });
}

Deno.test("Shutdown: work in flight is finished within the grace, and nothing is aborted", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const report = reportOf(virtual, function* (shutdown) {
    for (const ms of [99, 50]) {
      shutdown.spawn(function* () {
        yield* sleep(ms);
        log.note(`${ms}`);
      });
    }
    assertEquals(shutdown.inFlight, 2);
    shutdown.request("over");
  });
  assertEquals(report, { reason: "over", aborted: 0 });
  assertEquals([log.line, virtual.clock.time], ["50 99", 99]);
});

Deno.test("Shutdown: with nothing in flight it is finished at once", () => {
  using virtual = new VirtualRuntime();
  const report = reportOf(virtual, function* (shutdown) {
    shutdown.request("over");
  });
  assertEquals([report, virtual.clock.time], [{ reason: "over", aborted: 0 }, 0]);
});

Deno.test("Shutdown: finish waits for the beginning; the grace counts from there", () => {
  using virtual = new VirtualRuntime();
  const report = reportOf(virtual, function* (shutdown) {
    shutdown.spawn(pending());
    spawn(function* () {
      yield* sleep(30);
      shutdown.request("late");
    });
  });
  assertEquals([report, virtual.clock.time], [{ reason: "late", aborted: 1 }, 130]);
});

Deno.test("Shutdown: what has not finished is aborted, and what it shields is waited for", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const report = reportOf(virtual, function* (shutdown) {
    shutdown.spawn(function* () {
      try {
        yield* pending();
      } finally {
        yield* shielded(50, () => sleep(20));
        log.note("goodbye");
      }
    });
    shutdown.spawn(() => sleep(10));
    shutdown.spawn(pending());
    shutdown.request("over");
  });
  assertEquals(report, { reason: "over", aborted: 2 });
  assertEquals([log.line, virtual.clock.time], ["goodbye", 120]);
  assertEquals(virtual.runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
});

Deno.test("Shutdown: an aborted task learns the reason", () => {
  using virtual = new VirtualRuntime();
  const task = virtual.run(function* () {
    const shutdown = new Shutdown({ grace: 0 });
    const task = shutdown.spawn(pending());
    shutdown.request("over");
    yield* shutdown.finish();
    return { join: () => virtual.outcome(task) };
  });
  assertThrows(task.join, Cancelled, "it did not finish in time");
});

Deno.test("Shutdown: the first reason counts", () => {
  using virtual = new VirtualRuntime();
  const report = reportOf(virtual, function* (shutdown) {
    shutdown.request("first");
    shutdown.request("second");
    assertEquals(shutdown.stopping.reason, "first");
  });
  assertEquals(report.reason, "first");
});

Deno.test("Shutdown: until ends an accept with the beginning, and a child of stopping is cancelled", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  reportOf(virtual, function* (shutdown) {
    shutdown.spawn(function* () {
      try {
        yield* shutdown.until(pending());
      } catch (error) {
        assert(error instanceof Cancelled);
        log.note(error.reason);
      }
    });
    const child = shutdown.stopping.child();
    shutdown.spawn(function* () {
      log.note(yield* child.cancelled());
    });
    yield* sleep(1);
    shutdown.request("over");
  });
  assertEquals(log.line, "over over");
});

Deno.test("Shutdown: what is in flight may start more after the beginning", () => {
  using virtual = new VirtualRuntime();
  const report = reportOf(virtual, function* (shutdown) {
    shutdown.spawn(function* () {
      yield* sleep(10);
      shutdown.spawn(() => sleep(20));
    });
    shutdown.request("over");
  });
  assertEquals([report.aborted, virtual.clock.time], [0, 30]);
});

Deno.test("Shutdown: a dropped finish leaves what is in flight alone, and may be asked for again", () => {
  using virtual = new VirtualRuntime();
  const report = reportOf(virtual, function* (shutdown) {
    shutdown.spawn(() => sleep(50));
    shutdown.request("over");
    yield* race<unknown>(shutdown.finish(), sleep(10));
    assertEquals(shutdown.inFlight, 1);
  });
  assertEquals([report.aborted, virtual.clock.time], [0, 50]);
});

function onSignals(virtual: VirtualRuntime) {
  const shutdown = new Shutdown({ grace: 100 });
  const waits = virtual.spawn(() => shutdown.requestOn("SIGINT", "SIGTERM"));
  virtual.settle();
  return { shutdown, waits, sources: virtual.driver.sources };
}

Deno.test("Shutdown: requestOn begins it at the first of its signals, and stops listening", () => {
  using virtual = new VirtualRuntime();
  const { shutdown, waits, sources } = onSignals(virtual);
  assertEquals(virtual.driver.asked, ["signal SIGINT", "signal SIGTERM"]);
  sources[1].happen();
  virtual.settle();
  assertEquals([shutdown.stopping.reason, waits.isFinished()], ["SIGTERM", true]);
  assertEquals(sources.map(({ closed }) => closed), [true, true]);
  assertEquals(virtual.runtime.statistics().registrations, 0);
});

Deno.test("Shutdown: requestOn ends when it was begun otherwise", () => {
  using virtual = new VirtualRuntime();
  const { shutdown, waits, sources } = onSignals(virtual);
  shutdown.request("by hand");
  virtual.settle();
  assertEquals([shutdown.stopping.reason, waits.isFinished()], ["by hand", true]);
  assertEquals(sources.map(({ closed }) => closed), [true, true]);
});

Deno.test("Shutdown: a dropped requestOn stops listening, and begins nothing", () => {
  using virtual = new VirtualRuntime();
  const { shutdown, waits, sources } = onSignals(virtual);
  waits.abort();
  assertEquals(sources.map(({ closed }) => closed), [true, true]);
  assertEquals([shutdown.stopping.isCancelled, shutdown.stopping.waiting], [false, 0]);
});
