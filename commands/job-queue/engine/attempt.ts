import {
  byRef,
  Cancelled,
  type Co,
  fromPromise,
  type JoinHandle,
  MovedOn,
  moveOnAfter,
  pending,
  portable,
  race,
  settle,
  sleep,
  spawn,
  spawnBlocking,
  ThreadDied,
} from "../../../runtime/mod.ts";
import { formatDuration } from "../../cli/units.ts";
import { LONGEST_RESULT } from "../model/caps.ts";
import type { FailureKind } from "../model/command.ts";
import type { Report } from "./backend.ts";
import { callHandler } from "./blocking.ts";
import { messageOf, placeOf } from "./error_text.ts";
import { type Handler, Snooze } from "./handler.ts";
import type { RunningJob } from "./running_job.ts";

/** How a handler has ended. */
type Ended = { readonly value: unknown } | { readonly error: unknown };

/** What an attempt came to, and whether its thread is gone. */
export interface Attempted {
  readonly report: Report;
  readonly crash?: Error;
}

/** How often it is seen whether a thread has begun. */
const LOOK_EVERY_MS = 10;
const WORD_BYTES = Int32Array.BYTES_PER_ELEMENT;

/**
 * Makes one attempt: runs the handler until it ends, its time is over, or it is told to end.
 *
 * Whoever is told to end has `grace` milliseconds to do it in order; then its task is aborted, with
 * everything it holds, or its thread is ended. A plain async function that listens to nothing
 * cannot be ended: it is left alone, and what comes of it is refused.
 */
export function* attempt(job: RunningJob, handler: Handler, grace: number): Co<Attempted> {
  const { id, timeout } = job.claim;
  const work = spawn(job.span.scope(() => outcomeOf(job, handler)), { name: `job ${id}` });
  using _ended = work.abortOnDrop();
  const late = () => timeout === 0 ? pending() : overtime(job, handler);
  const first = yield* race<Ended | "late" | "told">(byRef(work), late, () => told(job));
  if (typeof first === "object") return conclude(job, first);
  if (first === "late") job.end("error", `took longer than ${formatDuration(timeout)}`);
  const last = yield* moveOnAfter(grace, byRef(work));
  if (last !== MovedOn) return conclude(job, last);
  const note = `; it did not end by itself within ${formatDuration(grace)}`;
  return conclude(job, yield* forced(work, job), note);
}

/** Runs the handler; an error is a value here. */
function* outcomeOf(job: RunningJob, handler: Handler): Co<Ended> {
  try {
    return { value: yield* handled(job, handler) };
  } catch (error) {
    return { error };
  }
}

function* handled(job: RunningJob, handler: Handler): Co<unknown> {
  const payload: unknown = JSON.parse(job.claim.payload);
  if (handler.where === "pool") {
    const { module, name } = handler;
    const { token } = job;
    if (job.claim.timeout > 0) job.begun = new Int32Array(new SharedArrayBuffer(WORD_BYTES));
    const args = [module, name, payload, job.begun?.buffer] as const;
    return yield* spawnBlocking(callPortable, [...args], { token });
  }
  const answer = handler.run(payload, job.context());
  return answer instanceof Promise ? yield* fromPromise(answer) : yield* settle(answer);
}

const callPortable = portable(new URL("./blocking.ts", import.meta.url).href, callHandler);

/** It had its time: the task is aborted, whatever it holds is let go. */
function* forced(work: JoinHandle<Ended>, { token }: RunningJob): Co<Ended> {
  work.abort(token.reason);
  try {
    return yield* work;
  } catch (error) {
    return { error };
  }
}

/** @param note what else is to be said of an end that came from outside */
function conclude(job: RunningJob, ended: Ended, note = ""): Attempted {
  const { id, epoch } = job.claim;
  if ("value" in ended) return resultOf(job, ended.value);
  const { error } = ended;
  const message = messageOf(error) + placeNote(error);
  const failed = (how: FailureKind, error = message, delay?: number): Attempted => ({
    report: { kind: "fail", id, epoch, how, error, delay },
  });
  const { ending } = job;
  if (ending !== undefined) {
    const reason = job.token.reason!;
    const isQuiet = error instanceof Cancelled || error instanceof ThreadDied;
    const text = isQuiet ? reason : `${reason}: ${message}`;
    return failed(ending === "lost" ? "error" : ending, text + note);
  }
  if (error instanceof ThreadDied) return { ...failed("error"), crash: error };
  if (error instanceof Snooze) return failed("snooze", message, error.milliseconds);
  return failed(isFatal(error) ? "fatal" : "error");
}

function resultOf(job: RunningJob, value: unknown): Attempted {
  const { id, epoch } = job.claim;
  const fatal = (error: string): Attempted => ({
    report: { kind: "fail", id, epoch, how: "fatal", error },
  });
  try {
    const result = value === undefined ? undefined : JSON.stringify(value);
    if ((result?.length ?? 0) <= LONGEST_RESULT) {
      return { report: { kind: "complete", id, epoch, result } };
    }
    return fatal(`its result has ${result!.length} characters, ${LONGEST_RESULT} at most are kept`);
  } catch (error) {
    return fatal(`its result is no JSON: ${messageOf(error)}`);
  }
}

/** An error says it with a property, which it keeps on its way from a thread. */
function isFatal(error: unknown): boolean {
  return typeof error === "object" && error !== null && "fatal" in error && error.fatal === true;
}

function* told({ token }: RunningJob): Co<"told"> {
  yield* token.cancelled();
  return "told";
}

/** Its time begins with its code: where there are more workers than threads, that may wait. */
function* overtime(job: RunningJob, { where }: Handler): Co<"late"> {
  const waits = () => job.begun === undefined || Atomics.load(job.begun, 0) === 0;
  while (where === "pool" && waits()) yield* sleep(LOOK_EVERY_MS);
  yield* sleep(job.claim.timeout);
  return "late";
}

/** Where a mistake in the handler's code was made; errors that it throws itself speak for themselves. */
function placeNote(error: unknown): string {
  const place = MISTAKES.some((kind) => error instanceof kind) ? placeOf(error) : undefined;
  return place === undefined ? "" : ` (at ${place})`;
}

const MISTAKES = [TypeError, ReferenceError, RangeError, SyntaxError];
