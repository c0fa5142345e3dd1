import { RequestError } from "../../../../commands/load-tester/measure/failure_class.ts";
import { type Attempt, Meter } from "../../../../commands/load-tester/measure/meter.ts";
import { measured } from "../../../../commands/load-tester/judge/measured.ts";
import { assertEquals } from "../../../support/assert.ts";

const ATTEMPT: Attempt = {
  ...{ ticket: 0, target: 0, step: 0, due: 0, begun: 10, firstByte: 20, done: 30, status: 200 },
  bytes: 5,
};

function meterOf(isOpen: boolean): Meter {
  const meter = new Meter({ targets: 1, steps: 0, isOpen });
  for (const status of [200, 200, 503]) {
    meter.begun(ATTEMPT, 1);
    meter.answered({ ...ATTEMPT, status });
  }
  meter.begun(ATTEMPT, 1);
  meter.failed(ATTEMPT, new RequestError("reset", "gone"));
  meter.begun(ATTEMPT, 1);
  meter.cutOff(ATTEMPT);
  meter.tallies[0].ledger.planned = 10;
  return meter;
}

function measuredOf(meter: Meter, elapsed = 2_000) {
  const { percentile, ...rest } = measured({
    meter,
    elapsed,
    sending: elapsed,
    oldestUnfinished: 0,
  });
  return { p99: Math.round(percentile(99)), ...rest };
}

Deno.test("measured: answers per second, and shares of what ended and of what was due", () => {
  assertEquals(measuredOf(meterOf(false)), {
    ...{ p99: 20, mean: 20, max: 20, rps: 1.5, errors: 0.5, unsent: 0.5, any: true },
  });
});

Deno.test("measured: in an open run, latency counts from when requests were due", () => {
  const { p99, mean, max } = measuredOf(meterOf(true));
  assertEquals([p99, mean, max], [30, 30, 30]);
});

Deno.test("measured: of nothing, all is 0", () => {
  const none = new Meter({ targets: 1, steps: 0, isOpen: true });
  assertEquals(measuredOf(none, 0), {
    ...{ p99: 0, mean: 0, max: 0, rps: 0, errors: 0, unsent: 0, any: false },
  });
});
