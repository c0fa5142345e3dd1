import { ECHO_SERVER } from "../../../commands/echo-server/command.ts";
import { UsageError } from "../../../commands/cli/errors.ts";
import { renderHelp } from "../../../commands/cli/help.ts";
import { parse } from "../../../commands/cli/parse.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../../support/assert.ts";
import { NO_VARIABLES } from "../cli/example_table.ts";

function parsed(...argv: string[]) {
  const invocation = parse(ECHO_SERVER, argv, NO_VARIABLES);
  assert("options" in invocation);
  return invocation;
}

function refused(...argv: string[]): string {
  return assertThrows(() => parsed(...argv), UsageError).message;
}

Deno.test("ECHO_SERVER: without words it runs, with the defaults of the specification", () => {
  const { action, options } = parsed();
  assertEquals(action, "run");
  assertEquals({ ...options }, {
    host: "127.0.0.1",
    port: 8080,
    unix: undefined,
    idleTimeout: 10_000,
    writeTimeout: 60_000,
    maxConnections: 10_000,
    overflow: "wait",
    drainTimeout: 5_000,
    statusInterval: 0,
    stats: false,
    threads: 1,
    driver: "deno",
    logLevel: undefined,
    logFormat: "pretty",
  });
});

Deno.test("ECHO_SERVER: every flag can be given", () => {
  const { options } = parsed(
    ..."run --host ::1 -p 0 --idle-timeout 0 --write-timeout 1m --max-connections 5".split(" "),
    ..."--overflow refuse --drain-timeout 500ms --status-interval 2s --stats".split(" "),
  );
  const { host, port, idleTimeout, writeTimeout, maxConnections } = options;
  assertEquals([host, port, idleTimeout, writeTimeout, maxConnections], ["::1", 0, 0, 60_000, 5]);
  const { overflow, drainTimeout, statusInterval, stats } = options;
  assertEquals([overflow, drainTimeout, statusInterval, stats], ["refuse", 500, 2000, true]);
});

Deno.test("ECHO_SERVER: a path excludes host and port", () => {
  assertEquals(parsed("--unix", "/tmp/echo.sock").options.unix, "/tmp/echo.sock");
  for (const other of ["--host=::1", "--port=1"]) {
    assertStringIncludes(refused("--unix", "/tmp/x", other), "exclude each other");
  }
});

Deno.test("ECHO_SERVER: test takes no flags about listening", () => {
  assertEquals(parsed("test", "--log-level", "warn").action, "test");
  assertStringIncludes(refused("test", "--port", "1"), "unexpected flag --port: test takes only");
});

Deno.test("ECHO_SERVER: the help names every flag of the specification", () => {
  const help = renderHelp(ECHO_SERVER, { program: "echo-server" });
  const flags =
    "host port unix idle-timeout write-timeout max-connections overflow drain-timeout " +
    "status-interval stats driver log-level log-format help version";
  for (const name of flags.split(" ")) assertStringIncludes(help, `--${name}`);
});
