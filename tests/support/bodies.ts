import type { Co } from "wakeful/runtime";
import { Gate } from "./gate.ts";
import type { Recorder } from "./recorder.ts";

/** Throws at its first poll. */
export function* failing(error: Error = new RangeError("own")): Co<never> {
  throw error;
}

/** Waits for ever; its cleanup throws. */
export function* failingInCleanup(error: Error = new RangeError("in cleanup")): Co<void> {
  try {
    yield* new Gate();
  } finally {
    // deno-lint-ignore no-unsafe-finally -- this is what it is for
    throw error;
  }
}

/** Waits for ever and notes its cleanup. */
export function* waiting(log: Recorder, name: string): Co<void> {
  try {
    yield* new Gate();
  } finally {
    log.note(name);
  }
}
