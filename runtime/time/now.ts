import { currentContext } from "../core/context.ts";

/**
 * Milliseconds on the clock of the current task's runtime, which never goes back.
 *
 * @throws {OutsideRuntime} when no task is running
 * @throws {MissingDriver} when the runtime was built without time
 */
export function now(): number {
  return currentContext().loop.timers.read();
}
