import { EventBus, now, sleep, spawn, yieldNow } from "wakeful/runtime";
import { alerter, run, type Topics } from "../../examples/dashboard.ts";
import { assertEquals } from "../support/assert.ts";
import { VirtualRuntime } from "../support/virtual_runtime.ts";

Deno.test("dashboard: figures each second, an alert, and the logger's loss is told", () => {
  using virtual = new VirtualRuntime();
  const lines: string[] = [];
  virtual.run(function* () {
    const begin = now();
    yield* run(4, (line) => void lines.push(`${Math.round((now() - begin) / 100) / 10} ${line}`));
  });
  assertEquals(lines, [
    "1 dashboard: 20 requests, 2 failed, mean 13.3 ms",
    "2 dashboard: 20 requests, 3 failed, mean 13.7 ms",
    "2.4 ALERT: 6 requests have failed within a minute",
    "2.5 logger: missed 14 requests while the disk was busy",
    "3 dashboard: 20 requests, 2 failed, mean 13.3 ms",
    "4 dashboard: 20 requests, 3 failed, mean 13.7 ms",
    "4.2 logger: missed 10 requests while the disk was busy",
    "4.2 logger: 56 requests written, 24 missed",
  ]);
  assertEquals(virtual.runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
});

/** When alerts come, in seconds, if requests fail at these. */
function alertsAt(seconds: number[]): number[] {
  using virtual = new VirtualRuntime();
  const alerts: number[] = [];
  virtual.run(function* () {
    const bus = new EventBus<Topics>();
    const begin = now();
    using published = bus.subscribe("alert");
    spawn(alerter(bus, () => {}));
    for (const second of seconds) {
      yield* sleep(begin + 1_000 * second - now());
      bus.publish("request", { status: 500, milliseconds: 1 });
      bus.publish("request", { status: 499, milliseconds: 1 });
      yield* yieldNow();
      yield* yieldNow();
      if (typeof published.tryRecv() === "string") alerts.push(second);
    }
  });
  return alerts;
}

Deno.test("dashboard: the alerter wants more than five failures, within one minute", () => {
  assertEquals(alertsAt([1, 2, 3, 4, 5]), []);
  assertEquals(alertsAt([1, 2, 3, 4, 5, 60]), [60]);
  assertEquals(alertsAt([1, 2, 3, 4, 5, 61]), []);
});

Deno.test("dashboard: and it speaks once a minute at most", () => {
  const everyFiveSeconds = Array.from({ length: 30 }, (_, n) => 5 * (n + 1));
  assertEquals(alertsAt(everyFiveSeconds), [30, 90, 150]);
});
