import fc from "../../support/fast_check.ts";
import { command } from "../../../commands/cli/command.ts";
import { UsageError } from "../../../commands/cli/errors.ts";
import { longName, type Options } from "../../../commands/cli/flag.ts";
import { parse } from "../../../commands/cli/parse.ts";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { FERRY, NO_VARIABLES, variables } from "./example_table.ts";

function invoked(line: string, environment: Record<string, string> = {}) {
  const parsed = parse(FERRY, line.split(" ").filter(Boolean), variables(environment));
  assert(parsed.action !== "help" && parsed.action !== "version");
  return parsed;
}

function refused(line: string): string {
  return assertThrows(() => invoked(line), UsageError).message;
}

Deno.test("parse fills every option from its default when nothing is given", () => {
  const { action, options, rest, sources } = invoked("");
  assertEquals(action, "run");
  assertEquals(rest, []);
  assertEquals(options, {
    host: "127.0.0.1",
    port: 8080,
    unix: undefined,
    maxClients: 10_000,
    idleTimeout: 10_000,
    buffer: 65_536,
    overflow: "wait",
    stats: false,
    keepAlive: true,
    tag: [],
    driver: "deno",
    token: undefined,
    chaos: false,
  });
  assertEquals(new Set(Object.values(sources)), new Set(["default"]));
});

Deno.test("parse yields options whose types follow from the table", () => {
  const options: {
    readonly host: string;
    readonly port: number;
    readonly unix: string | undefined;
    readonly overflow: "wait" | "refuse";
    readonly stats: boolean;
    readonly tag: readonly string[];
  } = invoked("").options;
  const action: "run" | "test" | "check" = invoked("test").action;
  // @ts-expect-error a port is no text
  const wrong: Options<typeof FERRY.flags>["port"] = "8080";
  assertEquals([options.port, action, wrong], [8080, "test", "8080"]);
});

Deno.test("parse reads flags on either side of the action and mixes long and short", () => {
  const { action, options } = invoked(
    "--port 0 run -n5 -s --no-keep-alive --tag a --tag=b --buffer 1m",
  );
  assertEquals(action, "run");
  assertEquals([options.port, options.maxClients, options.stats], [0, 5, true]);
  assertEquals([options.keepAlive, options.tag, options.buffer], [false, ["a", "b"], 1_048_576]);
});

Deno.test("parse counts short and long form as the same flag", () => {
  assertEquals(refused("--port 1 -p 2"), "--port given 2 times: expected at most once");
});

Deno.test("parse recognises help and version anywhere before validating anything", () => {
  for (const line of ["--help", "-h", "--prot 1 -h", "nonsense --help", "--port --help", "-skh"]) {
    assertEquals(parse(FERRY, line.split(" "), NO_VARIABLES), { action: "help" }, line);
  }
  assertEquals(parse(FERRY, ["--port", "x", "--version"], NO_VARIABLES), { action: "version" });
  assertEquals(parse(FERRY, ["--version", "--help"], NO_VARIABLES), { action: "version" });
  const about = { action: "help", about: "test" } as const;
  assertEquals(parse(FERRY, ["test", "--prot", "-h"], NO_VARIABLES), about);
  assertEquals(parse(FERRY, ["--host", "test", "-h"], NO_VARIABLES), { action: "help" });
});

Deno.test("parse does not take for help what stands after -- or is the text of a flag", () => {
  assertEquals(refused("-- --help"), "unexpected argument --help: run takes no arguments");
  assertEquals(refused("-ph"), "--port h: expected a port from 0 to 65535");
  assertEquals(invoked("--host=--help").options.host, "--help");
});

Deno.test("parse lets the command line win over the environment, and that over the default", () => {
  const environment = { WAKEFUL_FERRY_SERVER_PORT: "1", WAKEFUL_FERRY_SERVER_BUFFER: "2k" };
  const { options, sources } = invoked("--port 3", environment);
  assertEquals([options.port, options.buffer, options.maxClients], [3, 2048, 10_000]);
  assertEquals(
    [sources.port, sources.buffer, sources.maxClients],
    ["command line", "environment", "default"],
  );
});

Deno.test("parse settles conflicts between the command line and the environment", () => {
  const { options, sources } = invoked("--unix /s", { WAKEFUL_FERRY_SERVER_PORT: "1" });
  assertEquals([options.unix, options.port, sources.port], ["/s", 8080, "default"]);
  assertEquals(
    refused("--unix /s --port 1"),
    "--unix and --port exclude each other: expected only one of them",
  );
});

Deno.test("parse answers a negative value as a bad value, not as an unknown flag", () => {
  assertEquals(refused("--port -1"), "--port -1: expected a port from 0 to 65535");
});

Deno.test("parse does not let a switch take the word that follows it", () => {
  const { action, options } = invoked("--stats run");
  assertEquals([action, options.stats], ["run", true]);
  assertEquals(
    refused("--stats true"),
    "unexpected argument true: expected run, test or check",
  );
});

Deno.test("parse hands arguments on as text, whatever they look like", () => {
  const loader = command({
    name: "loader",
    purpose: "loads",
    flags: {},
    args: { placeholder: "URL", max: 9 },
  });
  const parsed = parse(loader, ["007", "", "-", "true", "--", "--x", "1e3"], NO_VARIABLES);
  assert(parsed.action === "run");
  assertEquals(parsed.rest, ["007", "", "-", "true", "--x", "1e3"]);
});

const spelledFlag = fc.constantFrom(
  ...Object.keys(FERRY.flags).map((key) => `--${key}`),
  ...["--idle-timeout", "--max-clients", "--no-stats", "--stats", "--stats=", "-p", "-n", "-s"],
  ...["-sk", "-sp1", "-h", "--help", "--", "-", "---", "-=", "--=", "--constructor", "--__proto__"],
);
const anyWord = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string().map((text) => `--${text}`),
  fc.string().map((text) => `-${text}`),
  fc.string().map((text) => `--port=${text}`),
  fc.constantFrom("run", "test", "check", "0", "-1", "10s", "64k", "true", "refsue", "a.b"),
  spelledFlag,
);

Deno.test("parse throws nothing but one-line usage errors, whatever the command line", () => {
  fc.assert(
    fc.property(fc.array(anyWord, { maxLength: 6 }), fc.option(anyWord), (argv, variable) => {
      try {
        parse(FERRY, argv, () => variable ?? undefined);
      } catch (error) {
        assert(error instanceof UsageError, String(error));
        assertFalse(/[\p{Cc}\u2028\u2029]/u.test(error.message), error.message);
      }
    }),
    { numRuns: 3000 },
  );
});

Deno.test("parse reads back what the kinds show", () => {
  const given = fc.record({
    port: fc.nat(65_535),
    maxClients: fc.integer({ min: 1 }),
    idleTimeout: fc.nat(),
    buffer: fc.nat(),
    overflow: fc.constantFrom("wait", "refuse"),
    host: fc.string({ minLength: 1, unit: "binary" }),
  });
  fc.assert(fc.property(given, (values) => {
    const argv = Object.entries(values).map(([key, value]) => {
      const { kind } = FERRY.flags[key as keyof typeof values];
      return `--${longName(key)}=${(kind.show as (value: unknown) => string)(value)}`;
    });
    const parsed = parse(FERRY, argv, NO_VARIABLES);
    assert(parsed.action === "run");
    assertEquals({ ...parsed.options, ...values }, parsed.options);
  }));
});
