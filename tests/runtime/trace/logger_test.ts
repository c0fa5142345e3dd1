import { LEVELS } from "wakeful/runtime";
import { assertEquals, assertStrictEquals } from "../../support/assert.ts";
import { Traced } from "../../support/traced.ts";

Deno.test("Logger: tells when, how much it matters, who, what, and the fields", () => {
  const { log, recording, clock } = new Traced();
  clock.time = 5;
  for (const level of LEVELS) log[level](`a ${level}`, { n: 1 });
  const expected = LEVELS.map((level) => {
    return { at: 5, level, module: "shop", message: `a ${level}`, fields: { n: 1 }, spans: [] };
  });
  assertEquals(recording.events, expected);
});

Deno.test("Logger: tells only what the filter allows", () => {
  const traced = new Traced("warn");
  for (const level of LEVELS) traced.log[level](level);
  assertEquals(traced.messages, ["error", "warn"]);
  assertEquals(LEVELS.filter((level) => traced.log.enabled(level)), ["error", "warn"]);
});

Deno.test("Logger: makes costly fields only for what somebody wants", () => {
  const traced = new Traced("info");
  let made = 0;
  const fields = () => ({ made: ++made });
  traced.log.debug("hidden", fields);
  traced.log.info("shown", fields);
  assertEquals([made, traced.fields], [1, [{ made: 1 }]]);
});

Deno.test("Logger: speaks for another module under the same filter", () => {
  const { log, recording } = new Traced("error,http=info");
  log.info("hidden");
  log.for("http").info("shown");
  assertEquals(recording.events.map(({ module, fields }) => [module, fields]), [["http", {}]]);
});

Deno.test("Logger: knows the current span, to record what becomes known later", () => {
  const traced = new Traced();
  const { log } = traced;
  const span = log.span("request");
  assertEquals(log.currentSpan(), undefined);
  span.run(() => {
    assertStrictEquals(log.for("users").currentSpan(), span);
    log.currentSpan()?.record({ user: "ann" });
    log.info("known");
  });
  assertEquals(log.currentSpan(), undefined);
  assertEquals(traced.fields, [{ user: "ann" }]);
});
