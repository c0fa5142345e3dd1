import { Coroutine } from "wakeful/runtime";
import { dropAll } from "../../../runtime/combine/drop_all.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { failingInCleanup } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";

/** A future that waits and whose cleanup throws. */
function messy(error: Error): Coroutine<void> {
  const future = new Coroutine(failingInCleanup(error));
  handPoll(future).assertPending();
  return future;
}

Deno.test("dropAll: drops each once", () => {
  const gates = [new Gate(), new Gate()];
  dropAll(gates);
  assertEquals(gates.map((gate) => gate.dropped), [1, 1]);
});

Deno.test("dropAll: goes on after an error, and throws the first at the end", () => {
  const last = new Gate();
  const futures = [messy(new RangeError("first")), messy(new TypeError("second")), last];
  assertThrows(() => dropAll(futures), RangeError, "first");
  assertEquals(last.dropped, 1);
});
