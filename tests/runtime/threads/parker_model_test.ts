import { leaveToken, takeToken } from "../../../runtime/threads/parker.ts";
import type { Memory } from "../../../runtime/threads/memory.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { explore } from "../../support/interleavings.ts";

Deno.test("Parker, all orders: an unpark is never lost, whenever it comes", () => {
  explore({
    words: [0],
    threads: [takeToken, leaveToken],
    check: ([took], [token]) => assertEquals([took, token], [true, 0]),
  });
});

Deno.test("Parker, all orders: two unparks are one token or two parks, never a park for nothing", () => {
  explore({
    words: [0],
    threads: [takeToken, leaveToken, leaveToken],
    check: ([took]) => assertEquals(took, true),
  });
});

Deno.test("Parker, all orders: what was written before the unpark is seen after the park", () => {
  explore({
    words: [0, 0],
    threads: [
      (memory) => takeToken(memory) && memory.load(1),
      (memory) => (memory.store(1, 42), leaveToken(memory)),
    ],
    check: ([seen]) => assertEquals(seen, 42),
  });
});

Deno.test("Parker, all orders: a planted bug, waking before leaving the token, is found", () => {
  const hasty = (memory: Memory) => {
    memory.notify(0);
    memory.store(0, 1);
  };
  const model = { words: [0], threads: [takeToken, hasty], check() {} };
  assertThrows(() => explore(model), Error, "asleep for ever");
});
