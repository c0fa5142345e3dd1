import fc from "../../../support/fast_check.ts";
import { assertEquals } from "../../../support/assert.ts";
import { SortedList } from "../../../../commands/job-queue/store/sorted_list.ts";

Deno.test("sorted list: beside an array that is sorted each time", () => {
  const step = fc.record({ add: fc.boolean(), number: fc.nat(50) });
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
    const list = new SortedList<number>((one, other) => one - other);
    const model = new Set<number>();
    for (const { add, number } of steps) {
      if (add && !model.has(number)) list.add(number);
      if (!add && model.has(number)) list.remove(number);
      if (add) model.add(number);
      else model.delete(number);
      const sorted = [...model].sort((one, other) => one - other);
      assertEquals([list.size, list.first(3)], [sorted.length, sorted.slice(0, 3)]);
      const even = sorted.filter((one) => one % 2 === 0).reverse().slice(0, 2);
      assertEquals(list.last(2, (one) => one % 2 === 0), even);
    }
  }));
});
