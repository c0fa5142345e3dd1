import type { CancellationToken, Span } from "../../../runtime/mod.ts";
import { A_DURATION, readDuration } from "../../cli/units.ts";

/** What a handler is told besides the payload, and how it can speak. */
export interface JobContext {
  readonly id: number;
  readonly type: string;
  readonly queue: string;
  readonly key: string;
  /** From 1 up; a further one is made after a failure. */
  readonly attempt: number;
  readonly maxRetries: number;
  /** What the handler logs and does belongs to: it carries the job's number, type and attempt. */
  readonly span: Span;
  /** Aborted when the job is to end: its time is over, it was cancelled, the server stops. */
  readonly signal: AbortSignal;
  /** The same, for coroutines. */
  readonly token: CancellationToken;
  /** How far it is: a number from 0 to 1, or whatever JSON says it better. */
  progress(value: unknown): void;
  /** Adds a line to the job's log; what is no text is written as JSON. */
  log(line: unknown): void;
  /** Ends the job: trying it again would be of no use. */
  fatal(message: string): never;
  /**
   * Ends the attempt, which does not count: the job goes on after that long, in milliseconds or as
   * `"10s"`.
   *
   * @throws {TypeError} for what is no duration; that is a failed attempt
   */
  snooze(duration: number | string): never;
}

/** Handles the jobs of one type: answers a value, a coroutine or future of it, or a promise. */
// deno-lint-ignore no-explicit-any -- what is in a payload is between the handler and its jobs
export type HandlerFunction = (payload: any, job: JobContext) => unknown;

/** How jobs of a type are run. */
export type Handler =
  | { readonly where: "here"; readonly run: HandlerFunction }
  /** On a thread: it gets the payload alone, and plain code has to ask `aborted()`. */
  | { readonly where: "pool"; readonly module: string; readonly name: string };

/** By their types. */
export type Handlers = ReadonlyMap<string, Handler>;

/** The job is not to be tried again. */
export class Fatal extends Error {
  override readonly name = "Fatal";
  /** Said so by errors of handlers as well that were written without this program. */
  readonly fatal = true;
}

/** The job is to go on later. */
export class Snooze extends Error {
  override readonly name = "Snooze";

  readonly milliseconds: number;

  constructor(duration: number | string) {
    const milliseconds = millisecondsOf(duration);
    super(`snoozed for ${milliseconds} ms`);
    this.milliseconds = milliseconds;
  }
}

function millisecondsOf(duration: number | string): number {
  if (typeof duration === "string") {
    const reading = readDuration(duration);
    if (reading.ok) return reading.value;
  } else if (Number.isFinite(duration) && duration >= 0) return duration;
  throw new TypeError(
    `snooze(${JSON.stringify(duration)}): expected milliseconds or ${A_DURATION}`,
  );
}
