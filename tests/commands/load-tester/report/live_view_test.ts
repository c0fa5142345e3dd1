import { sleep } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import {
  liveText,
  LiveView,
  sparkline,
} from "../../../../commands/load-tester/report/live_view.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { liveRecord } from "../../../support/live_record.ts";
import { CLOSED } from "../rig.ts";

const COUNTED = { what: "running", spec: { ...CLOSED, count: 1_000 }, began: 0 };
const TIMED = { what: "run 2 of 3", spec: { ...CLOSED, duration: 10_000 }, began: 0 };

Deno.test("live view: how much is done, how fast, and how long it still takes", () => {
  const text = liveText(COUNTED, { sent: 260, ended: 250, failed: 0 }, 500, [0, 50, 100, 150, 250]);
  assertEquals(text, "running [250/1000]  625 req/s  1.5s left  ▅▅▅█");
});

Deno.test("live view: a run that time ends", () => {
  const progress = { sent: 8, ended: 7, failed: 2 };
  const text = liveText(TIMED, progress, 4_000, [6, 7]);
  assertEquals(text, "run 2 of 3 [4.0s/10s] 7 done  10 req/s  2 failed  6s left  █");
});

Deno.test("live view: before anything is done nothing is said of what is left", () => {
  const text = liveText(COUNTED, { sent: 1, ended: 0, failed: 0 }, 100, [0, 0]);
  assertEquals(text, "running [0/1000]  0 req/s  ▁");
});

Deno.test("live view: the picture has room for so many tenths of a second", () => {
  const text = liveText(COUNTED, { sent: 1, ended: 1, failed: 0 }, 100, Array(50).fill(1));
  assertEquals(text.match(/▁/g)?.length, 24);
});

Deno.test("live view: the next run begins a new picture", async () => {
  await runTest(function* () {
    const shown: string[] = [];
    let ended = 50;
    const view = new LiveView(liveRecord(shown), () => ({ sent: ended, ended, failed: 0 }));
    using _showing = view.start();
    view.begin({ ...CLOSED, count: 100 }, "run 1");
    yield* sleep(150);
    ended = 10;
    view.begin({ ...CLOSED, count: 100 }, "run 2");
    yield* sleep(100);
    assertEquals(shown, [
      "run 1 [50/100]  500 req/s  100ms left  █",
      "run 2 [10/100]  100 req/s  500ms left  █",
    ]);
  });
});

Deno.test("live view: a sparkline is as high as its highest", () => {
  assertEquals(sparkline([0, 1, 2, 3, 4, 5, 6, 7]), "▁▂▃▄▅▆▇█");
  assertEquals(sparkline([70, 0, 70]), "█▁█");
  assertEquals([sparkline([]), sparkline([0, 0])], ["", "▁▁"]);
});

Deno.test("live view: it is shown ten times a second, fits the terminal, and goes away", async () => {
  await runTest(function* () {
    const shown: string[] = [];
    let ended = 0;
    const view = new LiveView(
      liveRecord(shown, 30),
      () => ({ sent: ended, ended: ended += 10, failed: 0 }),
    );
    {
      using _showing = view.start();
      yield* sleep(250);
      assertEquals(shown, []); // nothing goes on
      view.begin({ ...CLOSED, count: 100 }, "warming up");
      yield* sleep(1_000);
    }
    assertEquals([shown.length, shown.at(-1)], [11, ""]);
    assert(shown[0].startsWith("warming up ["), shown[0]);
    assert(shown.every((text) => text.length < 30));
    yield* sleep(1_000);
    assertEquals(shown.length, 11);
  });
});
