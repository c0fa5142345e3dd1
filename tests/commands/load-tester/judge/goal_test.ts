import {
  type Goal,
  goal,
  isMet,
  type Measured,
  showValue,
  valueOf,
} from "../../../../commands/load-tester/judge/goal.ts";
import { assert, assertEquals } from "../../../support/assert.ts";

function read(word: string): Goal {
  const reading = goal().read(word);
  assert(reading.ok, word);
  return reading.value;
}

const MEASURED: Measured = {
  percentile: (percent) => percent,
  ...{ mean: 20, max: 200, rps: 1_000, errors: 0.01, unsent: 0, any: true },
};

Deno.test("goal: what it may be about, and how much", () => {
  const forms: [string, Goal["metric"], boolean, boolean, number][] = [
    ["p99<50ms", { kind: "percentile", percent: 99 }, true, false, 50],
    ["p99.9<=1.5s", { kind: "percentile", percent: 99.9 }, true, true, 1_500],
    ["p5>=0", { kind: "percentile", percent: 5 }, false, true, 0],
    ["p50 < 10ms", { kind: "percentile", percent: 50 }, true, false, 10],
    ["mean<2m", { kind: "mean" }, true, false, 120_000],
    ["max<1h", { kind: "max" }, true, false, 3_600_000],
    ["rps>1000", { kind: "rps" }, false, false, 1_000],
    ["rps>1.5k", { kind: "rps" }, false, false, 1_500],
    ["p50<500us", { kind: "percentile", percent: 50 }, true, false, 0.5],
    ["p50<50µs", { kind: "percentile", percent: 50 }, true, false, 0.05],
    ["rps>=0.5", { kind: "rps" }, false, true, 0.5],
    ["errors<1%", { kind: "errors" }, true, false, 0.01],
    ["errors<=0%", { kind: "errors" }, true, true, 0],
    ["unsent<0.5%", { kind: "unsent" }, true, false, 0.005],
  ];
  for (const [text, metric, below, inclusive, limit] of forms) {
    assertEquals(read(text), { text, metric, below, inclusive, limit });
    assertEquals(goal().show(read(text)), text);
  }
});

Deno.test("goal: what is none is answered with what one looks like", () => {
  const expected = "a goal such as p99<50ms, mean<500us, max<1s, errors<1%, unsent<1% or rps>10k";
  const words = [
    ...[
      "",
      "p99",
      "p99<",
      "<50ms",
      "p99=50ms",
      "p99<50",
      "p99<50%",
      "p100<1ms",
      "p<1ms",
      "p-1<1ms",
    ],
    ...["median<1ms", "rps>1000ms", "rps>fast", "rps>-1", "errors<1", "errors<0.01", "errors<1ms"],
    ...["errors<-1%", "p99<50ms<60ms", "P99<50ms"],
  ];
  for (const word of words) assertEquals(goal().read(word), { ok: false, expected }, word);
});

Deno.test("goal: what a run has of it", () => {
  const values = ["p75<1ms", "mean<1ms", "max<1ms", "rps>1", "errors<1%", "unsent<1%"];
  assertEquals(values.map((word) => valueOf(read(word), MEASURED)), [75, 20, 200, 1_000, 0.01, 0]);
});

Deno.test("goal: whether it is met, and whether its limit is good enough", () => {
  const outcomes: Record<string, boolean> = {
    "p50<50.001ms": true,
    "p50<50ms": false,
    "p50<=50ms": true,
    "p50>50ms": false,
    "p50>=50ms": true,
    "p50>49ms": true,
    "p50<49ms": false,
    "errors<=1%": true,
    "errors<1%": false,
    "rps>999": true,
    "rps>1000": false,
    "unsent<=0%": true,
  };
  for (const [word, met] of Object.entries(outcomes)) {
    assertEquals(isMet(read(word), MEASURED), met, word);
  }
});

Deno.test("goal: a latency of nothing fulfils none, and everything else can be told", () => {
  const nothing = { ...MEASURED, percentile: () => 0, mean: 0, max: 0, rps: 0, any: false };
  for (const word of ["p99<50ms", "mean<50ms", "max<50ms", "p99>=0", "rps>1"]) {
    assertEquals(isMet(read(word), nothing), false, word);
  }
  assert(isMet(read("errors<=1%"), nothing));
});

Deno.test("goal: what was measured is shown with its unit", () => {
  assertEquals(showValue("p99<1ms", 12.34567), "12.3ms");
  assertEquals(showValue("max < 1ms", 1_500), "1.5s");
  assertEquals(showValue("rps>1", 1_234.5678), "1234.6");
  assertEquals(showValue("errors<1%", 0.0123456), "1.235%");
  assertEquals(showValue("unsent<=0%", 0), "0%");
});
