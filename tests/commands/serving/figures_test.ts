import { Figures } from "../../../commands/serving/figures.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("Figures: each row is one thread's own, and columns add up, from any thread's view", () => {
  const memory = Figures.memory(3, 2);
  const [one, other] = [new Figures(memory, 2), new Figures(memory, 2)];
  one.row(0).set([1, 10]);
  one.row(2)[1] += 2 ** 40;
  assertEquals([...other.row(0)], [1, 10]);
  assertEquals([...other.row(1)], [0, 0]);
  assertEquals([other.sum(0), other.sum(1)], [1, 10 + 2 ** 40]);
});
