import { now, sleep, spawn } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { RuntimeFailure } from "../../../commands/cli/errors.ts";
import { liveOf, showService, showStatus } from "../../../commands/job-queue/dashboard.ts";
import type { Status } from "../../../commands/job-queue/dashboard_picture.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { withService } from "./service_rig.ts";

const STATUS: Status = {
  ...{ pending: 2, scheduled: 0, running: 2, completed: 10, failed: 1, dead: 0 },
  ...{ workers: 4, busy: 2, throughput: 5, oldestPendingMs: 12, queues: [] },
};
/** A terminal that is 80 wide, and what it was shown when; undefined when that was left there. */
function liveRecord() {
  const shown: [at: number, lines: readonly string[] | undefined][] = [];
  const show = (lines?: readonly string[]) => void shown.push([now(), lines]);
  return { columns: 80, shown, show, leave: () => show() };
}

Deno.test("dashboard: needs a terminal", () => {
  const live = liveRecord();
  assertEquals(liveOf(Object.assign(new FakeTerminal(), { live })), live);
  assertThrows(() => liveOf(new FakeTerminal()), RuntimeFailure, "needs a terminal on stderr");
});

Deno.test("dashboard: shows each second what there is, over what was there before", () =>
  runTest(function* () {
    const live = liveRecord();
    let looks = 0;
    const look = function* () {
      return { ...STATUS, pending: ++looks };
    };
    const showing = spawn(() => showStatus(live, look));
    yield* sleep(2_500);
    showing.abort();
    assertEquals(live.shown.map(([at]) => at), [0, 1_000, 2_000, 2_500]);
    const pending = live.shown.map(([, lines]) => lines?.[0].split("  ")[0]);
    assertEquals(pending, ["pending 1", "pending 2", "pending 3", undefined]);
  }));

Deno.test("dashboard: shows the service of this process", () =>
  withService({ options: { workers: 3 } }, function* (rig) {
    const live = liveRecord();
    const showing = spawn(() => showService(rig.service, live));
    yield* rig.add("delay", { ms: 5_000 });
    yield* sleep(1_500);
    showing.abort();
    const text = live.shown[1][1]!.join();
    assertStringIncludes(text, "running 1 ");
    assertStringIncludes(text, "1 of 3 busy");
  }));
