import { DescriptorLedger } from "../../../commands/serving/descriptor_ledger.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("DescriptorLedger: what one thread has is taken once, and nothing of the others", () => {
  const memory = DescriptorLedger.memory();
  const [main, worker] = [new DescriptorLedger(memory), new DescriptorLedger(memory)];
  for (const descriptor of [7, 12, 900_000]) main.enter(descriptor, 1);
  main.enter(8, 0);
  worker.strike(12);
  main.enter(12, 0); // the number came up again
  assertEquals(main.takeAll(1), [7, 900_000]);
  assertEquals([main.takeAll(1), worker.takeAll(0)], [[], [8, 12]]);
});
