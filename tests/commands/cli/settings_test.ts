import { command } from "../../../commands/cli/command.ts";
import { flag } from "../../../commands/cli/flag.ts";
import { port } from "../../../commands/cli/kind.ts";
import { Spelling } from "../../../commands/cli/spelling.ts";
import { UsageError } from "../../../commands/cli/errors.ts";
import {
  type Layer,
  readCommandLine,
  readEnvironment,
  settleConflicts,
} from "../../../commands/cli/settings.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { FERRY, FERRY_SPELLING, variables } from "./example_table.ts";

const EMPTY: Layer = new Map();

function fromLine(action: string, ...given: [name: string, ...words: string[]][]): Layer {
  const flags = given.map(([name, ...words]) => [FERRY_SPELLING.byName(name)!, words] as const);
  return readCommandLine(FERRY, action, flags);
}

function fromVariables(values: Record<string, string>, line = EMPTY, action = "run"): Layer {
  return readEnvironment(FERRY, action, FERRY_SPELLING, variables(values), line);
}

function refused(work: () => unknown): string {
  return assertThrows(work, UsageError).message;
}

Deno.test("readCommandLine reads each flag by its kind", () => {
  const layer = fromLine("run", ["port", "80"], ["idle-timeout", "2m"], ["stats", "true"]);
  assertEquals([...layer], [["port", 80], ["idleTimeout", 120_000], ["stats", true]]);
});

Deno.test("readCommandLine gathers a repeatable flag and refuses any other given twice", () => {
  assertEquals(fromLine("run", ["tag", "a", "b"]).get("tag"), ["a", "b"]);
  assertEquals(
    refused(() => fromLine("run", ["port", "80", "80"])),
    "--port given 2 times: expected at most once",
  );
});

Deno.test("readCommandLine names flag, value and what was expected", () => {
  assertEquals(
    refused(() => fromLine("run", ["port", "99999"])),
    "--port 99999: expected a port from 0 to 65535",
  );
});

Deno.test("readCommandLine refuses a flag that the action does not take", () => {
  assertEquals(
    refused(() => fromLine("check", ["port", "80"])),
    "unexpected flag --port: check takes no flags",
  );
});

Deno.test("readEnvironment reads variables by their flag's kind and names them when they are bad", () => {
  assertEquals([...fromVariables({ WAKEFUL_FERRY_SERVER_MAX_CLIENTS: "5" })], [["maxClients", 5]]);
  assertEquals([...fromVariables({ WAKEFUL_FERRY_SERVER_STATS: "yes" })], [["stats", true]]);
  assertEquals([...fromVariables({ WAKEFUL_FERRY_SERVER_TAG: "a,b" })], [["tag", ["a,b"]]]);
  assertEquals(
    refused(() => fromVariables({ WAKEFUL_FERRY_SERVER_IDLE_TIMEOUT: "10" })),
    "WAKEFUL_FERRY_SERVER_IDLE_TIMEOUT=10: expected a duration with its unit, such as 10s, or off",
  );
});

Deno.test("readEnvironment reads a flag's shared variable where its own is not set, and names it", () => {
  const table = command({
    name: "ferry",
    purpose: "carries bytes",
    flags: { port: flag(port(), { about: "where", sharedVariable: "WAKEFUL_PORT" }) },
  });
  const read = (values: Record<string, string>) =>
    readEnvironment(table, "run", new Spelling(table.flags), variables(values), EMPTY).get("port");
  assertEquals(read({ WAKEFUL_PORT: "7" }), 7);
  assertEquals(read({ WAKEFUL_PORT: "nonsense", WAKEFUL_FERRY_PORT: "8" }), 8);
  assertEquals(
    refused(() => read({ WAKEFUL_PORT: "nonsense" })),
    "WAKEFUL_PORT=nonsense: expected a port from 0 to 65535",
  );
});

Deno.test("readEnvironment does not look at what the command line has set", () => {
  const line: Layer = new Map([["port", 80]]);
  assertEquals([...fromVariables({ WAKEFUL_FERRY_SERVER_PORT: "nonsense" }, line)], []);
});

Deno.test("readEnvironment skips empty variables, flags closed to it, and those of other actions", () => {
  assertEquals([...fromVariables({ WAKEFUL_FERRY_SERVER_PORT: "" })], []);
  assertEquals([...fromVariables({ WAKEFUL_FERRY_SERVER_TOKEN: "abc" })], []);
  assertEquals([...fromVariables({ WAKEFUL_FERRY_SERVER_PORT: "x" }, EMPTY, "test")], []);
});

Deno.test("settleConflicts refuses two flags, or two variables, that exclude each other", () => {
  const both: Layer = new Map<string, unknown>([["unix", "/s"], ["port", 80]]);
  assertEquals(
    refused(() => settleConflicts(FERRY, both, new Map())),
    "--unix and --port exclude each other: expected only one of them",
  );
  assertEquals(
    refused(() => settleConflicts(FERRY, new Map(), both)),
    "WAKEFUL_FERRY_SERVER_UNIX and WAKEFUL_FERRY_SERVER_PORT exclude each other: " +
      "expected only one of them",
  );
});

Deno.test("settleConflicts lets a flag silence the variables it excludes, either way round", () => {
  const environment: Layer = new Map<string, unknown>([["port", 80], ["host", "::"], ["tag", []]]);
  settleConflicts(FERRY, new Map([["unix", "/s"]]), environment);
  assertEquals([...environment.keys()], ["tag"]);
  const unixOnly: Layer = new Map([["unix", "/s"]]);
  settleConflicts(FERRY, new Map([["port", 80]]), unixOnly);
  assertEquals([...unixOnly.keys()], []);
});
