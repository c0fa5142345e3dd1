import { Context, noopWaker, OutsideRuntime } from "wakeful/runtime";
import {
  budgetSpent,
  COOPERATIVE_BUDGET,
  currentContext,
  insideTask,
  refillBudget,
  swapContext,
} from "../../../runtime/core/context.ts";
import {
  assert,
  assertEquals,
  assertFalse,
  assertStrictEquals,
  assertThrows,
} from "../../support/assert.ts";
import { FakeLoop } from "../../support/fake_loop.ts";

Deno.test("currentContext: outside a task it is an error", () => {
  assertFalse(insideTask());
  assertThrows(currentContext, OutsideRuntime);
});

Deno.test("swapContext: nests, and what was put back is current again", () => {
  const [outer, inner] = [0, 1].map(() => new Context(noopWaker(), new FakeLoop()));
  assertStrictEquals(swapContext(outer), undefined);
  assertStrictEquals(swapContext(inner), outer);
  assert(insideTask());
  assertStrictEquals(currentContext(), inner);
  swapContext(outer);
  assertStrictEquals(currentContext(), outer);
  swapContext(undefined);
  assertFalse(insideTask());
});

Deno.test("budget: allows so many awaits, then none until it is refilled", () => {
  refillBudget();
  for (let i = 0; i < COOPERATIVE_BUDGET; i++) assertFalse(budgetSpent());
  assert(budgetSpent());
  assert(budgetSpent());
  refillBudget(1);
  assertEquals([budgetSpent(), budgetSpent()], [false, true]);
});

Deno.test("budget: refilling returns what was left, to be put back", () => {
  refillBudget(5);
  budgetSpent();
  assertEquals(refillBudget(Infinity), 4);
  assertFalse(budgetSpent());
  assertEquals(refillBudget(), Infinity);
});
