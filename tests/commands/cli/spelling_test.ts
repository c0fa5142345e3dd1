import { assertEquals } from "../../support/assert.ts";
import { FERRY, FERRY_SPELLING as spelling } from "./example_table.ts";

Deno.test("Spelling.byName and byLetter find a flag by what is typed", () => {
  assertEquals(spelling.byName("idle-timeout")?.key, "idleTimeout");
  assertEquals(spelling.byLetter("t")?.key, "idleTimeout");
  assertEquals(spelling.byName("idleTimeout"), undefined);
  assertEquals(spelling.byName("constructor"), undefined);
  assertEquals(spelling.byLetter("z"), undefined);
});

Deno.test("Spelling.byNegation finds switches only", () => {
  assertEquals(spelling.byNegation("no-keep-alive")?.key, "keepAlive");
  assertEquals(spelling.byNegation("no-port"), undefined);
  assertEquals(spelling.byNegation("keep-alive"), undefined);
});

Deno.test("Spelling.all keeps the order of the table", () => {
  assertEquals(Array.from(spelling.all(), ({ key }) => key), Object.keys(FERRY.flags));
});

Deno.test("Spelling.unknown suggests the nearest name, negation or letter, dashes included", () => {
  const cases: [string, string][] = [
    ["--prot", "unknown flag --prot; did you mean --port?"],
    ["-port", "unknown flag -port; did you mean --port?"],
    ["--clients", "unknown flag --clients; did you mean --max-clients?"],
    ["--no-keepalive", "unknown flag --no-keepalive; did you mean --no-keep-alive?"],
    ["--hlep", "unknown flag --hlep; did you mean --help?"],
    ["-P", "unknown flag -P; did you mean -p?"],
    ["--purple", "unknown flag --purple; --help lists all"],
    ["-9", "unknown flag -9; --help lists all"],
  ];
  for (const [word, message] of cases) assertEquals(spelling.unknown(word).message, message);
});

Deno.test("Spelling.unknown never gives a hidden flag away", () => {
  assertEquals(spelling.unknown("--choas").message, "unknown flag --choas; --help lists all");
});
