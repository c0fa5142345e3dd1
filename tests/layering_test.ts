/** Holds the floors: arrows run down, there are no cycles, and only drivers and the clock touch the platform. */

import { assert, assertEquals } from "./support/assert.ts";
import { importsOf, readSource, sourceFiles, withoutComments } from "./support/source_files.ts";

/**
 * The floors from the bottom up. A file may import its own floor and those below, never one above
 * or beside it. Longer paths win over the folders they lie in.
 */
const FLOORS: readonly (readonly string[])[] = [
  ["runtime/collections"],
  ["runtime/core"],
  ["runtime/task"],
  ["runtime/sync", "runtime/time", "runtime/interop", "runtime/os"],
  ["runtime/combine", "runtime/trace"],
  ["runtime/cancel"],
  ["runtime/stream"],
  ["runtime/threads"],
  ["runtime/patterns"],
  ["runtime/reactor"],
  ["runtime/reactor/deno", "runtime/reactor/sim"],
  ["runtime/reactor/epoll"],
  ["runtime/engine"],
  ["runtime/drivers.ts"],
  ["runtime/builder.ts"],
  ["runtime/runtime.ts"],
  ["runtime/thread", "runtime/threads/pool_main.ts"],
  ["runtime/threads/worker_main.ts"],
  ["runtime/mod.ts"],
  ["runtime/testing"],
  ["runtime/testing.ts"],
  ["net"],
  ["net/mod.ts"],
  ["commands/cli"],
  ["commands/serving"],
  ["commands/chat-server", "commands/echo-server", "commands/load-tester"],
  ["commands/job-queue/model"],
  ["commands/job-queue/store"],
  ["commands/job-queue/engine"],
  ["commands/job-queue/api", "commands/job-queue/client"],
  ["commands/job-queue"],
  ["commands/menu.ts"],
  ["main.ts"],
];

/** From a higher house, a lower one is entered through these doors only. */
const DOORS: Readonly<Record<string, string>> = { runtime: "runtime/mod.ts", net: "net/mod.ts" };

const FILES = sourceFiles("runtime", "net", "commands", "main.ts");

/** What only drivers, the clock and the process's own terminal may touch. */
const BANS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/, ["runtime/time/clock.ts"]],
  [/\bsetTimeout\b|\bsetInterval\b|\bsetImmediate\b|\bqueueMicrotask\b/, [
    "runtime/reactor/deno/",
    "runtime/reactor/sim/",
    "runtime/reactor/epoll/",
  ]],
  [/\bMath\.random\b|\bcrypto\.getRandomValues\b/, ["runtime/os/entropy.ts"]],
  [
    /\bDeno\.(?!Conn\b|Listener\b|Addr\b|TcpConn\b)\w+/,
    [
      "runtime/reactor/deno/",
      "runtime/reactor/epoll/",
      "runtime/os/environment.ts",
      "net/lookup.ts -> node:dns/promises",
      "commands/cli/terminal.ts",
      "commands/cli/version.ts",
      "/main.ts",
    ],
  ],
];

function floorOf(path: string): number {
  let [best, floor] = ["", -1];
  FLOORS.forEach((places, level) => {
    for (const place of places) {
      const inside = path === place || path.startsWith(`${place}/`);
      if (inside && place.length > best.length) [best, floor] = [place, level];
    }
  });
  return floor;
}

function roomOf(path: string): string {
  return FLOORS[floorOf(path)].findLast((place) => path === place || path.startsWith(`${place}/`))!;
}

function internalImports(path: string): string[] {
  return importsOf(path).filter((target) => FILES.includes(target));
}

Deno.test("layering: every file stands on a floor", () => {
  assertEquals(FILES.filter((path) => floorOf(path) < 0), []);
});

Deno.test("layering: arrows run down, types included", () => {
  const upward = FILES.flatMap((path) =>
    internalImports(path)
      .filter((target) =>
        floorOf(target) > floorOf(path) ||
        (floorOf(target) === floorOf(path) && roomOf(target) !== roomOf(path))
      )
      .map((target) => `${path} -> ${target}`)
  );
  assertEquals(upward, []);
});

Deno.test("layering: a lower house is entered through its public face", () => {
  const around = FILES.flatMap((path) =>
    internalImports(path)
      .filter((target) => {
        const [house] = target.split("/");
        return !path.startsWith(`${house}/`) && house in DOORS && target !== DOORS[house];
      })
      .map((target) => `${path} -> ${target}`)
  );
  assertEquals(around, []);
});

Deno.test("layering: no import cycles, types included", () => {
  const finished = new Set<string>();
  const visit = (path: string, trail: string[]) => {
    assert(!trail.includes(path), `a cycle: ${[...trail, path].join(" -> ")}`);
    if (finished.has(path)) return;
    for (const target of internalImports(path)) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of FILES) visit(path, []);
});

Deno.test("layering: public faces hold re-exports only", () => {
  for (const face of Object.values(DOORS)) {
    const statements = withoutComments(readSource(face)).split(";").map((part) => part.trim());
    const others = statements.filter((part) => part !== "" && !/^export\b[^=]*\bfrom\b/.test(part));
    assertEquals(others, [], face);
  }
});

Deno.test("layering: time, chance and I/O come through the drivers and the clock only", () => {
  const found = FILES.flatMap((path) => {
    const code = withoutComments(readSource(path));
    return BANS.flatMap(([pattern, allowed]) => {
      if (allowed.some((place) => path.startsWith(place) || `/${path}`.endsWith(place))) return [];
      const match = code.match(pattern);
      return match ? [`${path}: ${match[0]}`] : [];
    });
  });
  assertEquals(found, []);
});

Deno.test("layering: nothing but the sources' own packages is imported", () => {
  const allowed = ["@std/cli/parse-args", "node:timers"];
  const allowedOnce = [
    "net/lookup.ts -> node:dns/promises",
    "runtime/trace/otel.ts -> @opentelemetry/api",
    "commands/cli/terminal.ts -> node:process",
    "commands/cli/terminal.ts -> node:url",
    "commands/job-queue/model/schedule.ts -> croner",
    "commands/job-queue/store/sqlite/open.ts -> node:sqlite",
    "commands/job-queue/store/sqlite/sqlite_table.ts -> node:sqlite",
    "runtime/reactor/deno/node_conn.ts -> node:tls",
    "commands/load-tester/measure/latencies.ts -> hdr-histogram-js",
    ...[
      "threads/bell",
      "threads/pool_thread",
      "threads/pool_main",
      "threads/worker_main",
      "thread/thread",
      "thread/run_thread",
    ].map((file) => `runtime/${file}.ts -> node:worker_threads`),
  ];
  const outside = FILES.flatMap((path) =>
    importsOf(path).filter((target) => !FILES.includes(target) && !target.endsWith(".json"))
      .filter((target) => !allowed.includes(target))
      .map((target) => `${path} -> ${target}`)
  );
  assertEquals(outside.filter((arrow) => !allowedOnce.includes(arrow)), []);
});

/** Files whose test is called after the one file that uses them. */
const TESTED_BY: Readonly<Record<string, string>> = {
  "commands/job-queue/engine/clerk.ts": "tests/commands/job-queue/engine/keeper_test.ts",
  "commands/job-queue/store/table_store.ts": "tests/commands/job-queue/store/memory_table_test.ts",
};
const A_FUNCTION = /\bfunction\b|\)(?:: [^;{}]+)? \{$/m;

Deno.test("layering: what has a function in it has a twin among the tests", () => {
  const tests = sourceFiles("tests/commands/job-queue");
  const alone = sourceFiles("commands/job-queue")
    .filter((path) => A_FUNCTION.test(withoutComments(readSource(path))))
    .filter((path) => !tests.includes(TESTED_BY[path] ?? `tests/${path.slice(0, -3)}_test.ts`));
  assertEquals(alone, []);
});
