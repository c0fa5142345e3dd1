import { EXIT_FAILURE, EXIT_OK } from "../../cli/errors.ts";
import type { Report } from "../report/report.ts";

/** A goal was not met, or something has become worse. */
export const EXIT_GOAL_MISSED = 3;

/** What a program that runs the tool is told. */
export function exitCode({ runs, goals, comparison, capacity, interrupted }: Report): number {
  const { ledger } = runs.at(-1)!;
  const nothingAnswered = ledger.ok + ledger.badStatus === 0;
  if (nothingAnswered && ledger.sent > 0) return EXIT_FAILURE;
  if (comparison?.basis === "none") return EXIT_FAILURE; // nobody shall take it for a pass
  const missed = goals.some(({ met }) => !met);
  const worse = comparison?.differences.some(({ judgement }) => judgement === "worse") ?? false;
  const noRate = capacity?.rate === 0 && !interrupted;
  return missed || worse || noRate ? EXIT_GOAL_MISSED : EXIT_OK;
}
