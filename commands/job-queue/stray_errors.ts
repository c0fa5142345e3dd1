import type { Surroundings } from "../cli/tool.ts";
import { messageOf, placeOf } from "./engine/error_text.ts";

/**
 * Tells errors that nobody caught, until it is disposed. A handler that forgets about a promise
 * must not end the process under everybody else's jobs.
 */
export function tellStrayErrors({ terminal, log }: Omit<Surroundings, "args">): Disposable {
  return terminal.onStrayError((error) => {
    const at = placeOf(error);
    log.error(`nobody caught an error: ${messageOf(error)}`, at === undefined ? {} : { at });
    if (error instanceof Error && error.stack !== undefined) log.debug(error.stack);
  });
}
