import fc from "../../support/fast_check.ts";
import {
  type Future,
  MovedOn,
  moveOnAfter,
  Pending,
  type TimedOut,
  timeout,
} from "wakeful/runtime";
import { assertEquals } from "../../support/assert.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";

/** One limit of a nest; the name of a timeout is its place, from 0 outermost. */
const limit = fc.record({ milliseconds: fc.integer({ min: 1, max: 20 }), moveOn: fc.boolean() });

type LimitSpec = typeof limit extends fc.Arbitrary<infer L> ? L : never;

function nested(limits: LimitSpec[], body: Future<unknown>): Future<unknown> {
  return limits.reduceRight<Future<unknown>>(
    (inner, { milliseconds, moveOn }, place) =>
      moveOn ? moveOnAfter(milliseconds, inner) : timeout(milliseconds, inner, String(place)),
    body,
  );
}

/** What the nest answers at `time`: as the earliest of the limits that have passed says. */
function expected(limits: LimitSpec[], time: number): unknown {
  const earliest = Math.min(...limits.map(({ milliseconds }) => milliseconds));
  if (time < earliest) return Pending;
  const place = limits.findIndex(({ milliseconds }) => milliseconds === earliest);
  return limits[place].moveOn ? MovedOn : String(place);
}

Deno.test("limits: in any nest the earliest strikes, of equal ones the outermost", () => {
  fc.assert(
    fc.property(fc.array(limit, { minLength: 1, maxLength: 6 }), fc.nat(30), (limits, time) => {
      const loop = new FakeLoop();
      const gate = new Gate<unknown>();
      const nest = handPoll(() => nested(limits, gate), loop);
      nest.assertPending();
      loop.advance(time);
      let answer: unknown;
      try {
        answer = nest.poll();
      } catch (error) {
        answer = (error as TimedOut).what;
      }
      assertEquals(answer, expected(limits, time));
      const over = answer !== Pending;
      assertEquals([gate.dropped > 0, loop.timers.size], [over, over ? 0 : limits.length]);
    }),
    { numRuns: 500 },
  );
});
