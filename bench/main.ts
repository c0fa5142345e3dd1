/**
 * Side-by-side measurements: every figure is taken next to its peer's, and given as a ratio to it.
 *
 *   deno task bench chat
 *   deno task bench echo
 *   deno task bench runtime
 *   deno task bench http-parser
 *   deno task bench load
 *   deno task bench queue
 *   deno task bench threads
 *   deno task bench echo --help
 */
import { chatBench } from "./chat.ts";
import { echoBench } from "./echo.ts";
import { failureLine, UsageFailure } from "./harness/failure.ts";
import { removeAll } from "./harness/folder.ts";
import { endAll } from "./harness/program.ts";
import { httpParserBench } from "./http_parser.ts";
import { loadBench } from "./load.ts";
import { queueBench } from "./queue.ts";
import { runtimeBench } from "./runtime.ts";
import { threadsBench } from "./threads.ts";

const benches = new Map<string, (args: string[]) => Promise<void>>([
  ["chat", chatBench],
  ["echo", echoBench],
  ["http-parser", httpParserBench],
  ["load", loadBench],
  ["queue", queueBench],
  ["runtime", runtimeBench],
  ["threads", threadsBench],
]);

const INTERRUPTED_EXIT = 130;

function leaveNothingBehind(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      endAll();
      removeAll();
      Deno.exit(INTERRUPTED_EXIT);
    });
  }
}

async function main([name = "", ...args]: string[]): Promise<void> {
  const bench = benches.get(name);
  if (bench === undefined) {
    throw new UsageFailure(`expected one of: ${[...benches.keys()].join(", ")}; got '${name}'`);
  }
  leaveNothingBehind();
  await bench(args);
}

try {
  await main(Deno.args);
} catch (error) {
  const { line, exitCode } = failureLine(error);
  console.error(line);
  Deno.exit(exitCode);
}
