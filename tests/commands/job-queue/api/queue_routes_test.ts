import { sleep } from "wakeful/runtime";
import { assertEquals } from "../../../support/assert.ts";
import { withService } from "../service_rig.ts";

Deno.test("queue routes: a paused queue waits, others do not", () =>
  withService({}, function* (rig) {
    assertEquals((yield* rig.ask("POST", "/queues/slow/pause")).body, {
      queue: "slow",
      paused: true,
    });
    const id = yield* rig.add("noop", {}, { queue: "slow" });
    const other = yield* rig.add("noop");
    yield* sleep(10);
    assertEquals((yield* rig.job(id)).state, "pending");
    assertEquals((yield* rig.job(other)).state, "completed");
    yield* rig.ask("POST", "/queues/slow/resume");
    yield* sleep(10);
    assertEquals((yield* rig.job(id)).state, "completed");
  }));

Deno.test("queue routes: limits are obeyed, and shown", () =>
  withService({ options: { workers: 5 } }, function* (rig) {
    const limits = { queue: {}, types: {}, key: { concurrency: 1 } };
    yield* rig.ask("PUT", "/queues/default/limits", { key: { concurrency: 1 } });
    for (const key of ["a", "a", "b"]) yield* rig.add("delay", { ms: 1_000 }, { key });
    yield* sleep(10);
    assertEquals((yield* rig.ask("GET", "/status")).body.running, 2);
    assertEquals((yield* rig.ask("GET", "/queues")).body.queues[0].limits, limits);
    yield* sleep(2_000);
    assertEquals((yield* rig.ask("GET", "/status")).body.completed, 3);
  }));

Deno.test("queue routes: a rate spreads jobs over time", () =>
  withService({}, function* (rig) {
    yield* rig.ask("PUT", "/queues/default/limits", { queue: { rate: { count: 1, per: "1s" } } });
    for (let i = 0; i < 4; i++) yield* rig.add("noop");
    yield* sleep(2_500);
    assertEquals((yield* rig.ask("GET", "/status")).body.completed, 3);
  }));

Deno.test("queue routes: a schedule puts in jobs until it is ended", () =>
  withService({}, function* (rig) {
    const schedule = { cron: "* * * * *", job: { type: "noop", n: 1 } };
    const { body } = yield* rig.ask("PUT", "/schedules/often", schedule);
    assertEquals([body.name, body.next, body.payload], ["often", "2025-01-01T00:01:00.000Z", {
      n: 1,
    }]);
    yield* sleep(125_000);
    assertEquals((yield* rig.ask("GET", "/status")).body.completed, 2);
    assertEquals((yield* rig.ask("GET", "/schedules")).body.schedules.length, 1);
    assertEquals((yield* rig.ask("DELETE", "/schedules/often")).status, 200);
    yield* sleep(120_000);
    assertEquals((yield* rig.ask("GET", "/status")).body.completed, 2);
  }));
