import { messageOf, placeOf } from "../../../../commands/job-queue/engine/error_text.ts";
import { Snooze } from "../../../../commands/job-queue/engine/handler.ts";
import { assertEquals, assertMatch, assertThrows } from "../../../support/assert.ts";

Deno.test("error text: what an error says, and what is thrown in its place", () => {
  assertEquals([messageOf(new TypeError("no")), messageOf("no"), messageOf(3)], ["no", "no", "3"]);
});

Deno.test("error text: the place is that of the caller where our own code has thrown", () => {
  const error = assertThrows(() => new Snooze("soon"));
  assertMatch(String(placeOf(error)), /error_text_test\.ts:\d+:\d+/);
});

Deno.test("error text: the platform has no place; where all is our own, the innermost has", () => {
  const error = assertThrows(() => JSON.parse("{"));
  assertMatch(String(placeOf(error)), /error_text_test\.ts/);
  const own = new Error("own");
  own.stack = [
    "Error: own",
    "at Array.map (<anonymous>)",
    `at inner (${new URL("../../../../net/tcp.ts:1:2", import.meta.url)})`,
    `at outer (${new URL("../../../../commands/menu.ts:3:4", import.meta.url)})`,
  ].join("\n    ");
  assertMatch(String(placeOf(own)), /^inner \(.*net\/tcp\.ts:1:2\)$/);
  assertEquals([placeOf("text"), placeOf({ stack: 5 })], [undefined, undefined]);
});
