import { Gate, type GateLimits } from "../../../commands/chat-server/gate.ts";
import { assertEquals, assertMatch } from "../../support/assert.ts";

const OPEN: GateLimits = { maxClients: 0, maxSilent: 0, maxPerAddress: 0, connectRate: 0 };

function gate(limits: Partial<GateLimits>) {
  return new Gate({ ...OPEN, ...limits });
}

/** How many of `count` who come at once are let in. */
function letIn(gate: Gate, count: number, address = "10.0.0.1", now = 0): number {
  return Array.from({ length: count }, () => gate.enter(address, now))
    .filter((refusal) => refusal === undefined).length;
}

Deno.test("Gate: without limits everybody is let in", () => {
  assertEquals(letIn(gate({}), 1_000), 1_000);
});

Deno.test("Gate: so many at once; a place that is left can be taken", () => {
  const full = gate({ maxClients: 2 });
  assertEquals(letIn(full, 3), 2);
  assertMatch(full.enter("10.0.0.1", 0)!, /^the server is full with 2 people/);
  full.leave("10.0.0.1", true);
  assertEquals([letIn(full, 3), full.clients], [1, 2]);
});

Deno.test("Gate: so many who say nothing; whoever speaks makes room", () => {
  const full = gate({ maxSilent: 2 });
  assertEquals(letIn(full, 3), 2);
  assertMatch(full.enter("10.0.0.1", 0)!, /who say nothing/);
  full.spoke();
  assertEquals(letIn(full, 3), 1);
  full.leave("10.0.0.1", false);
  full.leave("10.0.0.1", true);
  assertEquals(letIn(full, 3), 1);
});

Deno.test("Gate: so many from one address, whatever others do", () => {
  const busy = gate({ maxPerAddress: 2 });
  assertEquals([letIn(busy, 3), letIn(busy, 3, "10.0.0.2")], [2, 2]);
  assertMatch(busy.enter("10.0.0.1", 0)!, /2 connections from your address/);
});

Deno.test("Gate: so many a second from one address, twice as many at once", () => {
  const storm = gate({ connectRate: 10 });
  assertEquals([letIn(storm, 100), letIn(storm, 100, "10.0.0.1", 500)], [20, 5]);
  assertEquals(letIn(storm, 5, "10.0.0.2"), 5);
});

Deno.test("Gate: unless told otherwise, this machine has no limits and others do", () => {
  const usual = { maxPerAddress: undefined, connectRate: undefined };
  for (const own of ["127.0.0.1", "::1", "::ffff:127.0.0.1", ""]) {
    assertEquals(letIn(gate(usual), 100, own), 100, own);
  }
  assertEquals(letIn(gate({ maxPerAddress: undefined }), 100), 50);
  assertEquals(letIn(gate({ connectRate: undefined }), 100), 40);
});

Deno.test("Gate: limits that were asked for hold for this machine as well", () => {
  assertEquals(letIn(gate({ maxPerAddress: 3 }), 100, "127.0.0.1"), 3);
});

Deno.test("Gate: forgets addresses that are quiet, and none that is not", () => {
  const crowd = gate({ maxPerAddress: 1, connectRate: 1 });
  crowd.enter("stays", 0);
  for (let i = 0; i < 5_000; i++) {
    crowd.enter(`10.0.${i}`, i * 10_000);
    crowd.leave(`10.0.${i}`, false);
  }
  assertMatch(crowd.enter("stays", 1e9)!, /1 connections from your address/);
});
