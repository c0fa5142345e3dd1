import { assertEquals, assertNotEquals, assertThrows } from "../../../support/assert.ts";
import { Fatal } from "../../../../commands/job-queue/engine/handler.ts";
import { cpu } from "../../../../commands/job-queue/engine/cpu.ts";

Deno.test("cpu: the same work has the same outcome, more of it another", () => {
  assertEquals(cpu({ iterations: 1 }), 1_015_568_748); // of Numerical Recipes' generator
  assertEquals(cpu({ iterations: 1_000 }), cpu({ iterations: 1_000 }));
  assertNotEquals(cpu({ iterations: 1_000 }), cpu({ iterations: 1_001 }));
});

Deno.test("cpu: iterations that are no whole number are refused for good", () => {
  for (const iterations of ["many", "5", -1, 0.5, NaN, Infinity, null]) {
    assertThrows(() => cpu({ iterations }), Fatal, "expected a whole number of iterations");
  }
  assertEquals(cpu({ iterations: 0 }), 1);
});
