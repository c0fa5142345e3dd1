import fc from "fast-check";
import { FloodBudget } from "../../../commands/chat-server/flood_budget.ts";
import { assert, assertEquals, assertFalse } from "../../support/assert.ts";

const PACE = { rate: 10, burst: 20 };

Deno.test("FloodBudget: a burst at once, and no more", () => {
  const budget = new FloodBudget(PACE, 0);
  for (let i = 0; i < 20; i++) assert(budget.tryTake(1, 0));
  assertFalse(budget.tryTake(1, 0));
});

Deno.test("FloodBudget: fills at its rate, up to the burst", () => {
  const budget = new FloodBudget(PACE, 0);
  budget.tryTake(20, 0);
  assertFalse(budget.tryTake(1, 99));
  assert(budget.tryTake(1, 100));
  assert(budget.tryTake(20, 1_000_000));
  assertFalse(budget.tryTake(1, 1_000_000));
});

Deno.test("FloodBudget: tells when there will be enough", () => {
  const budget = new FloodBudget(PACE, 0);
  budget.tryTake(20, 0);
  assertEquals([budget.readyAt(5, 0), budget.readyAt(0.05, 0)], [500, 5]);
  assert(budget.tryTake(5, budget.readyAt(5, 0)));
});

Deno.test("FloodBudget: what is dearer than the burst costs the burst", () => {
  const budget = new FloodBudget({ rate: 1, burst: 3 }, 0);
  assert(budget.tryTake(5, 0));
  assertEquals(budget.readyAt(5, 0), 3_000);
});

Deno.test("FloodBudget: a clock that goes back earns nothing", () => {
  const budget = new FloodBudget(PACE, 1_000);
  budget.tryTake(20, 1_000);
  assertFalse(budget.tryTake(1, 0));
  assertFalse(budget.tryTake(1, 1_000));
});

Deno.test("FloodBudget: never gives more than the burst and what it earned since", () => {
  const asks = fc.array(fc.record({ wait: fc.nat(500), cost: fc.integer({ min: 1, max: 6 }) }));
  fc.assert(fc.property(asks, (asks) => {
    const budget = new FloodBudget(PACE, 0);
    let [now, taken] = [0, 0];
    for (const { wait, cost } of asks) {
      now += wait;
      if (budget.tryTake(cost, now)) taken += cost;
      assert(taken <= 20 + now / 100 + 1e-6);
    }
  }));
});
