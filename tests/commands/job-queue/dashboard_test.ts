import { now, sleep, spawn } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { RuntimeFailure } from "../../../commands/cli/errors.ts";
import { liveLineOf, showService, showStatus } from "../../../commands/job-queue/dashboard.ts";
import type { Status } from "../../../commands/job-queue/dashboard_picture.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { withService } from "./service_rig.ts";

const STATUS: Status = {
  ...{ pending: 2, scheduled: 0, running: 2, completed: 10, failed: 1, dead: 0 },
  ...{ workers: 4, busy: 2, throughput: 5, oldestPendingMs: 12, queues: [] },
};
const CLEAR = "\x1b[K";

/** A terminal that is 80 wide, and what it was shown when. */
function liveLine() {
  const shown: [at: number, text: string][] = [];
  return { columns: 80, shown, show: (text: string) => void shown.push([now(), text]) };
}

Deno.test("dashboard: needs a terminal", () => {
  const live = liveLine();
  assertEquals(liveLineOf(Object.assign(new FakeTerminal(), { live })), live);
  assertThrows(() => liveLineOf(new FakeTerminal()), RuntimeFailure, "needs a terminal on stderr");
});

Deno.test("dashboard: shows each second what there is, over what was there before", () =>
  runTest(function* () {
    const live = liveLine();
    let looks = 0;
    const look = function* () {
      return { ...STATUS, pending: ++looks };
    };
    const showing = spawn(() => showStatus(live, look));
    yield* sleep(2_500);
    showing.abort();
    assertEquals(live.shown.map(([at]) => at), [0, 1_000, 2_000]);
    const [first, second] = live.shown.map(([, text]) => text);
    const lines = first.split("\r\n");
    assertEquals(lines.every((line) => line.endsWith(CLEAR)), true);
    assertStringIncludes(lines[0], "pending 1 ");
    assertEquals(second.startsWith(`\x1b[${lines.length - 1}Apending 2 `), true);
  }));

Deno.test("dashboard: shows the service of this process", () =>
  withService({ options: { workers: 3 } }, function* (rig) {
    const live = liveLine();
    const showing = spawn(() => showService(rig.service, live));
    yield* rig.add("delay", { ms: 5_000 });
    yield* sleep(1_500);
    showing.abort();
    assertStringIncludes(live.shown[1][1], "running 1 ");
    assertStringIncludes(live.shown[1][1], "1 of 3 busy");
  }));
