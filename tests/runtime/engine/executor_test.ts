import { Executor } from "../../../runtime/engine/executor.ts";
import type { Runnable } from "../../../runtime/core/context.ts";
import { assert, assertEquals, assertLess } from "../../support/assert.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { Recorder } from "../../support/recorder.ts";

/** Something to run that is not a task. */
function runnable(name: string, run: () => void = () => {}, kill = run): Runnable {
  return { name, waitsFor: "nothing", run, abort: kill, kill };
}

Deno.test("Executor: runs what is queued in the order of queuing", () => {
  const [executor, log] = [new Executor(new ManualClock()), new Recorder()];
  for (const name of ["a", "b", "c"]) {
    executor.schedule(runnable(name, () => log.note(name)));
  }
  assertEquals(executor.queued, 3);
  executor.runSlice();
  assertEquals([log.line, executor.queued], ["a b c", 0]);
});

Deno.test("Executor: those that queue themselves again take turns", () => {
  const [executor, log] = [new Executor(new ManualClock()), new Recorder()];
  for (const name of ["a", "b"]) {
    const task = runnable(name, () => {
      log.note(name);
      if (log.seen.length < 6) executor.schedule(task);
    });
    executor.schedule(task);
  }
  executor.runSlice();
  assertEquals(log.line, "a b a b a b a");
});

/** How many runs one slice makes when so many tasks queue themselves again for ever. */
function runsPerSlice(tasks: number): number {
  const executor = new Executor(new ManualClock());
  let runs = 0;
  for (let i = 0; i < tasks; i++) {
    const greedy = runnable(`${i}`, () => {
      runs++;
      executor.schedule(greedy);
    });
    executor.schedule(greedy);
  }
  executor.runSlice();
  assertEquals(executor.queued, tasks);
  return runs;
}

Deno.test("Executor: a slice ends although there is always something to run", () => {
  const runs = runsPerSlice(1);
  assert(runs >= 50, "long enough not to cost throughput");
  assertLess(runs, 10_000);
});

Deno.test("Executor: a slice is as long when few or many tasks share it", () => {
  const runs = runsPerSlice(1);
  assertEquals([runsPerSlice(7), runsPerSlice(5000)], [runs, runs]);
});

Deno.test("Executor: counts who is alive and calls the hooks with the task", () => {
  const log = new Recorder();
  const executor = new Executor(new ManualClock(), {
    onTaskStart: ({ name }) => log.note(`+${name}`),
    onTaskEnd: ({ name }, outcome) => log.note(`-${name} ${outcome}`),
  });
  const [a, b] = [runnable("a"), runnable("b")];
  executor.adopt(a);
  executor.adopt(b);
  assertEquals(executor.liveTasks, 2);
  executor.release(a, "aborted");
  assertEquals([executor.liveTasks, log.line], [1, "+a +b -a aborted"]);
});

Deno.test("Executor: killAll reaches every live task, those that come meanwhile included", () => {
  const [executor, log] = [new Executor(new ManualClock()), new Recorder()];
  const add = (name: string, andThen = () => {}) => {
    const task = runnable(name, () => {}, () => {
      log.note(name);
      executor.release(task, "aborted");
      andThen();
    });
    executor.adopt(task);
  };
  add("a", () => add("late"));
  add("b");
  executor.killAll("over");
  assertEquals([log.line, executor.liveTasks], ["a b late", 0]);
});

Deno.test("Executor: a slice of costly polls ends early, so that the platform has its turn", () => {
  const clock = new ManualClock();
  const executor = new Executor(clock);
  let runs = 0;
  const costly = runnable("costly", () => {
    runs++;
    clock.time += 1;
    executor.schedule(costly);
  });
  executor.schedule(costly);
  executor.runSlice();
  assert(runs >= 5 && runs < 20, `${runs} polls of a millisecond each`);
});

/** What a watched executor tells of polls that take so many milliseconds, together or each alone. */
function slowPolls(limit: number, durations: number[], alone = false): string {
  const [clock, log] = [new ManualClock(), new Recorder()];
  const tell = (tasks: readonly { name: string }[], took: number) =>
    log.note(`${tasks.map(({ name }) => name).join("+")}:${took}`);
  const executor = new Executor(clock, { slowPoll: { milliseconds: limit, tell } });
  durations.forEach((took, i) => {
    executor.schedule(runnable(`${i}`, () => clock.time += took));
    if (alone) executor.runSlice();
  });
  while (executor.queued > 0) executor.runSlice();
  return log.line;
}

Deno.test("Executor: tells of a poll that took longer than the limit, and of no other", () => {
  assertEquals(slowPolls(10, [1, 11, 10, 0, 400], true), "1:11 4:400");
});

Deno.test("Executor: of several between two looks at the clock, it was one of those told", () => {
  assertEquals(slowPolls(10, [1, 11]), "0+1:12");
  const quickThenSlow = [...new Array(8).fill(0), 11, ...new Array(3).fill(0)];
  assertEquals(slowPolls(10, quickThenSlow), "8+9+10+11:11");
});

Deno.test("Executor: a hook that throws is reported under its task, and the rest goes on", () => {
  const log = new Recorder();
  const broken = () => {
    throw new RangeError("hook");
  };
  const clock = new ManualClock();
  const hooks = {
    onTaskStart: broken,
    onTaskEnd: broken,
    slowPoll: { milliseconds: 0, tell: broken },
  };
  const executor = new Executor(clock, hooks, (name) => log.note(name));
  const task = runnable("a", () => clock.time++);
  executor.adopt(task);
  executor.schedule(task);
  executor.runSlice();
  executor.release(task, "value");
  assertEquals(log.seen, ["hook for a", "hook for a", "hook for a"]);
  assertEquals(executor.liveTasks, 0);
});
