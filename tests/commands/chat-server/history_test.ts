import { History } from "../../../commands/chat-server/history.ts";
import { assertEquals } from "../../support/assert.ts";

function historyOf(size: number, lines: string): History {
  const history = new History(size);
  for (const line of lines) history.add(line);
  return history;
}

Deno.test("History: keeps the latest lines, oldest first", () => {
  assertEquals(historyOf(3, "abcde").last(3), ["c", "d", "e"]);
  assertEquals(historyOf(3, "ab").last(3), ["a", "b"]);
});

Deno.test("History: gives as many as are asked for and are there", () => {
  const history = historyOf(3, "abcd");
  assertEquals([history.last(0), history.last(2), history.last(99)], [[], ["c", "d"], [
    "b",
    "c",
    "d",
  ]]);
});
