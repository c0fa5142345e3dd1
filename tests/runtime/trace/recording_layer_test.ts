import { assertEquals, assertStrictEquals } from "../../support/assert.ts";
import { Traced } from "../../support/traced.ts";

Deno.test("RecordingLayer: keeps events with all their fields, and spans from making to close", () => {
  const { log, recording } = new Traced();
  const outer = log.span("outer", { a: 1 });
  const inner = outer.run(() => {
    const inner = log.span("inner", { b: 2 });
    inner.run(() => log.warn("said", { c: 3 }));
    return inner;
  });
  const [event] = recording.events;
  assertEquals([event.fields, event.spans], [{ c: 3, b: 2, a: 1 }, ["outer", "inner"]]);
  assertEquals(recording.spans.map(({ id }) => id), [1, 2]);
  assertStrictEquals(recording.closed[0], inner);
  assertStrictEquals(recording.closed[1], outer);
});
