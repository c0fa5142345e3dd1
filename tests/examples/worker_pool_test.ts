import { spawn, type Strategy, yieldNow } from "wakeful/runtime";
import { Jobs, run } from "../../examples/worker_pool.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { VirtualRuntime } from "../support/virtual_runtime.ts";

function pool(strategy: Strategy, crashes: number): { lines: string[]; finished: boolean } {
  using virtual = new VirtualRuntime();
  const lines: string[] = [];
  const finished = virtual.run(() => run(strategy, crashes, (line) => void lines.push(line)));
  assertEquals(virtual.runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
  return { lines, finished };
}

const restarts = (lines: string[]) => lines.filter((line) => line.includes("restarted")).sort();

Deno.test("worker pool: one-for-one restarts who crashed, and all jobs are done", () => {
  const { lines, finished } = pool("one-for-one", 1);
  assertEquals(restarts(lines), ["worker 1 restarted, because worker 1 failed"]);
  assert(finished && lines.includes("20 of 20 jobs done"));
});

Deno.test("worker pool: one-for-all restarts all of them", () => {
  const { lines, finished } = pool("one-for-all", 1);
  assertEquals(
    restarts(lines),
    [1, 2, 3].map((n) => `worker ${n} restarted, because worker 1 failed`),
  );
  assert(finished && lines.includes("worker 2 stopped"));
});

Deno.test("worker pool: rest-for-one restarts those after it", () => {
  const { lines, finished } = pool("rest-for-one", 2);
  const because = (culprit: string) => restarts(lines).filter((line) => line.includes(culprit));
  assertEquals(because("because worker 1").map((line) => line.slice(0, 8)), [
    "worker 1",
    "worker 2",
    "worker 3",
  ]);
  assert(because("because worker 2").every((line) => !line.startsWith("worker 1")));
  assert(finished);
});

for (const strategy of ["one-for-one", "one-for-all", "rest-for-one"] as const) {
  Deno.test(`worker pool: no crash, no restart; every job done once (${strategy})`, () => {
    const { lines } = pool(strategy, 0);
    assertEquals([restarts(lines), lines.at(-1)], [[], "20 of 20 jobs done"]);
  });
}

Deno.test("worker pool: five restarts within a minute are allowed", () => {
  const { lines, finished } = pool("one-for-one", 5);
  assertEquals([restarts(lines).length, finished], [5, true]);
});

Deno.test("worker pool: after the sixth crash it gives up, and says how far it came", () => {
  const { lines, finished } = pool("one-for-one", 6);
  assertEquals([restarts(lines).length, finished], [5, false]);
  assert(lines.includes("gave up after 6 failures within 60000 ms"));
  assert(/^\d+ of 20 jobs done$/.test(lines.at(-1)!));
});

Deno.test("worker pool: a job that is let go undone goes to one who waits for a job", () => {
  using virtual = new VirtualRuntime();
  virtual.run(function* () {
    const jobs = new Jobs(1);
    const first = yield* jobs.take();
    const second = spawn(function* () {
      using job = yield* jobs.take();
      job?.complete();
      return job?.id;
    });
    yield* yieldNow();
    assert(!second.isFinished());
    first?.[Symbol.dispose]();
    assertEquals(yield* second, 1);
    assertEquals([yield* jobs.take(), jobs.done], [undefined, [1]]);
  });
});
