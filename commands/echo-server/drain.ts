import type { Co, Logger } from "../../runtime/mod.ts";
import { formatDuration } from "../cli/units.ts";

/**
 * Tells how many clients there are to finish, and how many had to be closed in the end, which is
 * what `finish` answers.
 */
export function* drain(
  clients: number,
  limit: number,
  finish: () => Co<number>,
  log: Logger,
): Co<void> {
  if (clients > 0) {
    log.info(`no new clients; ${counted(clients)} may finish within ${formatDuration(limit)}`);
  }
  const closed = yield* finish();
  if (closed > 0) log.warn(`closed ${counted(closed)} that did not finish in time`);
}

function counted(clients: number): string {
  return clients === 1 ? "1 client" : `${clients} clients`;
}
