import { type Co, Runtime, spawn, yieldNow } from "wakeful/runtime";
import { connected } from "../../../net/family.ts";
import { overTcp } from "../../../net/over_tcp.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { sendText, textOfLength } from "../../../support/stream_ends.ts";

/** What one poll of the busy task takes. */
const WORK_MS = 0.01;
/** On an idle loop it is a fraction of a millisecond. */
const TRIP_LIMIT_MS = 500;
/** The first one finds the platform's poller fresh. */
const TRIPS = 3;

/** Always ready and always at work, so that the loop never rests. */
function* busy(): Co<never> {
  for (;;) {
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
      using _busy = spawn(busy).abortOnDrop();
      for (let i = 0; i < TRIPS; i++) {
        const begin = performance.now();
        yield* sendText(client, "ping");
        assertEquals(yield* textOfLength(server, 4), "ping");
        const took = performance.now() - begin;
        assert(took < TRIP_LIMIT_MS, `round trip ${i + 1} took ${Math.round(took)} ms`);
      }
    })
  );
});
