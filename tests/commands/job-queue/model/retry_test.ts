import fc from "../../../support/fast_check.ts";
import { assert, assertEquals, assertNotEquals } from "../../../support/assert.ts";
import { RETRIES, retryDelay } from "../../../../commands/job-queue/model/retry.ts";

const PLAIN = { ...RETRIES, jitter: 0 };

Deno.test("retry: waits double from a second on, up to the cap", () => {
  const waits = [1, 2, 3, 4].map((attempt) => retryDelay(7, attempt, PLAIN));
  assertEquals(waits, [1_000, 2_000, 4_000, 8_000]);
  assertEquals(retryDelay(7, 100, PLAIN), RETRIES.cap);
});

Deno.test("retry: jitter is at most a fifth, and the same every time", () => {
  fc.assert(fc.property(fc.integer({ min: 1 }), fc.integer({ min: 1, max: 20 }), (id, attempt) => {
    const [wait, plain] = [retryDelay(id, attempt), retryDelay(id, attempt, PLAIN)];
    assert(Math.abs(wait - plain) <= 0.2 * plain + 1, `${wait}`);
    assertEquals(retryDelay(id, attempt), wait);
  }));
});

Deno.test("retry: jobs that failed together come back one by one, spread evenly", () => {
  const waits = Array.from({ length: 1_000 }, (_, id) => retryDelay(id + 1, 1));
  assertNotEquals(waits[0], waits[1]);
  for (const from of [800, 900, 1_000, 1_100]) {
    const within = waits.filter((wait) => wait >= from && wait < from + 100).length;
    assert(within > 200 && within < 300, `${within} from ${from} on`);
  }
});
