import { Meter } from "../../../../commands/load-tester/measure/meter.ts";
import {
  meterShape,
  type PassSpec,
  scheduleOf,
  settle,
  workOf,
} from "../../../../commands/load-tester/load/pass.ts";
import { assertEquals } from "../../../support/assert.ts";

const CLOSED: PassSpec = {
  ...{ count: Infinity, stretches: [], duration: Infinity, ramp: 0, bySteps: false },
};
const level = (rate: number, duration = Infinity) => ({ from: rate, to: rate, duration });
const AT_100 = { ...CLOSED, stretches: [level(100)] };
const STEPS = { ...CLOSED, stretches: [level(100, 1_000), level(50, 1_000)], bySteps: true };

/** How many were planned of each URL and each step, when so many were sent to each. */
function planned(
  spec: PassSpec,
  elapsed: number,
  sent: number[] = [0],
  sentInSteps: number[] = [],
) {
  const meter = new Meter(meterShape(spec, sent.length));
  sent.forEach((count, i) => meter.tallies[i].ledger.sent = count);
  sentInSteps.forEach((count, i) => meter.steps[i].ledger.sent = count);
  settle(spec, meter, elapsed);
  return [meter.tallies, meter.steps].map((all) => all.map(({ ledger }) => ledger.planned));
}

Deno.test("pass: in a closed run without a count, what was sent was planned", () => {
  assertEquals(planned(CLOSED, 1_000, [7, 6]), [[7, 6], []]);
});

Deno.test("pass: a count was planned, even if somebody ended it early", () => {
  assertEquals(planned({ ...CLOSED, count: 10 }, 5, [3]), [[10], []]);
  assertEquals(planned({ ...CLOSED, count: 10 }, 5, [1, 1, 1]), [[4, 3, 3], []]);
});

Deno.test("pass: in an open run, what was due was planned", () => {
  assertEquals(planned(AT_100, 1_000), [[100], []]);
  assertEquals(planned(AT_100, 1_000, [0, 0, 0]), [[34, 33, 33], []]);
  assertEquals(planned({ ...AT_100, count: 30 }, 1_000), [[30], []]);
  assertEquals(planned({ ...AT_100, count: 30 }, 100), [[10], []]);
});

Deno.test("pass: each step has its own plan, as far as it has come", () => {
  assertEquals(planned(STEPS, 2_000), [[150], [100, 50]]);
  assertEquals(planned(STEPS, 1_500), [[125], [100, 25]]);
  assertEquals(planned(STEPS, 500), [[50], [50, 0]]);
});

Deno.test("pass: what was sent was planned, whatever rounding says", () => {
  assertEquals(planned(AT_100, 10, [2]), [[2], []]);
});

Deno.test("pass: what there is to be measured follows from the plan", () => {
  assertEquals(meterShape(CLOSED, 2), { targets: 2, steps: 0, isOpen: false });
  assertEquals(meterShape(AT_100, 1), { targets: 1, steps: 0, isOpen: true });
  assertEquals(meterShape(STEPS, 1), { targets: 1, steps: 2, isOpen: true });
  assertEquals(scheduleOf(CLOSED), undefined);
  const work = workOf({ ...STEPS, count: 5 }, { index: 1, of: 2 });
  assertEquals([work.take(), work.take(), work.take()], [1, 3, -1]);
  assertEquals(work.schedule?.duration, 2_000);
});
