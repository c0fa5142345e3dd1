import { runTest } from "wakeful/testing";
import { type CommandError, RuntimeFailure, UsageError } from "../../../commands/cli/errors.ts";
import type { QueueOptions } from "../../../commands/job-queue/command.ts";
import { run } from "../../../commands/job-queue/run.ts";
import { openDatabase } from "../../../commands/job-queue/store/sqlite/open.ts";
import { SqliteTable } from "../../../commands/job-queue/store/sqlite/sqlite_table.ts";
import { assertEquals, assertRejects } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { optionsOf } from "./options.ts";
import { NO_LOG } from "./service_rig.ts";
import { START, StoreRig } from "./store/rig.ts";

/** `job-queue run` with these flags, in virtual time: its code, and what it has printed. */
async function ran(
  flags: string[],
  more: Partial<QueueOptions> = {},
): Promise<{ code: number; lines: string[] }> {
  const terminal = new FakeTerminal();
  terminal.moduleUrl = (path) => path;
  const around = { terminal, log: NO_LOG, args: [] };
  const clock = { now: () => 0, wall: () => START };
  const code = await runTest(() => run({ ...optionsOf("run", ...flags), ...more }, around), {
    configure: (builder) => builder.clock(clock),
  });
  return { code, lines: terminal.stdout };
}

function refused(flags: string[], kind: new (message: string) => CommandError, message: string) {
  return assertRejects(() => ran(flags), kind, message);
}

/** What all jobs of a file have come to. */
function statesIn(db: string): string[] {
  const table = new SqliteTable(openDatabase(db, "normal"));
  try {
    return table.list({ limit: 1_000 }).map(({ state }) => state);
  } finally {
    table.close();
  }
}

Deno.test("run: puts the jobs in, lets the workers do them, and says how it went", async () => {
  const { code, lines } = await ran(["-n", "100", "-w", "4", "--json"]);
  assertEquals([code, lines.length], [0, 1]);
  const { deepestQueue, ...run } = JSON.parse(lines[0]);
  assertEquals(deepestQueue, 96);
  assertEquals(run, {
    ...{ jobs: 100, completed: 100, dead: 0, workers: 4, averageLatencyMs: 10 },
    ...{ seconds: 0.252, jobsPerSecond: 100 / 0.252, utilisation: 250 / 252 }, // it has looked then
  });
});

Deno.test("run: without --json it is lines for people", async () => {
  const { lines } = await ran(["-n", "1", "--type", "delay", "--payload", '{"ms":2000}']);
  assertEquals(lines.slice(0, 2), ["Jobs:        1 (1 completed, 0 dead)", "Duration:    2.00s"]);
});

Deno.test("run: jobs of a type that is named carry nothing, unless it is said", async () => {
  const { lines } = await ran(["-n", "2", "--type", "delay", "--json"]);
  assertEquals(JSON.parse(lines[0]).averageLatencyMs, 0);
});

Deno.test("run: jobs that are dead are a failure", async () => {
  const { code, lines } = await ran(["-n", "3", "--type", "http"]);
  assertEquals([code, lines[0]], [1, "Jobs:        3 (0 completed, 3 dead)"]);
});

Deno.test("run: what cannot be run is refused before anything begins", async () => {
  await refused(["--type", "nobody"], UsageError, "expected one of noop, delay");
  await refused(["--type", "a b"], UsageError, '--type "a b": expected one of');
  await refused(["--workers", "0"], UsageError, "expected at least one");
  await refused(["--payload", "{"], UsageError, "expected JSON");
});

Deno.test("run: workers that crash again and again are told of, and not waited for", async () => {
  const runtime = new URL("../../../runtime/mod.ts", import.meta.url).href;
  const handlers = `data:text/javascript,import { ThreadDied } from "${runtime}";` +
    `export const crash = () => { throw new ThreadDied("thread 1", "out of memory") }`;
  const flags = ["--handlers", handlers, "--type", "crash", "-n", "9", "-w", "1"];
  await refused(flags, RuntimeFailure, "worker 1");
});

Deno.test("run: a file can be used again, also when what is over goes from it meanwhile", async () => {
  using dir = tempDir();
  const db = dir.path("queue.db");
  for (const all of [7, 13]) {
    const { lines } = await ran(["-n", "7", "--payload", '{"ms":1500}', "--db", db], {
      keepMax: 10,
    });
    assertEquals(lines[0], "Jobs:        7 (7 completed, 0 dead)");
    assertEquals(statesIn(db).length, all);
  }
});

Deno.test("run: a file with somebody else's jobs is left alone", async () => {
  using dir = tempDir();
  const db = dir.path("queue.db");
  const rig = new StoreRig(new SqliteTable(openDatabase(db, "normal")));
  for (let i = 0; i < 3; i++) rig.add({ delay: i * 60_000 });
  rig.claim(1, { worker: "local" });
  rig.store.close();
  await refused(["--db", db], RuntimeFailure, "it has 3 jobs that are not over");
  assertEquals(statesIn(db), ["scheduled", "scheduled", "running"]);
});
