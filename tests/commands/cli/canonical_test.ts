import { canonical } from "../../../commands/cli/canonical.ts";
import { UsageError } from "../../../commands/cli/errors.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { FERRY_SPELLING } from "./example_table.ts";

function rewritten(line: string): string {
  return canonical(line.split(" "), FERRY_SPELLING).join(" ");
}

function refused(line: string): string {
  return assertThrows(() => rewritten(line), UsageError).message;
}

Deno.test("canonical joins a flag with its value, however it was written", () => {
  for (const line of ["--port 80", "--port=80", "-p 80", "-p80", "-p=80"]) {
    assertEquals(rewritten(line), "--port=80", line);
  }
  assertEquals(rewritten("-t10s"), "--idle-timeout=10s");
  assertEquals(rewritten("--host=a=b"), "--host=a=b");
  assertEquals(canonical(["--host", ""], FERRY_SPELLING), ["--host="]);
});

Deno.test("canonical turns switches into words and never lets one swallow an argument", () => {
  assertEquals(rewritten("--stats true"), "--stats=true true");
  assertEquals(rewritten("--no-stats"), "--stats=false");
  assertEquals(rewritten("--stats=off"), "--stats=off");
  assertEquals(rewritten("-s=off"), "--stats=off");
});

Deno.test("canonical takes bundled letters apart; the first with a value takes the rest", () => {
  assertEquals(rewritten("-skp80"), "--stats=true --keep-alive=true --port=80");
  assertEquals(rewritten("-sp 80"), "--stats=true --port=80");
});

Deno.test("canonical leaves a lone dash, arguments and all after -- alone", () => {
  assertEquals(rewritten("- test --stats -- --port -p --"), "- test --stats=true -- --port -p --");
});

Deno.test("canonical takes a negative number for a value, not for a flag", () => {
  assertEquals(rewritten("--port -1"), "--port=-1");
  assertEquals(rewritten("--host -"), "--host=-");
});

Deno.test("canonical refuses a flag without its value", () => {
  const needs = "--port needs a value: expected a port from 0 to 65535";
  const hint = " (a value that starts with a dash: --port=VALUE)";
  assertEquals(refused("--port"), needs);
  assertEquals(refused("-sp"), needs);
  assertEquals(refused("--port --host x"), needs + hint);
  assertEquals(refused("--port -n 5"), needs + hint);
  assertEquals(refused("--port --"), needs + hint);
});

Deno.test("canonical refuses unknown flags and names what was typed", () => {
  assertEquals(refused("--prot=80"), "unknown flag --prot; did you mean --port?");
  assertEquals(refused("-sz"), "unknown flag -z; --help lists all");
  assertEquals(refused("-z=1"), "unknown flag -z; --help lists all");
  assertEquals(refused("--=x"), "unknown flag --=x; --help lists all");
  assertEquals(refused("--__proto__=x"), "unknown flag --__proto__; --help lists all");
});

Deno.test("canonical takes a long name behind one dash for the mistake it is", () => {
  assertEquals(refused("-port 80"), "unknown flag -port; did you mean --port?");
});

Deno.test("canonical refuses a value for --no-…", () => {
  assertEquals(
    refused("--no-stats=1"),
    "--no-stats takes no value: expected --no-stats or --stats",
  );
});
