import { spawn, yieldNow } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { Visitors } from "../../../commands/chat-server/visitors.ts";
import { assert, assertEquals, assertFalse } from "../../support/assert.ts";

const LIMITS = { maxClients: 3, maxSilent: 2, maxPerAddress: 0, connectRate: 0 };

Deno.test("Visitors: numbers are never given twice, and seats are counted", () =>
  runTest(function* () {
    const visitors = new Visitors({ ...LIMITS, maxSilent: 0 }, 2);
    for (const seat of [0, 1, 1]) visitors.enter("a", seat);
    assertEquals([visitors.size, visitors.loads, visitors.at(1)], [3, [1, 2], [2, 3]]);
    assert("refusal" in visitors.enter("a"));
    visitors.leave(2);
    visitors.leave(2); // once is enough
    assertEquals(visitors.enter("a", 0), { id: 4 });
    assertEquals([visitors.loads, visitors.seatOf(4), visitors.seatOf(2)], [[2, 1], 0, undefined]);
  }));

Deno.test("Visitors: who has spoken makes room among the silent, once", () =>
  runTest(function* () {
    const visitors = new Visitors(LIMITS);
    visitors.enter("a");
    visitors.enter("a");
    assert("refusal" in visitors.enter("a"));
    visitors.spoke(1);
    visitors.spoke(1);
    visitors.spoke(77); // nobody
    assertEquals(visitors.enter("a"), { id: 3 });
    visitors.leave(1);
    assert("refusal" in visitors.enter("a"));
  }));

Deno.test("Visitors: the last one's going is waited for", () =>
  runTest(function* () {
    const visitors = new Visitors(LIMITS);
    yield* visitors.allGone();
    visitors.enter("a");
    const waiting = spawn(() => visitors.allGone());
    yield* yieldNow();
    assertFalse(waiting.isFinished());
    visitors.leave(1);
    yield* waiting;
  }));
