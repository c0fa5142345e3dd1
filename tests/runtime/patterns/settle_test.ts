import { Coroutine, ready } from "wakeful/runtime";
import { settle } from "../../../runtime/patterns/settle.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";

const settled = <T>(answer: Parameters<typeof settle<T>>[0]) =>
  handPoll(new Coroutine(settle<T>(answer)));

Deno.test("settle: a value is its own answer, also one that can be iterated over", () => {
  settled(1).assertReady(1);
  settled("ab").assertReady("ab");
  settled<undefined>(undefined).assertReady(undefined);
  settled([1, 2]).assertReady([1, 2]);
});

Deno.test("settle: futures and coroutines are waited for", () => {
  settled(ready(1)).assertReady(1);
  settled<number>(function* () {
    return 2;
  }()).assertReady(2);
  const gate = new Gate<number>();
  const waits = settled(gate);
  waits.assertPending();
  gate.open(3);
  waits.assertReady(3);
});

Deno.test("settle: dropping the wait drops what is waited for", () => {
  const gate = new Gate();
  const waits = settled<void>(gate);
  waits.assertPending();
  waits.drop();
  assertEquals(gate.dropped, 1);
});

Deno.test("settle: a promise is refused", () => {
  assertThrows(() => settled(Promise.resolve(1)).poll(), TypeError, "fromPromise(promise)");
});
