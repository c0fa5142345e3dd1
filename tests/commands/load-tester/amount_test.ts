import { readAmount } from "../../../commands/load-tester/amount.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("readAmount: numbers, thousands and millions, and nothing else", () => {
  const read = ["1000", "10k", "1.5m", "0.5", "1.1M", "0"].map(readAmount);
  assertEquals(read, [1_000, 10_000, 1_500_000, 0.5, 1_100_000, 0]);
  const none = ["", "k", "-1", "1e3", "10kk", "1,000", " 1", "1.", ".5"].map(readAmount);
  assertEquals(none.filter((amount) => amount !== undefined), []);
});
