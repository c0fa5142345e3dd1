import { SimTrace } from "../../../../runtime/reactor/sim/trace.ts";
import { assertEquals, assertMatch } from "../../../support/assert.ts";

type Note = Parameters<SimTrace["note"]>;

function hashOf(...notes: Note[]): string {
  const trace = new SimTrace();
  for (const note of notes) trace.note(...note);
  return trace.hash;
}

Deno.test("SimTrace: the same course has the same hash", () => {
  const course: Note[] = [[0, "start", "a"], [1.5, "bytes", "a", 7]];
  assertEquals(hashOf(...course), hashOf(...course));
  assertMatch(hashOf(...course), /^[0-9a-f]{16}$/);
});

Deno.test("SimTrace: courses that differ anywhere have different hashes", () => {
  const courses: Note[][] = [
    [],
    [[0, "x"]],
    [[0, "x"], [0, "x"]],
    [[1, "x"]],
    [[0.001, "x"]],
    [[2 ** 32, "x"]],
    [[0, "y"]],
    [[0, "x", "y"]],
    [[0, "xy"]],
    [[0, "x", 1]],
    [[0, "x", -1]],
    [[0, "x", 0.5]],
    [[0, "x"], [1, "y"]],
    [[1, "y"], [0, "x"]],
  ];
  assertEquals(new Set(courses.map((course) => hashOf(...course))).size, courses.length);
});

Deno.test("SimTrace: keeps the latest records, oldest first", () => {
  const trace = new SimTrace();
  assertEquals(trace.recent(), []);
  trace.note(0, "first", "there", 1);
  assertEquals(trace.recent(), [{ at: 0, what: "first", details: ["there", 1] }]);
  for (let i = 1; i < 100; i++) trace.note(i, "later");
  assertEquals(trace.recent().map(({ at }) => at), Array.from({ length: 64 }, (_, i) => 36 + i));
  assertEquals(trace.count, 100);
});
