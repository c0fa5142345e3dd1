import { CHAT_SERVER } from "../../../commands/chat-server/command.ts";
import { UsageError } from "../../../commands/cli/errors.ts";
import { renderHelp } from "../../../commands/cli/help.ts";
import { parse } from "../../../commands/cli/parse.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../../support/assert.ts";
import { NO_VARIABLES } from "../cli/example_table.ts";

function parsed(...argv: string[]) {
  const invocation = parse(CHAT_SERVER, argv, NO_VARIABLES);
  assert("options" in invocation);
  return invocation;
}

function refused(...argv: string[]): string {
  return assertThrows(() => parsed(...argv), UsageError).message;
}

Deno.test("CHAT_SERVER: without words it runs, with the defaults of the specification", () => {
  const { action, options } = parsed();
  assertEquals(action, "run");
  assertEquals({ ...options }, {
    host: "127.0.0.1",
    port: 8080,
    unix: undefined,
    maxLine: 4096,
    rate: 10,
    burst: 20,
    inbox: 256,
    slowReader: "drop",
    idleTimeout: 600_000,
    maxClients: 10_000,
    maxSilent: 8_000,
    maxPerAddress: undefined,
    connectRate: undefined,
    operatorToken: undefined,
    log: undefined,
    logText: false,
    stats: false,
    drainTimeout: 5_000,
    threads: 1,
    driver: "deno",
    logLevel: undefined,
    logFormat: "pretty",
  });
});

Deno.test("CHAT_SERVER: every flag can be given", () => {
  const { options } = parsed(
    ..."run --max-line 1k --rate 5 --burst 7 --inbox 9 --slow-reader disconnect".split(" "),
    ..."--idle-timeout 0 --max-clients 3 --max-silent 0 --max-per-address 2".split(" "),
    ..."--connect-rate 4 --operator-token t --log f --log-text --stats".split(" "),
    ..."--drain-timeout 1s --threads 1".split(" "),
  );
  const { maxLine, rate, burst, inbox, slowReader, idleTimeout } = options;
  assertEquals([maxLine, rate, burst, inbox, slowReader, idleTimeout], [
    1024,
    5,
    7,
    9,
    "disconnect",
    0,
  ]);
  const { maxClients, maxSilent, maxPerAddress, connectRate, operatorToken, log } = options;
  assertEquals([maxClients, maxSilent, maxPerAddress, connectRate], [3, 0, 2, 4]);
  assertEquals([operatorToken, log, options.logText, options.stats], ["t", "f", true, true]);
});

Deno.test("CHAT_SERVER: values that make no sense are refused in one line", () => {
  const lines: Record<string, string> = {
    "--threads=0": "--threads 0: expected a whole number from 1 to 256",
    "--rate=0": "--rate 0: expected",
    "--inbox=0": "--inbox 0: expected",
    "--max-line=10": "--max-line 10: expected a size from 64 to 1m",
    "--slow-reader=wait": "--slow-reader wait: expected drop or disconnect",
    "--idle-timeout=10": "expected a duration with its unit",
  };
  for (const [flag, line] of Object.entries(lines)) assertStringIncludes(refused(flag), line);
});

Deno.test("CHAT_SERVER: test takes no flags about listening", () => {
  assertEquals(parsed("test", "--log-level", "warn").action, "test");
  assertStringIncludes(refused("test", "--port", "1"), "unexpected flag --port: test takes only");
});

Deno.test("CHAT_SERVER: the help names every flag, in groups", () => {
  const help = renderHelp(CHAT_SERVER, { program: "chat-server" });
  const flags =
    "host port unix max-line rate burst inbox slow-reader idle-timeout max-clients max-silent " +
    "max-per-address connect-rate operator-token log log-text stats drain-timeout threads driver " +
    "log-level log-format help version";
  for (const name of flags.split(" ")) assertStringIncludes(help, `--${name}`);
  for (const group of ["Listening", "What a client may do", "Who may connect", "Operators"]) {
    assertStringIncludes(help, group);
  }
});
