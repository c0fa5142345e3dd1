import { type Co, IoError, type Logger, sleep } from "../../runtime/mod.ts";
import { formatDuration } from "./units.ts";

/** After a failed accept; doubled at each further failure, up to the longest. */
const FIRST_BACK_OFF_MS = 10;
const LONGEST_BACK_OFF_MS = 1_000;

/** Lets `admit` accept one client after the other, for ever; after a failure it rests, and says so. */
export function* acceptLoop(admit: () => Co<void>, log: Logger): Co<never> {
  let backOff = FIRST_BACK_OFF_MS;
  for (;;) {
    try {
      yield* admit();
      backOff = FIRST_BACK_OFF_MS;
    } catch (error) {
      if (!(error instanceof IoError)) throw error;
      log.warn(`${error.message}; trying again in ${formatDuration(backOff)}`);
      yield* sleep(backOff);
      backOff = Math.min(2 * backOff, LONGEST_BACK_OFF_MS);
    }
  }
}
