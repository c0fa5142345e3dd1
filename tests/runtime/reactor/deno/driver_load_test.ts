import { type Co, Runtime, spawn, yieldNow } from "wakeful/runtime";
import { connected } from "../../../net/family.ts";
import { overTcp } from "../../../net/over_tcp.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { sendText, textOfLength } from "../../../support/stream_ends.ts";

/** What one poll of the busy task takes: dear enough that a slice ends by the clock. */
const WORK_MS = 1;
/**
 * Counted, not timed: on a slower machine fewer polls fit. Left to itself the platform would look
 * for bytes only after some thousand of them.
 */
const POLLS_A_TRIP = 300;
const TRIPS = 3;

/** Always ready and always at work, so that the loop never rests. */
function* busy(count: { polls: number }): Co<never> {
  for (;;) {
    count.polls++;
    const end = performance.now() + WORK_MS;
    while (performance.now() < end);
    yield* yieldNow();
  }
}

Deno.test("DenoDriver: a task that is always ready does not hold up bytes that have arrived", async () => {
  using runtime = Runtime.builder().enableAll().build();
  using family = overTcp();
  await runtime.blockOn(() =>
    connected(family, function* (client, server) {
      const count = { polls: 0 };
      using _busy = spawn(() => busy(count)).abortOnDrop();
      for (let i = 0; i < TRIPS; i++) {
        count.polls = 0;
        yield* sendText(client, "ping");
        assertEquals(yield* textOfLength(server, 4), "ping");
        assert(count.polls < POLLS_A_TRIP, `trip ${i + 1} took ${count.polls} polls`);
      }
    })
  );
});
