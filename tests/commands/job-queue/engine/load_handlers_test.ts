import { assertEquals, assertThrows } from "../../../support/assert.ts";
import { handlersIn } from "../../../../commands/job-queue/engine/load_handlers.ts";

Deno.test("load handlers: functions by their names, and those of the default object", () => {
  const crunch = Object.assign(() => 1, { blocking: true });
  const exports = { send: () => 1, crunch, LIMIT: 7, default: { "image.resize": () => 2 } };
  const handlers = handlersIn(exports, "file:///h.js");
  assertEquals([...handlers.keys()], ["send", "crunch", "image.resize"]);
  assertEquals(handlers.get("send")?.where, "here");
  assertEquals(handlers.get("crunch"), { where: "pool", module: "file:///h.js", name: "crunch" });
});

Deno.test("load handlers: a module without any is an error", () => {
  assertThrows(
    () => handlersIn({ LIMIT: 7 }, "file:///h.js"),
    TypeError,
    "a function for each type",
  );
  assertThrows(() => handlersIn({ default: { "a b": () => 1 } }, "x"), TypeError, "a b");
});
