/** Jobs that come again and again: what every store has to do. */

import { assertEquals } from "../../../support/assert.ts";
import { jobSpec } from "../../../../commands/job-queue/model/spec.ts";
import type { JobTable } from "../../../../commands/job-queue/store/table.ts";
import { START, StoreRig } from "./rig.ts";

const MINUTE_MS = 60_000;
const EVERY_MINUTE = {
  name: "minutely",
  cron: "* * * * *",
  timezone: "UTC",
  spec: jobSpec("noop", { queue: "cron" }),
};

export function schedules(name: string, open: () => JobTable): void {
  const test = (what: string, body: (rig: StoreRig) => void) =>
    Deno.test(`${name}: ${what}`, () => {
      const rig = new StoreRig(open());
      try {
        rig.do<"schedule">({ kind: "schedule", schedule: EVERY_MINUTE });
        body(rig);
      } finally {
        rig.store.close();
      }
    });
  const fired = (rig: StoreRig) => rig.store.list({ queue: "cron", limit: 100 }).length;

  test("a schedule fires at its times, and knows the next", (rig) => {
    assertEquals(rig.store.schedules().map(({ next }) => next), [START + MINUTE_MS]);
    rig.pass(MINUTE_MS - 1);
    assertEquals(fired(rig), 0);
    rig.pass(1);
    rig.pass(1);
    assertEquals(fired(rig), 1);
    assertEquals(rig.store.nextDue(), START + 2 * MINUTE_MS);
  });

  test("a schedule fires once for all it has missed", (rig) => {
    rig.pass(10 * MINUTE_MS);
    rig.pass(1_000);
    assertEquals(fired(rig), 1);
  });

  test("no schedule fires twice after a restart, or because the clock was set back", (rig) => {
    rig.pass(MINUTE_MS);
    rig.reopen();
    rig.pass(0);
    rig.clock.ofDay -= 30_000;
    rig.pass(10_000);
    rig.pass(25_000);
    assertEquals(fired(rig), 1);
  });

  test("a schedule whose job is there still is skipped, and says so", (rig) => {
    const spec = jobSpec("noop", { queue: "cron", uniqueKey: "one at a time" });
    rig.do<"schedule">({ kind: "schedule", schedule: { ...EVERY_MINUTE, spec } });
    rig.pass(MINUTE_MS);
    assertEquals(rig.store.schedules()[0].skipped, undefined);
    rig.pass(MINUTE_MS);
    rig.reopen();
    const at = START + 2 * MINUTE_MS;
    assertEquals([fired(rig), rig.store.schedules()[0].skipped], [1, { at, why: "duplicate" }]);
  });

  test("a schedule can be removed", (rig) => {
    assertEquals(rig.do<"unschedule">({ kind: "unschedule", name: "minutely" }), true);
    rig.reopen();
    rig.pass(5 * MINUTE_MS);
    assertEquals([fired(rig), rig.store.schedules()], [0, []]);
    assertEquals(rig.do<"unschedule">({ kind: "unschedule", name: "minutely" }), false);
  });
}
