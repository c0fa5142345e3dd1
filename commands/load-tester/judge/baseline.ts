import { UsageError } from "../../cli/errors.ts";
import { type RunReport, SCHEMA_NAME } from "../report/report.ts";

/**
 * The runs of an earlier report.
 *
 * @throws {UsageError} when the text is no such report
 */
export function readBaseline(path: string, text: string): readonly RunReport[] {
  const refuse = (found: string) =>
    new UsageError(
      `--compare ${path}: expected what --json prints (schema ${SCHEMA_NAME}), not ${found}`,
    );
  const report = parsed(text);
  if (report === undefined) throw refuse("something that is no JSON");
  const { schema, runs } = report;
  if (schema !== SCHEMA_NAME) throw refuse(`schema ${JSON.stringify(schema)}`);
  if (!Array.isArray(runs) || runs.length === 0 || !runs.every(isRun)) {
    throw refuse("a report without runs");
  }
  return runs;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** As far as a comparison looks at it. */
function isRun(run: unknown): run is RunReport {
  const { throughput, service, ledger, timeline } = (run ?? {}) as Partial<RunReport>;
  return typeof throughput === "number" && typeof service?.p99 === "number" &&
    Array.isArray(ledger?.errors) && Array.isArray(timeline?.slices);
}
