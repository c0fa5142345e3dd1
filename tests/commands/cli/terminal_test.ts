import { processTerminal } from "../../../commands/cli/terminal.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { stubbed } from "../../support/stub.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { runDeno } from "../../support/child_process.ts";

Deno.test("processTerminal: results go to stdout, talk to stderr, and exit ends the process", async () => {
  const { code, stdout, stderr } = await runDeno([], "tests/support/terminal_program.ts");
  assertEquals({ code, stdout, stderr }, { code: 7, stdout: "result\n", stderr: "talk\n" });
});

Deno.test("processTerminal: a variable that may not be read counts as unset", async () => {
  const env = { WAKEFUL_ONE: "1", WAKEFUL_TWO: "2" };
  const program = "tests/support/terminal_program.ts";
  const { stdout } = await runDeno(["--allow-env=WAKEFUL_TWO"], program, { env });
  assertEquals(stdout, "result\nWAKEFUL_TWO=2\n");
});

Deno.test("processTerminal: a variable may be read where that is allowed", () => {
  using _get = stubbed(Deno.env, "get", (name: string) => `value of ${name}`);
  assertEquals(processTerminal.variable("WAKEFUL_LOG"), "value of WAKEFUL_LOG");
});

Deno.test("processTerminal: a file that is appended to keeps what is in it", async () => {
  using folder = tempDir();
  const path = folder.path("log");
  for (const line of ["one\n", "two\n"]) {
    const file = processTerminal.append(path);
    file.write(line);
    file.close();
  }
  assertEquals(await Deno.readTextFile(path), "one\ntwo\n");
});

Deno.test("processTerminal: a file that is created holds what is written to it alone", () => {
  using folder = tempDir();
  const path = folder.path("report");
  for (const text of ["a long report\n", "short\n"]) {
    const file = processTerminal.create(path);
    file.write(text);
    file.close();
  }
  assertEquals(new TextDecoder().decode(processTerminal.read(path)), "short\n");
});

Deno.test("processTerminal: nothing is redrawn where stderr is no terminal", async () => {
  const { stdout } = await runDeno([], "tests/support/live_program.ts");
  assertEquals(stdout, "none\n");
});

Deno.test("processTerminal: stray errors are told instead of ending the process, while asked", async () => {
  const { code, stdout, stderr } = await runDeno([], "tests/support/stray_program.ts");
  assertEquals([code, stdout], [1, "Error: rejected\nError: thrown\n"]);
  assert(stderr.includes("unheard") && !stderr.includes("thrown"), stderr);
});

Deno.test("processTerminal: computing uses CPU", () => {
  const before = processTerminal.cpuTime();
  let sum = 0;
  for (let i = 0; i < 20_000_000; i++) sum += Math.sqrt(i);
  assert(sum > 0 && processTerminal.cpuTime() > before);
});
