import { compare } from "../../../../commands/load-tester/judge/compare.ts";
import type { RunReport } from "../../../../commands/load-tester/report/report.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { seeded } from "../../../support/random.ts";
import { figures, run, summaryOf } from "../reports.ts";

/** Runs of about so many answers a second with about such a latency; each differs by `noise`. */
function runs(rate: number, latency: number, noise: number, count = 5, seed = 1): RunReport[] {
  const draw = seeded(seed);
  const about = (value: number) => value * (1 + noise * draw(-1_000, 1_000) / 1_000);
  return Array.from({ length: count }, () =>
    run({
      throughput: about(rate),
      service: {
        ...summaryOf(1),
        p50: about(latency),
        p90: about(2 * latency),
        p99: about(3 * latency),
      },
    }));
}

/** One run of many slices like that. */
function sliced(rate: number, p99: number, noise: number, count = 42, seed = 1): RunReport[] {
  const draw = seeded(seed);
  const about = (value: number) => Math.round(value * (1 + noise * draw(-1_000, 1_000) / 1_000));
  return [run({}, Array.from({ length: count }, () => ({ ok: about(rate), p99: about(p99) })))];
}

function judgements(before: RunReport[], after: RunReport[]): Record<string, string> {
  const { differences } = compare(before, after);
  return Object.fromEntries(differences.map(({ metric, judgement }) => [metric, judgement]));
}

const SAME = { throughput: "same", p50: "same", p90: "same", p99: "same", errors: "same" };

Deno.test("compare: runs of the same thing are the same, whatever the noise", () => {
  for (let seed = 2; seed < 12; seed++) {
    for (const noise of [0, 0.01, 0.1]) {
      const [before, after] = [runs(1_000, 10, noise), runs(1_000, 10, noise, 5, seed)];
      assertEquals(judgements(before, after), SAME, `seed ${seed}, noise ${noise}`);
    }
  }
});

Deno.test("compare: what is faster is better, and what is slower is worse", () => {
  const before = runs(1_000, 10, 0.02);
  const faster = judgements(before, runs(1_500, 6, 0.02, 5, 2));
  assertEquals(faster, {
    ...{ throughput: "better", p50: "better", p90: "better", p99: "better", errors: "same" },
  });
  const slower = judgements(before, runs(700, 14, 0.02, 5, 2));
  assertEquals(slower, {
    ...{ throughput: "worse", p50: "worse", p90: "worse", p99: "worse", errors: "same" },
  });
});

Deno.test("compare: a change within the noise is none, and one that hardly matters neither", () => {
  assertEquals(judgements(runs(1_000, 10, 0.3), runs(1_100, 9, 0.3, 5, 3)), SAME);
  assertEquals(judgements(runs(1_000, 10, 0), runs(1_010, 10.1, 0)), SAME);
  const [throughput] = compare(runs(1_000, 10, 0), runs(1_050, 10, 0)).differences;
  assertEquals(throughput, {
    ...{ metric: "throughput", before: 1_000, after: 1_050, noise: 0, judgement: "better" },
  });
});

Deno.test("compare: errors that were not there before are worse", () => {
  const { ledger } = figures();
  const failing = (badStatus: number, broken: number) =>
    runs(1_000, 10, 0).map((one) => ({
      ...one,
      ledger: {
        ...ledger,
        ...{ ok: 1_000 - badStatus - broken, badStatus },
        errors: broken === 0 ? [] : [{ class: "reset" as const, count: broken, first: "" }],
      },
    }));
  assertEquals(judgements(failing(0, 0), failing(5, 5)).errors, "worse");
  assertEquals(judgements(failing(5, 5), failing(0, 0)).errors, "better");
  assertEquals(judgements(failing(0, 0), failing(1, 0)).errors, "same");
  assertEquals(judgements(failing(10, 0), failing(0, 10)).errors, "same");
});

Deno.test("compare: in an open run latency counts from when requests were due", () => {
  const open = (p99: number) =>
    runs(1_000, 10, 0).map((one) => ({ ...one, response: { ...one.service, p99 } }));
  assertEquals(judgements(open(10), open(20)).p99, "worse");
});

Deno.test("compare: single runs are compared by their pieces", () => {
  const { basis, differences } = compare(sliced(1_000, 10, 0.05), sliced(1_000, 10, 0.05, 42, 2));
  assertEquals(basis, "pieces");
  assertEquals(compare(runs(1, 1, 0, 2), runs(1, 1, 0, 5)).basis, "none");
  assertEquals(differences.map(({ metric, judgement }) => [metric, judgement]), [
    ...["throughput", "p50", "p99", "errors"].map((metric) => [metric, "same"]),
  ]);
  assert(differences[0].noise! > 0);
  const slower = judgements(sliced(1_000, 10, 0.05), sliced(800, 20, 0.05, 42, 2));
  assertEquals(slower, { throughput: "worse", p50: "worse", p99: "worse", errors: "same" });
  assertEquals(compare(runs(1, 1, 0, 5), runs(1, 1, 0, 2)).basis, "none");
  assertEquals(compare(runs(1, 1, 0, 3), runs(1, 1, 0, 3)).basis, "runs");
});

Deno.test("compare: the first slice and the last are seldom whole, and left out", () => {
  const edges = [run({}, [{ ok: 1 }, ...Array(20).fill({ ok: 1_000 }), { ok: 1 }])];
  const [throughput] = compare(edges, edges).differences;
  assertEquals([throughput.before, throughput.noise], [1_000, 0]);
});

Deno.test("compare: of runs that are too short for pieces nothing is known", () => {
  const short = (rate: number, p99: number) => [
    run({ throughput: rate, service: { ...summaryOf(1), p99 } }, [{ ok: 5 }, { ok: 5 }]),
  ];
  const before = short(1_000, 10);
  for (const after of [short(500, 20), short(2_000, 5), sliced(500, 20, 0.1)]) {
    const seen = Object.values(judgements(before, after));
    assert(seen.length > 0);
    assertEquals(seen.filter((judgement) => judgement !== "unknown"), []);
    const { basis, differences } = compare(after, before);
    assertEquals([basis, ...differences.map(({ noise }) => noise).filter(Boolean)], ["none"]);
  }
});
