import type { FailureClass } from "../measure/failure_class.ts";
import type { Mode } from "../load/mode.ts";

/**
 * What a run of the tool has found, as `--json` prints it; `schema.ts` says the same as a schema.
 * Everything else that is shown is made of this. Times in milliseconds, shares from 0 to 1.
 */
export interface Report {
  readonly schema: typeof SCHEMA_NAME;
  /** Of the tool. */
  readonly version: string;
  /** When it began, in ISO 8601. */
  readonly started: string;
  readonly mode: Mode;
  readonly urls: readonly string[];
  readonly method: string;
  readonly settings: Settings;
  /** One, or as many as `--repeat` asked for; of `--find-rate`, the window that confirmed it. */
  readonly runs: readonly RunReport[];
  /** What `--find-rate` found. */
  readonly capacity?: CapacityReport;
  /** What `--compare` found. */
  readonly comparison?: Comparison;
  /** What became of each `--expect`, in the last run. */
  readonly goals: readonly GoalReport[];
  /** Whether somebody ended it early. */
  readonly interrupted: boolean;
}

/** Grows by one when a program that reads the reports would have to change. */
export const SCHEMA_NAME = "wakeful-load-tester/1";

export interface Settings {
  readonly concurrency: number;
  readonly threads: number;
  readonly driver: string;
  /** How many there were to be; none where time ends it. */
  readonly requests?: number;
  readonly durationMs?: number;
  /** Requests per second. */
  readonly rate?: number;
  readonly steps?: { readonly rates: readonly number[]; readonly eachMs: number };
  readonly rampMs: number;
  readonly timeoutMs: number;
  readonly keepAlive: boolean;
}

export interface RunReport extends Figures {
  readonly durationMs: number;
  readonly phases: {
    readonly connect: Summary | null;
    readonly tls: Summary | null;
    readonly firstByte: Summary | null;
    readonly transfer: Summary | null;
  };
  readonly histogram: readonly { readonly from: number; readonly to: number; count: number }[];
  readonly timeline: TimelineReport;
  /** One for each URL, where there are several. */
  readonly perUrl: readonly (Figures & { readonly url: string })[];
  /** One for each step of `--steps`. */
  readonly perStep: readonly (Figures & { readonly rate: number })[];
  readonly generator: GeneratorReport;
}

/** What is known of some requests. */
export interface Figures {
  readonly ledger: LedgerReport;
  /** Answers per second. */
  readonly throughput: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** From when a request was sent to the last byte of its answer. */
  readonly service: Summary;
  /** The same from when it was due; of an open run only. */
  readonly response: Summary | null;
  /** How many answers had which status. */
  readonly statusCodes: Readonly<Record<string, number>>;
}

/** planned = sent + notSent; sent = ok + badStatus + the errors + unfinished. */
export interface LedgerReport {
  readonly planned: number;
  readonly sent: number;
  readonly notSent: number;
  readonly ok: number;
  readonly badStatus: number;
  readonly errors: readonly { readonly class: FailureClass; count: number; first: string }[];
  readonly unfinished: number;
  /** How long the oldest unfinished one had been under way. */
  readonly oldestUnfinishedMs: number;
}

export interface Summary {
  readonly count: number;
  readonly mean: number;
  readonly stdev: number;
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** All of it, in the compressed format (V2) of HdrHistogram; values in microseconds. */
  readonly hdr: string;
}

export interface TimelineReport {
  /** Milliseconds per slice. */
  readonly widthMs: number;
  readonly slices: readonly SliceReport[];
}

export interface SliceReport {
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly bytes: number;
  /** To about 6 %. */
  readonly p50: number;
  readonly p99: number;
}

/** What is known of the tool itself while it measured. */
export interface GeneratorReport {
  /** CPU time per time and thread: near 1, the generator was the limit. */
  readonly cpu: number;
  /** How late due requests were sent although a connection was free. */
  readonly lag: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly connections: number;
  readonly retried: number;
  readonly redirects: number;
  /** What has to be known about these figures; none, when they speak for themselves. */
  readonly verdict: readonly string[];
}

export interface GoalReport {
  readonly goal: string;
  /** What was measured: milliseconds, a share, or requests per second. */
  readonly value: number;
  readonly met: boolean;
}

export interface Comparison {
  /** What the noise was taken from: the repeated runs, pieces of one, or nothing. */
  readonly basis: "runs" | "pieces" | "none";
  readonly differences: readonly Difference[];
}

export interface Difference {
  readonly metric: "throughput" | "p50" | "p90" | "p99" | "errors";
  readonly before: number;
  readonly after: number;
  /** How far the two may lie apart by chance, at 99 %; null when that is not known. */
  readonly noise: number | null;
  readonly judgement: "better" | "worse" | "same" | "unknown";
}

export interface CapacityReport {
  readonly goal: string;
  /** The highest rate that met it, in requests per second; 0 when none did. */
  readonly rate: number;
  /** The lowest rate that did not meet it. */
  readonly failedAt: number | null;
  /** How many windows at that rate met it, of how many. */
  readonly confirmed: { readonly met: number; readonly of: number };
  readonly probes: readonly ProbeReport[];
}

export interface ProbeReport {
  readonly rate: number;
  readonly met: boolean;
  /** Whether nearly all that was due was answered. */
  readonly keptUp: boolean;
  /** What the goal is about, as measured. */
  readonly value: number;
  readonly throughput: number;
}
