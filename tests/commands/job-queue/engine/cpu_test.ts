import { assertEquals, assertNotEquals } from "../../../support/assert.ts";
import { cpu } from "../../../../commands/job-queue/engine/cpu.ts";

Deno.test("cpu: the same work has the same outcome, more of it another", () => {
  assertEquals(cpu({ iterations: 1 }), 1_015_568_748); // of Numerical Recipes' generator
  assertEquals(cpu({ iterations: 1_000 }), cpu({ iterations: 1_000 }));
  assertNotEquals(cpu({ iterations: 1_000 }), cpu({ iterations: 1_001 }));
});
