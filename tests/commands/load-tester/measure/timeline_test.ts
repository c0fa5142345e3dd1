import fc from "../../../support/fast_check.ts";
import { bucketOf } from "../../../../commands/load-tester/measure/log_buckets.ts";
import { Timeline } from "../../../../commands/load-tester/measure/timeline.ts";
import { assert, assertEquals } from "../../../support/assert.ts";

const MOST_SLICES = 240;
const SOON = 20_000;
const LATER = 10 * 60_000;

interface Moment {
  readonly at: number;
  readonly fate: "ok" | "bad" | "broken";
}

function moments(until: number) {
  return fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: until }),
      fate: fc.constantFrom<Moment["fate"]>("ok", "bad", "broken"),
    }),
    { maxLength: 60 },
  );
}

function timelineOf(history: readonly Moment[]): Timeline {
  const timeline = new Timeline();
  for (const { at, fate } of history) {
    timeline.sent(at);
    if (fate === "broken") timeline.failed(at);
    else timeline.answered(at, fate === "ok", at % 50, 10);
  }
  return timeline;
}

/** What is in all slices together. */
function sums(timeline: Timeline) {
  const sum = { sent: 0, ok: 0, failed: 0, bytes: 0, latencies: 0 };
  for (const { sent, ok, failed, bytes, latencies } of timeline.slices) {
    sum.sent += sent;
    sum.ok += ok;
    sum.failed += failed;
    sum.bytes += bytes;
    sum.latencies += latencies.reduce((all, count) => all + count, 0);
  }
  return sum;
}

/** What there is of a timeline, for comparisons; empty slices at its end mean nothing. */
function content(timeline: Timeline) {
  return { width: timeline.width, slices: timeline.encode().slices };
}

Deno.test("timeline: things fall into slices of 100 ms", () => {
  const timeline = new Timeline();
  timeline.sent(0);
  timeline.sent(99.9);
  timeline.answered(100, true, 3, 7);
  timeline.answered(250, false, 4, 8);
  timeline.failed(299);
  assertEquals(timeline.width, 100);
  const seen = timeline.slices.map(({ sent, ok, failed, bytes }) => [sent, ok, failed, bytes]);
  assertEquals(seen, [[2, 0, 0, 0], [0, 1, 0, 7], [0, 0, 2, 8]]);
  assertEquals(timeline.slices[1].latencies[bucketOf(3)], 1);
});

Deno.test("timeline: it gets coarser with time, and nothing is lost by that", () => {
  fc.assert(fc.property(moments(LATER), (history) => {
    const timeline = timelineOf(history);
    const count = (fate: Moment["fate"]) => history.filter((one) => one.fate === fate).length;
    const answered = count("ok") + count("bad");
    assertEquals(sums(timeline), {
      sent: history.length,
      ok: count("ok"),
      failed: count("bad") + count("broken"),
      bytes: answered * 10,
      latencies: answered,
    });
    assert(timeline.slices.length <= MOST_SLICES);
    for (const { at } of history) {
      assert(timeline.slices[Math.floor(at / timeline.width)].sent > 0, `nothing at ${at}`);
    }
  }));
});

Deno.test("timeline: a day takes no more slices than a minute", () => {
  const day = new Timeline();
  day.sent(86_400_000);
  assert(day.slices.length <= MOST_SLICES && day.slices.length > MOST_SLICES / 2);
});

Deno.test("timeline: two of any widths together are the timeline of both histories", () => {
  fc.assert(fc.property(moments(SOON), moments(LATER), fc.boolean(), (soon, later, swap) => {
    const [one, other] = swap ? [later, soon] : [soon, later];
    const sum = timelineOf(one);
    sum.add(structuredClone(timelineOf(other).encode()));
    assertEquals(content(sum), content(timelineOf([...one, ...other])));
  }));
});

Deno.test("timeline: what is told before its start counts as its start", () => {
  const timeline = new Timeline();
  timeline.sent(-0.5);
  assertEquals(timeline.slices.map(({ sent }) => sent), [1]);
});
