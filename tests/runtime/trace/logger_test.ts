import { Filter, LEVELS, Logger, type TraceEvent } from "wakeful/runtime";
import { assertEquals } from "../../support/assert.ts";

/** A logger at a filter, and what it told. */
function logger(filter: string) {
  const told: TraceEvent[] = [];
  const log = new Logger("net", {
    filter: Filter.parse(filter),
    sink: (event) => void told.push(event),
    wallClock: () => 5,
  });
  return { log, told };
}

Deno.test("Logger: tells the sink when, how much it matters, who, what, and the fields", () => {
  const { log, told } = logger("trace");
  for (const level of LEVELS) log[level](`a ${level}`, { n: 1 });
  const expected = LEVELS.map((level) => {
    return { at: 5, level, module: "net", message: `a ${level}`, fields: { n: 1 } };
  });
  assertEquals(told, expected);
});

Deno.test("Logger: tells only what the filter allows", () => {
  const { log, told } = logger("warn");
  for (const level of LEVELS) log[level](level);
  assertEquals(told.map(({ message }) => message), ["error", "warn"]);
});

Deno.test("Logger: makes costly fields only for what is shown", () => {
  const { log, told } = logger("info");
  let made = 0;
  const fields = () => ({ made: ++made });
  log.debug("hidden", fields);
  log.info("shown", fields);
  assertEquals([made, told[0].fields], [1, { made: 1 }]);
});

Deno.test("Logger: speaks for another module under the same filter", () => {
  const { log, told } = logger("error,http=info");
  log.info("hidden");
  log.for("http").info("shown");
  assertEquals(told.map(({ module, fields }) => [module, fields]), [["http", {}]]);
});
