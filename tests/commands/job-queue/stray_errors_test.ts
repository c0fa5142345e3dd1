import { tellStrayErrors } from "../../../commands/job-queue/stray_errors.ts";
import { assertEquals, assertMatch } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { recordingLogger } from "../echo-server/served.ts";

Deno.test("stray errors: each is one line with its place, while somebody listens", () => {
  const terminal = new FakeTerminal();
  const { log, events } = recordingLogger();
  {
    using _strays = tellStrayErrors({ terminal, log });
    terminal.strayError!(new Error("forgotten"));
    terminal.strayError!("only text");
  }
  assertEquals(terminal.strayError, undefined);
  const told = events.filter(({ level }) => level === "error");
  assertEquals(told.map(({ message }) => message), [
    "nobody caught an error: forgotten",
    "nobody caught an error: only text",
  ]);
  assertMatch(String(told[0].fields.at), /stray_errors_test\.ts:\d+/);
  assertEquals(told[1].fields, {});
});

Deno.test("stray errors: the stack is for those who ask for debug", () => {
  const terminal = new FakeTerminal();
  const { log, events } = recordingLogger("debug");
  using _strays = tellStrayErrors({ terminal, log });
  terminal.strayError!(new Error("forgotten"));
  const [{ message }] = events.filter(({ level }) => level === "debug");
  assertMatch(message, /^Error: forgotten\n {4}at /);
});
