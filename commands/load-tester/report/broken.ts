import type { LedgerReport } from "./report.ts";

/** How many requests went wrong before there was a whole answer. */
export function brokenOf({ errors }: LedgerReport): number {
  return errors.reduce((sum, { count }) => sum + count, 0);
}

/** How many did not succeed, among those that ended. */
export function failedOf(ledger: LedgerReport): number {
  return ledger.badStatus + brokenOf(ledger);
}
