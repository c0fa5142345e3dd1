/** The command line of `deno task soak`. */

import { command } from "../../../commands/cli/command.ts";
import { flag, type Options } from "../../../commands/cli/flag.ts";
import { count, duration } from "../../../commands/cli/kind.ts";
import { SHARED_FLAGS, THREADS_FLAG } from "../../../commands/cli/shared_flags.ts";

export const SOAK = command({
  name: "soak",
  purpose: "wears an echo server out and counts what it has lost",
  flags: {
    duration: flag(duration({ min: 1_000 }), {
      default: 60_000,
      about: "how long; the wave that has begun is brought to its end",
    }),
    connections: flag(count({ min: 1 }), {
      default: 10_000,
      about: "how many stay open while others come and go",
    }),
    rounds: flag(count({ min: 1 }), {
      default: 100,
      about: "how many rounds of fifty clients come and go in each wave",
    }),
    ...THREADS_FLAG,
    driver: { ...SHARED_FLAGS.driver, default: "epoll" as const },
  },
  examples: [{ line: "$0 --duration 5m" }],
  exitCodes: { 1: "something was lost, or the memory grew" },
});

export type SoakOptions = Options<typeof SOAK.flags>;
