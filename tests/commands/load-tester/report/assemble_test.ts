import { VERSION } from "../../../../commands/cli/version.ts";
import { Meter } from "../../../../commands/load-tester/measure/meter.ts";
import { makePlan } from "../../../../commands/load-tester/plan.ts";
import { assemble, headOf } from "../../../../commands/load-tester/report/assemble.ts";
import { assertEquals } from "../../../support/assert.ts";
import { FakeTerminal } from "../../../support/fake_terminal.ts";
import { optionsOf } from "../options.ts";
import { run } from "../reports.ts";

function headOfLine(line: string) {
  const options = optionsOf(...line.split(" "));
  return headOf(options, makePlan(options, ["http://a/"], new FakeTerminal()), 1_767_323_045_000);
}

/** Measurements of runs with such latencies. */
function measurement(latency: number) {
  const meter = new Meter({ targets: 1, steps: 0, isOpen: false });
  const times = { due: 0, begun: 0, firstByte: latency, done: latency };
  const attempt = { ticket: 0, target: 0, step: 0, status: 200, bytes: 1, ...times };
  meter.begun(attempt, 1);
  meter.answered(attempt);
  const result = { meter, elapsed: 1_000, sending: 1_000, oldestUnfinished: 0 };
  return { result, report: run({ throughput: latency }) };
}

Deno.test("assemble: the head says what was asked for", () => {
  const { settings, ...head } = headOfLine("-n 10 -c 3 -m PUT --ramp 1s --disable-keepalive -t 2s");
  assertEquals(head, {
    schema: "wakeful-load-tester/1",
    version: VERSION,
    started: "2026-01-02T03:04:05.000Z",
    mode: "closed",
    urls: ["http://a/"],
    method: "PUT",
  });
  assertEquals(JSON.parse(JSON.stringify(settings)), {
    ...{ concurrency: 3, threads: 1, driver: "deno", requests: 10, rampMs: 1_000 },
    ...{ timeoutMs: 2_000, keepAlive: false },
  });
});

Deno.test("assemble: what ends a run is in the settings, whichever it is", () => {
  const ends = (line: string) => {
    const { mode, settings: { requests, durationMs, rate, steps } } = headOfLine(line);
    return { mode, requests, durationMs, rate, steps };
  };
  const none = { requests: undefined, durationMs: undefined, rate: undefined, steps: undefined };
  assertEquals(ends("-c 1"), { ...none, mode: "closed", requests: 100 });
  assertEquals(ends("-z 2s -q 50"), { ...none, mode: "open", durationMs: 2_000, rate: 50 });
  assertEquals(ends("--steps 1,2@3s"), {
    ...{ ...none, mode: "open", durationMs: 6_000, steps: { rates: [1, 2], eachMs: 3_000 } },
  });
  assertEquals(ends("--find-rate p99<5ms"), { ...none, mode: "capacity" });
});

Deno.test("assemble: goals are held against the last run", () => {
  const head = headOfLine("-c 1");
  const goals = optionsOf("--expect", "p99<50ms", "--expect", "rps>=1").expect!;
  const outcome = { measurements: [measurement(10), measurement(100)], interrupted: false };
  const report = assemble(head, outcome, goals, undefined);
  assertEquals(report.runs.map(({ throughput }) => throughput), [10, 100]);
  assertEquals(report.goals, [
    { goal: "p99<50ms", value: 100, met: false },
    { goal: "rps>=1", value: 1, met: true },
  ]);
  assertEquals([report.comparison, report.capacity, report.interrupted], [
    ...[undefined, undefined, false],
  ]);
});

Deno.test("assemble: with a baseline there is a comparison", () => {
  const outcome = { measurements: [measurement(10)], interrupted: true };
  const report = assemble(headOfLine("-c 1"), outcome, [], [run()]);
  assertEquals([report.comparison?.basis, report.interrupted], ["none", true]);
});
