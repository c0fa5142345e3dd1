import { UsageError } from "../../../commands/cli/errors.ts";
import {
  makeLogger,
  SHARED_FLAGS,
  type SharedOptions,
} from "../../../commands/cli/shared_flags.ts";
import { assertEquals, assertMatch, assertThrows } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";

/** What comes out when every level speaks, in the tool's module and in the runtime's. */
function heard(options: Partial<SharedOptions>, variable?: string): string[] {
  const terminal = new FakeTerminal(variable === undefined ? {} : { WAKEFUL_LOG: variable });
  const log = makeLogger("ferry", { driver: "deno", logFormat: "json", ...options }, terminal);
  for (const speaker of [log, log.for("runtime")]) {
    for (const level of ["error", "warn", "info", "debug", "trace"] as const) speaker[level](level);
  }
  return terminal.stderr.map((line) => {
    const { module, level } = JSON.parse(line);
    return `${module} ${level}`;
  });
}

Deno.test("makeLogger: tells info and above unless asked otherwise", () => {
  const [upToInfo, upToWarn] = [["error", "warn", "info"], ["error", "warn"]];
  const both = (levels: string[]) =>
    ["ferry", "runtime"].flatMap((module) => levels.map((level) => `${module} ${level}`));
  assertEquals(heard({}), both(upToInfo));
  assertEquals(heard({ logLevel: "warn" }), both(upToWarn));
  assertEquals(heard({}, "warn"), both(upToWarn));
  assertEquals(heard({ logLevel: "error" }, "trace"), both(["error"]));
});

Deno.test("makeLogger: the variable sets levels by module, and the flag leaves those alone", () => {
  const expected = ["ferry error", "runtime error", "runtime warn"];
  assertEquals(heard({}, "error,runtime=warn"), expected);
  assertEquals(heard({ logLevel: "error" }, "runtime=warn"), expected);
});

Deno.test("makeLogger: a variable that cannot be understood is named", () => {
  const { message } = assertThrows(() => heard({}, "runtime=loud"), UsageError);
  assertMatch(message, /^WAKEFUL_LOG: "runtime=loud" is neither MODULE=LEVEL nor one of error/);
});

Deno.test("makeLogger: lines are for people, or JSON", () => {
  const lines = (["pretty", "json"] as const).map((logFormat) => {
    const terminal = new FakeTerminal();
    makeLogger("ferry", { driver: "deno", logFormat }, terminal).info("sailed", { knots: 7 });
    return terminal.stderr[0];
  });
  assertMatch(lines[0], /^\d\d:\d\d:\d\d\.\d{3} INFO +ferry: sailed knots=7$/);
  assertEquals(JSON.parse(lines[1]).knots, 7);
});

Deno.test("SHARED_FLAGS: the names of the specification, with defaults that need no permission", () => {
  assertEquals(Object.keys(SHARED_FLAGS), ["driver", "logLevel", "logFormat"]);
  assertEquals(SHARED_FLAGS.driver.default, "deno");
});
