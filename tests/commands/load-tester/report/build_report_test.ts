import fc from "../../../support/fast_check.ts";
import { RequestError } from "../../../../commands/load-tester/measure/failure_class.ts";
import { type Attempt, Meter } from "../../../../commands/load-tester/measure/meter.ts";
import { runReport } from "../../../../commands/load-tester/report/build_report.ts";
import type { RunReport } from "../../../../commands/load-tester/report/report.ts";
import { assert, assertEquals, assertThrows } from "../../../support/assert.ts";

const AROUND = {
  ...{ urls: ["http://a/", "http://b/"], rates: [10, 20], concurrency: 1, cpuMs: 500, threads: 2 },
};
const ATTEMPT: Attempt = {
  ...{ ticket: 0, target: 0, step: 0, due: 0, begun: 5, firstByte: 7, done: 10, status: 200 },
  bytes: 100,
};

/** A meter whose book is closed, of what was done in `fill`. */
function meterOf(
  fill: (meter: Meter, send: (changes?: Partial<Attempt>) => Attempt) => void,
  shape: Partial<{ targets: number; steps: number; isOpen: boolean }> = {},
): Meter {
  const meter = new Meter({ targets: 1, steps: 0, isOpen: false, ...shape });
  fill(meter, (changes = {}) => {
    const attempt = { ...ATTEMPT, ...changes };
    meter.begun(attempt, 50);
    return attempt;
  });
  for (const { ledger } of [...meter.tallies, ...meter.steps]) ledger.planned = ledger.sent;
  return meter;
}

function reportOf(meter: Meter, elapsed = 1_000): RunReport {
  return runReport({ meter, elapsed, sending: elapsed, oldestUnfinished: 77 }, AROUND);
}

function answering(latencies: readonly number[]): Meter {
  return meterOf((meter, send) => {
    for (const ms of latencies) meter.answered(send({ begun: 0, firstByte: ms, done: ms }));
  });
}

Deno.test("build report: the figures of a run", () => {
  const { ledger, throughput, bytesIn, bytesOut, statusCodes, response, durationMs, generator } =
    reportOf(meterOf((meter, send) => {
      meter.answered(send());
      meter.answered(send({ status: 503 }));
      meter.failed(send(), new RequestError("reset", "gone"));
      meter.cutOff(send());
      meter.connected(1, undefined);
    }));
  assertEquals(ledger, {
    ...{ planned: 4, sent: 4, notSent: 0, ok: 1, badStatus: 1, unfinished: 1 },
    errors: [{ class: "reset", count: 1, first: "gone" }],
    oldestUnfinishedMs: 77,
  });
  assertEquals([throughput, bytesIn, bytesOut, durationMs], [2, 200, 200, 1_000]);
  assertEquals([statusCodes, response], [{ "200": 1, "503": 1 }, null]);
  assertEquals([generator.cpu, generator.connections], [0.25, 1]);
});

Deno.test("build report: phases that there were none of are null", () => {
  const { phases } = reportOf(meterOf((meter, send) => {
    meter.connected(3, undefined);
    meter.answered(send());
  }));
  assertEquals([phases.connect?.max, phases.tls], [3, null]);
  assertEquals([phases.firstByte?.count, phases.transfer?.max], [1, 3]);
});

Deno.test("build report: several URLs and steps have figures of their own", () => {
  const { perUrl, perStep, response } = reportOf(
    meterOf((meter, send) => {
      meter.answered(send());
      meter.answered(send({ target: 1, step: 1 }));
      meter.answered(send({ target: 1, step: 1 }));
    }, { targets: 2, steps: 2, isOpen: true }),
    2_000,
  );
  assertEquals(perUrl.map(({ url, ledger }) => [url, ledger.ok]), [["http://a/", 1], [
    "http://b/",
    2,
  ]]);
  assertEquals(perStep.map(({ rate, throughput }) => [rate, throughput]), [[10, 1], [20, 2]]);
  assertEquals(response?.max, 10);
  assertEquals(reportOf(answering([1])).perUrl, []);
});

Deno.test("build report: the bars hold every answer, and each has a figure of its own", () => {
  const latency = fc.double({ min: 0, max: 60_000, noNaN: true });
  fc.assert(fc.property(fc.array(latency, { minLength: 1, maxLength: 100 }), (latencies) => {
    const { histogram } = reportOf(answering(latencies));
    assertEquals(histogram.reduce((sum, { count }) => sum + count, 0), latencies.length);
    assert(histogram.length >= 1 && histogram.length <= 12);
    assertEquals(histogram.at(-1)!.to, Math.max(...latencies));
    histogram.forEach(({ from, to }, i) => {
      assert(i === 0 || to > from * 1.04, `${from}..${to}`);
    });
  }));
  assertEquals(reportOf(answering([5, 5.1, 5])).histogram, [{ from: 0, to: 5.1, count: 3 }]);
  assertEquals(reportOf(answering([0.00105, 0])).histogram.length, 1);
  assertEquals(reportOf(answering([])).histogram, []);
});

Deno.test("build report: the run over time", () => {
  const { timeline } = reportOf(answering([10, 20, 130]));
  assertEquals(timeline.widthMs, 100);
  assertEquals(timeline.slices.map(({ sent, ok, failed, bytes }) => [sent, ok, failed, bytes]), [
    ...[[3, 2, 0, 200], [0, 1, 0, 100]],
  ]);
  const [{ p50, p99 }] = timeline.slices;
  assert(Math.abs(p50 - 10) < 1 && Math.abs(p99 - 20) < 2);
});

Deno.test("build report: a book that does not balance is not printed", () => {
  const meter = answering([1, 2]);
  meter.tallies[0].ledger.ok = 1;
  assertThrows(() => reportOf(meter), Error, "the book does not balance: 2 were sent, and 1 are");
});

Deno.test("build report: what has to be known about it is told", () => {
  const busy = { ...AROUND, cpuMs: 1_900 };
  const meter = answering([1]);
  const result = { meter, elapsed: 1_000, sending: 1_000, oldestUnfinished: 0 };
  const { generator } = runReport(result, busy);
  assertEquals([generator.cpu, generator.verdict.length], [0.95, 1]);
});

Deno.test("build report: a run that took no time has no rates", () => {
  const { throughput, generator } = reportOf(answering([]), 0);
  assertEquals([throughput, generator.cpu], [0, 0]);
});
