import { assertEquals, assertThrows } from "../../../support/assert.ts";
import {
  checkQuery,
  numberIn,
  readCount,
  readName,
} from "../../../../commands/job-queue/api/read_query.ts";
import { Refusal } from "../../../../commands/job-queue/api/refusal.ts";

Deno.test("read query: a number is one in the form in which it would be told", () => {
  assertEquals(["1", "70", "9007199254740991"].map(numberIn), [1, 70, 9_007_199_254_740_991]);
  for (const word of ["", "0", "-1", "1.5", "1e3", "0x10", "07", " 7", "9007199254740992", "x"]) {
    assertEquals(numberIn(word), undefined, word);
  }
});

Deno.test("read query: what is said wrongly is refused, what is not said is not there", () => {
  const query = new URLSearchParams("limit=7&queue=a%20b&type=noop&job=x");
  assertEquals([readCount(query, "limit", 7), readCount(query, "after")], [7, undefined]);
  assertEquals([readName(query, "type"), readName(query, "name")], ["noop", undefined]);
  const refused = (read: () => unknown, message: string) => assertThrows(read, Refusal, message);
  refused(() => readCount(query, "limit", 6), "limit: expected a whole number from 1 to 6");
  refused(() => readCount(query, "job"), "job: expected a whole number from 1 to");
  refused(() => readName(query, "queue"), "queue: expected a name");
});

Deno.test("read query: a parameter that nobody knows is refused, with those that are known", () => {
  checkQuery(new URLSearchParams("limit=7"), ["limit", "after"]);
  const refused = (known: string[], message: string) =>
    assertThrows(() => checkQuery(new URLSearchParams("limit=7&typ=a"), known), Refusal, message);
  refused(["limit", "after"], "there is no query parameter typ; expected limit or after");
  refused([], "there is no query parameter limit; expected none");
});
