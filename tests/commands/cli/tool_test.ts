import { command } from "../../../commands/cli/command.ts";
import { RuntimeFailure } from "../../../commands/cli/errors.ts";
import { flag } from "../../../commands/cli/flag.ts";
import { port } from "../../../commands/cli/kind.ts";
import { SHARED_FLAGS } from "../../../commands/cli/shared_flags.ts";
import { tool } from "../../../commands/cli/tool.ts";
import { versionLine } from "../../../commands/cli/version.ts";
import { type Co, IoError, sleep, spawn } from "wakeful/runtime";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";

const FERRY = command({
  name: "ferry",
  purpose: "carries bytes",
  flags: { port: flag(port(), { default: 80, about: "where" }), ...SHARED_FLAGS },
});

/** Runs the tool with `body` as what it does. */
async function ferry(
  body: (port: number, terminal: FakeTerminal) => Co<number>,
  argv: string[] = [],
  variables: Record<string, string> = {},
) {
  const terminal = new FakeTerminal(variables);
  const made = tool(FERRY, { run: (options) => body(options.port, terminal) });
  const code = await made.main(argv, "the ferry", terminal);
  return { code, out: terminal.stdout, err: terminal.stderr };
}

function* carry(port: number, terminal: FakeTerminal): Co<number> {
  yield* sleep(1);
  terminal.out(`carried over ${port}`);
  return 0;
}

Deno.test("tool: runs its action on a runtime and answers what that answers", async () => {
  assertEquals(await ferry(carry, ["--port", "7"]), { code: 0, out: ["carried over 7"], err: [] });
  const answer = await ferry(function* () {
    return 3;
  });
  assertEquals(answer.code, 3);
});

Deno.test("tool: variables of its own set flags, and the command line wins", async () => {
  const variables = { WAKEFUL_FERRY_PORT: "9" };
  assertEquals((await ferry(carry, [], variables)).out, ["carried over 9"]);
  assertEquals((await ferry(carry, ["--port=8"], variables)).out, ["carried over 8"]);
});

Deno.test("tool: help and version start nothing", async () => {
  const [help, version] = [await ferry(carry, ["--help"]), await ferry(carry, ["--version"])];
  assertEquals([help.code, version.code, help.err, version.err], [0, 0, [], []]);
  assertMatch(help.out.join("\n"), /^the ferry: carries bytes\n/);
  assertEquals(version.out, [versionLine("the ferry")]);
});

Deno.test("tool: a wrong command line is one line and 2", async () => {
  for (
    const [argv, line] of [
      [["--prot", "1"], "the ferry: unknown flag --prot; did you mean --port?"],
    ] as const
  ) {
    assertEquals(await ferry(carry, [...argv]), { code: 2, out: [], err: [line] });
  }
});

Deno.test("tool: a log variable that cannot be understood is one line and 2", async () => {
  const { code, err } = await ferry(carry, [], { WAKEFUL_LOG: "=" });
  assertEquals([code, err.length], [2, 1]);
  assertStringIncludes(err[0], "the ferry: WAKEFUL_LOG: ");
});

function failing(error: unknown) {
  return function* (): Co<number> {
    throw error;
  };
}

Deno.test("tool: what goes wrong while it runs is one line without a stack, and 1", async () => {
  for (
    const [error, line] of [
      [new RuntimeFailure("cannot\nsail"), "the ferry: cannot sail"],
      [new IoError("other", "the sea is dry"), "the ferry: the sea is dry"],
      [new TypeError("oops"), "the ferry: unexpected error: oops"],
      ["a string", "the ferry: unexpected error: a string"],
    ] as const
  ) {
    assertEquals(await ferry(failing(error)), { code: 1, out: [], err: [line] });
  }
});

Deno.test("tool: the stack is for those who ask for debug or trace", async () => {
  for (const level of ["debug", "trace"]) {
    const { err } = await ferry(failing(new TypeError("oops")), ["--log-level", level]);
    assertStringIncludes(err.join("\n"), "tool_test.ts");
  }
});

Deno.test("tool: a task that fails unjoined is told in the log", async () => {
  const { code, err } = await ferry(function* () {
    spawn(failing(new TypeError("leak")), { name: "bilge pump" });
    yield* sleep(1);
    return 0;
  });
  assertEquals([code, err.length], [0, 1]);
  assertStringIncludes(err[0], 'ERROR runtime: a task failed: leak task="bilge pump"');
});

Deno.test("tool: what its runtime does is told where the variable asks for it", async () => {
  const WAKEFUL_LOG = "runtime=trace";
  const { err } = await ferry(
    function* () {
      spawn(failing(new TypeError("leak")), { name: "pump" });
      yield* sleep(1);
      return 0;
    },
    [],
    { WAKEFUL_LOG },
  );
  const told = err.map((line) => line.replace(/^\S+ /, ""));
  assertEquals(told.filter((line) => line.startsWith("TRACE") && line.includes("task=pump")), [
    "TRACE runtime: task spawned task=pump",
    "TRACE runtime: task ended task=pump outcome=error",
  ]);
  const orphan = told.find((line) => line.startsWith("DEBUG runtime: nobody asked")) ?? "";
  assertMatch(orphan, / for an error task=pump error=leak stack=".*tool_test/);
});

Deno.test("tool: tasks that are left over end with it", async () => {
  let ended = false;
  await ferry(function* () {
    spawn(function* () {
      try {
        yield* sleep(60_000);
      } finally {
        ended = true;
      }
    });
    yield* sleep(1);
    return 0;
  });
  assert(ended);
});

Deno.test("tool: one variable sets the driver of every tool, and a tool's own one wins", async () => {
  const bad = await ferry(carry, [], { WAKEFUL_DRIVER: "steam" });
  const line = "the ferry: WAKEFUL_DRIVER=steam: expected deno or epoll";
  assertEquals(bad, { code: 2, out: [], err: [line] });
  const own = { WAKEFUL_DRIVER: "steam", WAKEFUL_FERRY_DRIVER: "deno" };
  assertEquals((await ferry(carry, [], own)).code, 0);
});
