import { Filter, type Level } from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";

const EXAMPLES: [string, Level, string, boolean][] = [
  ["warn", "warn", "net", true],
  ["warn", "info", "net", false],
  ["", "info", "net", true],
  ["", "debug", "net", false],
  ["warn,runtime=trace", "trace", "runtime", true],
  ["warn,runtime=trace", "info", "net", false],
  ["runtime=error", "warn", "runtime", false],
  ["runtime=error", "info", "net", true],
  ["debug,warn", "info", "net", false],
  ["net=debug,net=error", "info", "net", false],
  [" warn , net=debug ,", "debug", "net", true],
];

for (const [text, level, module, allowed] of EXAMPLES) {
  Deno.test(`Filter: "${text}" ${allowed ? "shows" : "hides"} ${level} of ${module}`, () => {
    assertEquals(Filter.parse(text).allows(level, module), allowed);
  });
}

for (const word of ["loud", "=info", "net=", "net=loud", "net=info=x"]) {
  Deno.test(`Filter: "${word}" is refused with what could be said`, () => {
    assertThrows(() => Filter.parse(`info,${word}`), SyntaxError, `"${word}" is neither`);
  });
}

Deno.test("Filter: what counts where the text has no bare level can be given", () => {
  assertEquals(Filter.parse("net=debug", "error").allows("warn", "runtime"), false);
  assertEquals(Filter.parse("info", "error").allows("info", "runtime"), true);
});

Deno.test("Filter: withLeast keeps the exceptions", () => {
  const filter = Filter.parse("warn,net=debug").withLeast("error");
  assertEquals([filter.allows("warn", "runtime"), filter.allows("debug", "net")], [false, true]);
});
