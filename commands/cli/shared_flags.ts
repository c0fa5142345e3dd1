import {
  DRIVER_VARIABLE,
  type DriverName,
  Filter,
  type Format,
  json,
  type Level,
  LEVELS,
  lines,
  Logger,
  pretty,
  realClock,
  Tracer,
} from "../../runtime/mod.ts";
import { UsageError } from "./errors.ts";
import { flag } from "./flag.ts";
import { choice, count } from "./kind.ts";
import type { Terminal } from "./terminal.ts";

/** More would be no use on any machine, and each takes some 20 MB. */
const MOST_THREADS = 256;

/** Filters by module come from this variable, such as `info,runtime=debug`. */
export const LOG_VARIABLE = "WAKEFUL_LOG";

/** For tools that can use more than one thread. */
export const THREADS_FLAG = {
  threads: flag(count({ min: 1, max: MOST_THREADS }), {
    default: 1,
    group: "Running",
    about: "how many threads serve, each with a runtime of its own",
  }),
} as const;

/** The flags that every tool has, last in its help. */
export const SHARED_FLAGS = {
  driver: flag(choice("deno", "epoll"), {
    default: "deno",
    group: "Running",
    about: "which I/O driver feeds the reactor; epoll is the fastest, on Linux with --allow-ffi",
    sharedVariable: DRIVER_VARIABLE,
  }),
  logLevel: flag(choice(...LEVELS), {
    group: "Running",
    about: `how much to tell on stderr: info unless ${LOG_VARIABLE} says otherwise`,
  }),
  logFormat: flag(choice("pretty", "json"), {
    default: "pretty",
    group: "Running",
    about: "how log lines look",
  }),
} as const;

/** What the shared flags were set to. */
export interface SharedOptions {
  readonly driver: DriverName;
  readonly logLevel?: Level;
  readonly logFormat: "pretty" | "json";
}

/** For the end of each tool's help. */
export const LOG_NOTE =
  `${LOG_VARIABLE} sets log levels by module, for example ${LOG_VARIABLE}=info,runtime=debug; ` +
  `--log-level wins over its level for everything. ${DRIVER_VARIABLE} sets the driver of every tool.`;

const FORMATS: Record<SharedOptions["logFormat"], Format> = { pretty, json };

/**
 * A logger for `module` on the terminal's stderr.
 *
 * @throws {UsageError} when the variable cannot be understood
 */
export function makeLogger(module: string, options: SharedOptions, terminal: Terminal): Logger {
  const format = FORMATS[options.logFormat];
  const tracer = new Tracer({
    clock: realClock,
    filter: readFilter(options.logLevel, terminal),
    layers: [lines(format, (line) => terminal.err(line))],
  });
  return new Logger(module, tracer);
}

function readFilter(level: Level | undefined, terminal: Terminal): Filter {
  try {
    const filter = Filter.parse(terminal.variable(LOG_VARIABLE) ?? "");
    return level === undefined ? filter : filter.withLeast(level);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${LOG_VARIABLE}: ${error.message}`);
    throw error;
  }
}
