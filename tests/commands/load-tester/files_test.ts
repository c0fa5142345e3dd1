import { RuntimeFailure } from "../../../commands/cli/errors.ts";
import {
  assertWritable,
  createFile,
  readFile,
  readText,
} from "../../../commands/load-tester/files.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";

Deno.test("files: what a flag names is read as bytes or as text", () => {
  const terminal = new FakeTerminal();
  terminal.files.set("x", "é");
  assertEquals(readFile("--x", "x", terminal), new Uint8Array([0xc3, 0xa9]));
  assertEquals(readText("--x", "x", terminal), "é");
});

Deno.test("files: what cannot be read or written is one line, with flag and path", () => {
  const terminal = new FakeTerminal();
  terminal.create = () => {
    throw new Error("Permission denied");
  };
  const lines: [() => unknown, string][] = [
    [
      () => readFile("--body-file", "no", terminal),
      "--body-file: cannot read no: No such file: no",
    ],
    [() => createFile("--csv", "/x", terminal), "--csv: cannot write /x: Permission denied"],
  ];
  for (const [act, message] of lines) {
    assertEquals(assertThrows(act, RuntimeFailure).message, message);
  }
});

Deno.test("assertWritable: leaves what a file holds, and tells when it cannot be written", () => {
  const terminal = new FakeTerminal();
  terminal.files.set("page.html", "an earlier page");
  assertWritable("--html", "page.html", terminal);
  assertEquals(terminal.files.get("page.html"), "an earlier page");
  terminal.append = () => {
    throw new Error("Permission denied");
  };
  const failure = assertThrows(
    () => assertWritable("--html", "/root/page.html", terminal),
    RuntimeFailure,
  );
  assertEquals(failure.message, "--html: cannot write /root/page.html: Permission denied");
});
