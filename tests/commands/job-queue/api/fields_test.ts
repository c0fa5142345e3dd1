import { assertEquals, assertThrows } from "../../../support/assert.ts";
import { Fields } from "../../../../commands/job-queue/api/fields.ts";
import { Refusal } from "../../../../commands/job-queue/api/refusal.ts";

function refused(take: () => unknown, message: string): void {
  assertThrows(take, Refusal, message);
}

Deno.test("fields: durations and moments come in two forms, as milliseconds", () => {
  const fields = new Fields({ a: "1.5s", b: 20, c: "2030-01-01T00:00:00Z", d: 5.4 }, "it");
  assertEquals([fields.duration("a"), fields.duration("b"), fields.duration("x")], [
    1_500,
    20,
    undefined,
  ]);
  assertEquals([fields.moment("c"), fields.moment("d")], [1_893_456_000_000, 5]);
  fields.end();
});

Deno.test("fields: a wrong value is told with what was expected, where, and what came", () => {
  const of = (value: unknown) => new Fields({ f: value }, "job 2");
  refused(() => of("10").duration("f"), "job 2: f: expected a duration such as");
  refused(() => of(-1).duration("f"), "got -1");
  refused(() => of("soon").moment("f"), "job 2: f: expected a date such as");
  refused(() => of(1.5).whole("f", 0, 3), "job 2: f: expected a whole number from 0 to 3, got 1.5");
  refused(() => of(4).whole("f", 0, 3), "got 4");
  refused(() => of("a b").name("f"), 'got "a b"');
  refused(() => of(["a", 7]).names("f"), "at most");
  refused(() => of("yes").flag("f"), "expected true or false");
  refused(() => of(7).text("f"), "expected a text");
  refused(() => of("").key("f"), "characters that can be seen");
});

Deno.test("fields: what nobody has taken is not silently ignored", () => {
  const fields = new Fields({ known: 1, unknown: 2 }, "it");
  for (const name of ["known", "other"]) fields.take(name);
  assertEquals(fields.rest(), { unknown: 2 });
  refused(() => fields.end(), "it: there is no field unknown; expected known or other");
  for (const value of [null, [], 7, "x"]) {
    refused(() => new Fields(value, "it"), "expected an object");
  }
});

Deno.test("fields: names of JavaScript's own are names as any other", () => {
  const fields = new Fields(JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}'), "it");
  assertEquals(fields.take("toString"), undefined);
  assertEquals(fields.take("constructor"), 2);
  assertEquals(fields.take("__proto__"), { a: 1 });
});
