import { blockOn, ready, sleep } from "wakeful/runtime";
import { answered, waits } from "../../../runtime/threads/answered.ts";
import { assertEquals, assertRejects } from "../../support/assert.ts";

function* slow(word: string) {
  yield* sleep(1);
  return word;
}

Deno.test("answered: values at once, coroutines, futures and promises once they are there", async () => {
  const answers = [7, undefined, slow("co"), ready("future"), Promise.resolve("promise")];
  assertEquals(answers.map(waits), [false, false, true, true, true]);
  await blockOn(function* () {
    const values: unknown[] = [];
    for (const answer of answers) values.push(yield* answered(answer));
    assertEquals(values, [7, undefined, "co", "future", "promise"]);
  });
});

Deno.test("answered: what a promise is rejected with is thrown", async () => {
  const refused = () => blockOn(() => answered(Promise.reject(new RangeError("too far"))));
  await assertRejects(refused, RangeError, "too far");
});
