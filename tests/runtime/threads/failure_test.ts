import { Closed, Full, RemoteError } from "wakeful/runtime";
import { describeFailure, reviveFailure } from "../../../runtime/threads/failure.ts";
import { assert, assertEquals, assertInstanceOf } from "../../support/assert.ts";

const across = (thrown: unknown) => reviveFailure(structuredClone(describeFailure(thrown)));

Deno.test("failure: an error of the language or of the runtime comes back in its class", () => {
  assertInstanceOf(across(new RangeError("far")), RangeError);
  const closed = across(new Closed("the shop"));
  assertInstanceOf(closed, Closed);
  assertEquals([closed.name, closed.code], ["Closed", "CLOSED"]);
});

Deno.test("failure: plain data of an error comes along, other data does not", () => {
  assertEquals((across(new Full("it", 7)) as Full).value, 7);
  assertEquals((across(new Full("it", { a: 1 })) as Full).value, undefined);
});

Deno.test("failure: an unknown error keeps name and code, and the stack over there is its cause", () => {
  const odd = across(Object.assign(new Error("m"), { name: "Odd", code: "E1" }));
  assertInstanceOf(odd, RemoteError);
  assertEquals([odd.name, odd.message, odd.code], ["Odd", "m", "E1"]);
  assert((odd.cause as Error).stack!.includes("failure_test.ts"));
});

Deno.test("failure: what is no error is told in words", () => {
  assertEquals(across("no").message, "threw no, which is no error");
});
