import { main } from "../../commands/menu.ts";
import { versionLine } from "../../commands/cli/version.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { ChildProcess, runDeno } from "../support/child_process.ts";
import { exchange } from "../support/deno_client.ts";
import { FakeTerminal } from "../support/fake_terminal.ts";

async function wakeful(line: string, variables: Record<string, string> = {}) {
  const terminal = new FakeTerminal(variables);
  const code = await main(line === "" ? [] : line.split(" "), terminal);
  return { code, out: terminal.stdout.join("\n"), err: terminal.stderr };
}

/** The one line on stderr of a command line that asks for what cannot be. */
async function refused(line: string, variables?: Record<string, string>): Promise<string> {
  const { code, out, err } = await wakeful(line, variables);
  assertEquals([code, out, err.length], [2, "", 1], err.join("\n"));
  return err[0];
}

Deno.test("wakeful --help: lists all four tools", async () => {
  const { code, out, err } = await wakeful("--help");
  assertEquals([code, err], [0, []]);
  for (const tool of ["echo-server", "chat-server", "load-tester", "job-queue"]) {
    assertMatch(out, new RegExp(`^  ${tool}  +\\S`, "m"));
  }
});

Deno.test("wakeful --version: says what runs it", async () => {
  assertEquals(await wakeful("--version"), { code: 0, out: versionLine("wakeful"), err: [] });
});

Deno.test("wakeful: without a word it says which there are", async () => {
  assertEquals(
    await refused(""),
    "wakeful: missing command: expected echo-server, chat-server, load-tester or job-queue",
  );
});

Deno.test("wakeful: a word that is no tool is answered with the nearest one", async () => {
  assertStringIncludes(await refused("eco-server"), "did you mean echo-server?");
});

Deno.test("wakeful echo-server --help: names the program as it was called", async () => {
  for (const line of ["echo-server --help", "help echo-server"]) {
    const { code, out, err } = await wakeful(line);
    assertEquals([code, err], [0, []]);
    assertMatch(out, /^wakeful echo-server: sends every byte/);
    assertStringIncludes(out, "wakeful echo-server --port 0");
  }
  const { out } = await wakeful("echo-server run -h");
  assertMatch(out, /^wakeful echo-server run: start the server/);
});

const BAD_FLAGS: [string, string][] = [
  ["--port 99999", "--port 99999: expected a port"],
  ["--port x", "--port x: expected a port"],
  ["--port", "--port"],
  ["--prot 1", "unknown flag --prot; did you mean --port?"],
  ["--idle-timeout 10", "--idle-timeout 10: expected a duration"],
  ["--drain-timeout -1s", "--drain-timeout"],
  ["--max-connections 0", "--max-connections 0: expected"],
  ["--max-connections 1.5", "--max-connections 1.5: expected"],
  ["--overflow maybe", "--overflow maybe: expected wait or refuse"],
  ["--log-level loud", "--log-level loud: expected error, warn, info, debug or trace"],
  ["--log-format xml", "--log-format xml: expected pretty or json"],
  ["--driver kqueue", "--driver kqueue: expected deno or epoll"],
  ["--stats=maybe", "--stats"],
  ["--unix /tmp/x --port 1", "--unix and --port exclude each other"],
  ["--host=", "--host"],
  ["--port 1 --port 2", "--port given 2 times: expected at most once"],
  ["run test", "unexpected argument test"],
  ["serve", "unexpected argument serve: expected run or test"],
  ["test --port 1", "unexpected flag --port: test takes only"],
];

for (const [flags, complaint] of BAD_FLAGS) {
  Deno.test(`wakeful echo-server ${flags}: one line that names it, and 2`, async () => {
    const line = await refused(`echo-server ${flags}`);
    assert(line.startsWith(`wakeful echo-server: ${complaint}`), line);
  });
}

Deno.test("wakeful echo-server: a bad variable is named like a bad flag", async () => {
  const line = await refused("echo-server", { WAKEFUL_ECHO_SERVER_PORT: "99999" });
  assertStringIncludes(line, "WAKEFUL_ECHO_SERVER_PORT=99999: expected a port");
  assertStringIncludes(await refused("echo-server", { WAKEFUL_LOG: "loud" }), "WAKEFUL_LOG: ");
});

Deno.test("wakeful echo-server: a taken port is one line that says what to do, and 1", async () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const { code, out, err } = await wakeful(`echo-server --port ${port}`);
  taken.close();
  assertEquals([code, out], [1, ""]);
  assertEquals(err, [
    `wakeful echo-server: cannot listen on 127.0.0.1:${port}: Address already in use; ` +
    "choose another with --port or --host, or a free one with --port 0",
  ]);
});

Deno.test("wakeful echo-server: serves as the variables say, until SIGTERM", async () => {
  await using server = new ChildProcess(["--allow-net", "--allow-env"], "main.ts", {
    args: ["echo-server"],
    env: {
      WAKEFUL_ECHO_SERVER_PORT: "0",
      WAKEFUL_ECHO_SERVER_LOG_FORMAT: "json",
      WAKEFUL_LOG: "error,echo-server=info",
    },
  });
  const [, port] = await server.line(/^listening on 127\.0\.0\.1:(\d+)$/m);
  assertEquals(await exchange(await Deno.connect({ port: Number(port) }), "hello"), "hello");
  server.kill("SIGTERM");
  const { code, stderr } = await server.result();
  assertEquals([code, JSON.parse(stderr).module], [0, "echo-server"]);
});

Deno.test("wakeful echo-server: a second SIGTERM ends it at once", async () => {
  await using server = new ChildProcess(["--allow-net"], "main.ts", {
    args: ["echo-server", "--port", "0", "--drain-timeout", "1h", "--idle-timeout", "0"],
  });
  const [, port] = await server.line(/^listening on 127\.0\.0\.1:(\d+)$/m);
  const client = await Deno.connect({ port: Number(port) });
  await exchange(client, "x", { keep: true });
  server.kill("SIGTERM");
  await server.line(/shutting down/);
  server.kill("SIGTERM");
  assertEquals((await server.result()).code, 130);
  client.close();
});

Deno.test("wakeful echo-server: without --allow-net it is one helpful line, and 1", async () => {
  const { code, stdout, stderr } = await runDeno([], "main.ts", { args: ["echo-server"] });
  assertEquals([code, stdout], [1, ""]);
  assertMatch(
    stderr,
    /^wakeful echo-server: cannot listen on 127\.0\.0\.1:8080: .*--allow-net.*\n$/,
  );
});

Deno.test("echo-server: the tool's own program is called as such", async () => {
  const { code, stderr } = await runDeno([], "commands/echo-server/main.ts", { args: ["--prot"] });
  assertEquals([code, stderr], [2, "echo-server: unknown flag --prot; did you mean --port?\n"]);
});
