import { allFields, type Fields, type TraceEvent } from "wakeful/runtime";
import { assertEquals, assertStrictEquals } from "../../support/assert.ts";
import { Traced } from "../../support/traced.ts";

function event(fields: Fields): TraceEvent {
  return { at: 0, level: "info", module: "shop", message: "said", fields };
}

/** Spans with these fields, each inside the one before. */
function nested(...fields: Fields[]) {
  const { log, tracer } = new Traced();
  const into = (depth: number): ReturnType<typeof tracer.spans> =>
    depth === fields.length
      ? tracer.spans()
      : log.span(`${depth}`, fields[depth]).run(() => into(depth + 1));
  return into(0);
}

Deno.test("allFields: its own first, then those of the spans, the innermost first", () => {
  const all = allFields(event({ own: 1 }), nested({ outer: 3 }, { inner: 2 }));
  assertEquals(Object.entries(all), [["own", 1], ["inner", 2], ["outer", 3]]);
});

Deno.test("allFields: of one name the innermost counts, undefined included", () => {
  const spans = nested({ id: 1, user: "ann" }, { id: 2, toString: "named like a method" });
  assertEquals(allFields(event({ user: undefined }), spans), {
    user: undefined,
    id: 2,
    toString: "named like a method",
  } as Fields);
});

Deno.test("allFields: outside all spans they are the event's own", () => {
  const alone = event({ own: 1 });
  assertStrictEquals(allFields(alone, []), alone.fields);
});
