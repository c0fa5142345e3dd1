import fc from "../../support/fast_check.ts";
import { leastLoaded } from "../../../commands/serving/least_loaded.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("leastLoaded: equals take turns", () => {
  const turns = [-1, 0, 1, 2].map((last) => leastLoaded([0, 0, 0], last));
  assertEquals(turns, [0, 1, 2, 0]);
});

Deno.test("leastLoaded: whoever has least comes first, whose turn it is or not", () => {
  assertEquals(leastLoaded([3, 1, 2], 1), 1);
  assertEquals(leastLoaded([1, 5, 1], 0), 2);
  assertEquals(leastLoaded([7], 0), 0);
});

Deno.test("leastLoaded: loads that begin apart come together, and stay within one", () => {
  fc.assert(fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 8 }), (loads) => {
    let last = -1;
    for (let i = 0; i < 20 * loads.length; i++) loads[last = leastLoaded(loads, last)]++;
    assertEquals(Math.max(...loads) - Math.min(...loads) <= 1, true);
  }));
});
