import { type Co, now, sleep, spawn } from "wakeful/runtime";
import { assertEquals } from "../../../support/assert.ts";
import { type Alert, alertAbout } from "../../../../commands/job-queue/engine/alerter.ts";
import { type ServiceRig, withService } from "../service_rig.ts";

/** Runs the alerter beside a service, with a hook that fails so many times at first. */
function alerted(failures: number, body: (rig: ServiceRig, sent: [number, Alert][]) => Co<void>) {
  return withService({}, function* (rig) {
    const sent: [number, Alert][] = [];
    const errors: unknown[] = [];
    let left = failures;
    const send = function* (alert: Alert): Co<void> {
      if (left-- > 0) throw new Error("no route");
      sent.push([now(), alert]);
    };
    const task = spawn(() => alertAbout(rig.service.bus, send, (error) => void errors.push(error)));
    yield* sleep(1);
    yield* body(rig, sent);
    assertEquals(errors.length, failures > 2 ? 1 : 0);
    task.abort();
  });
}

Deno.test("alerter: jobs that die together are one message; those that do not are none", () =>
  alerted(0, function* (rig, sent) {
    for (let i = 0; i < 3; i++) yield* rig.add("http", { url: "nonsense" });
    yield* rig.add("noop");
    yield* sleep(5_000);
    assertEquals(sent.length, 1);
    const [, { text, events }] = sent[0];
    assertEquals(events.length, 3);
    assertEquals(text, "3 JobDead: http: expected a url that begins with http:// or https://");
  }));

Deno.test("alerter: a hook that does not answer is tried again, and given up in the end", async () => {
  await alerted(2, function* (rig, sent) {
    yield* rig.add("http", { url: "nonsense" });
    yield* sleep(10_000);
    assertEquals(sent.map(([at]) => Math.round(at / 1_000)), [7]);
  });
  await alerted(3, function* (rig, sent) {
    yield* rig.add("http", { url: "nonsense" });
    yield* sleep(10_000);
    assertEquals(sent, []);
  });
});
