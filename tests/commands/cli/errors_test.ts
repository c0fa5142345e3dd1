import {
  CommandError,
  COMMON_EXIT_CODES,
  EXIT_FAILURE,
  EXIT_INTERRUPTED,
  EXIT_OK,
  EXIT_USAGE,
  RuntimeFailure,
  UsageError,
} from "../../../commands/cli/errors.ts";
import { assertEquals, assertInstanceOf, assertStrictEquals } from "../../support/assert.ts";

Deno.test("UsageError asks for exit code 2 and RuntimeFailure for 1", () => {
  assertEquals(new UsageError("unknown flag --x").exitCode, EXIT_USAGE);
  assertEquals(new RuntimeFailure("port 80 is taken").exitCode, EXIT_FAILURE);
  assertEquals([EXIT_OK, EXIT_FAILURE, EXIT_USAGE, EXIT_INTERRUPTED], [0, 1, 2, 130]);
});

Deno.test("CommandError is what both errors are, each under its own name", () => {
  for (const error of [new UsageError("a"), new RuntimeFailure("b")]) {
    assertInstanceOf(error, CommandError);
    assertInstanceOf(error, Error);
  }
  assertEquals(new UsageError("a").name, "UsageError");
  assertEquals(new RuntimeFailure("b").name, "RuntimeFailure");
});

Deno.test("CommandError keeps its message on one line and the original error as cause", () => {
  const cause = new Error("cannot open\r\n  the file\nbecause of reasons");
  const failure = new RuntimeFailure(cause.message, { cause });
  assertEquals(failure.message, "cannot open the file because of reasons");
  assertStrictEquals(failure.cause, cause);
});

Deno.test("COMMON_EXIT_CODES explains every shared code", () => {
  assertEquals(Object.keys(COMMON_EXIT_CODES), ["0", "1", "2", "130"]);
});
