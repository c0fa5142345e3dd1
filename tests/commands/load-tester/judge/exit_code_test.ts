import { exitCode } from "../../../../commands/load-tester/judge/exit_code.ts";
import type {
  CapacityReport,
  Comparison,
  Report,
} from "../../../../commands/load-tester/report/report.ts";
import { assertEquals } from "../../../support/assert.ts";
import { figures, report, run } from "../reports.ts";

const { ledger } = figures();
const CAPACITY: CapacityReport = {
  ...{ goal: "p99<1ms", rate: 100, failedAt: null, confirmed: { met: 3, of: 3 }, probes: [] },
};

function code(changes: Partial<Report>): number {
  return exitCode(report(changes));
}

function withLedger(changes: Partial<typeof ledger>) {
  return { runs: [run({ ledger: { ...ledger, ...changes } })] };
}

function withJudgement(judgement: "better" | "worse" | "same"): { comparison: Comparison } {
  const difference = { metric: "p99" as const, before: 1, after: 2, noise: 0, judgement };
  return { comparison: { basis: "runs", differences: [difference] } };
}

Deno.test("exit code: 0 when there are answers, even bad ones", () => {
  assertEquals(code({}), 0);
  assertEquals(code(withLedger({ ok: 0, badStatus: 10 })), 0);
  assertEquals(code(withLedger({ planned: 0, sent: 0, ok: 0 })), 0);
});

Deno.test("exit code: 1 when nothing was answered", () => {
  const errors = [{ class: "reset" as const, count: 10, first: "" }];
  assertEquals(code(withLedger({ ok: 0, errors })), 1);
  assertEquals(
    code({ ...withLedger({ ok: 0, errors }), goals: [{ goal: "", value: 0, met: false }] }),
    1,
  );
});

Deno.test("exit code: 3 when a goal is missed", () => {
  const met = { goal: "p99<9ms", value: 1, met: true };
  assertEquals(code({ goals: [met] }), 0);
  assertEquals(code({ goals: [met, { ...met, met: false }] }), 3);
});

Deno.test("exit code: 3 when something has become worse", () => {
  assertEquals(code(withJudgement("worse")), 3);
  assertEquals([code(withJudgement("same")), code(withJudgement("better"))], [0, 0]);
});

Deno.test("exit code: 3 when no rate meets the goal, unless nobody waited for the answer", () => {
  assertEquals(code({ capacity: CAPACITY }), 0);
  assertEquals(code({ capacity: { ...CAPACITY, rate: 0 } }), 3);
  assertEquals(code({ capacity: { ...CAPACITY, rate: 0 }, interrupted: true }), 0);
});
