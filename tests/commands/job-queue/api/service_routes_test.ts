import { sleep, spawn } from "wakeful/runtime";
import { duplex, HttpConnection, serveConnection } from "wakeful/net";
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "../../../support/assert.ts";
import { StoreFailed } from "../../../../commands/job-queue/store/store.ts";
import { withService } from "../service_rig.ts";

Deno.test("service routes: the status counts, and its ledger balances", () =>
  withService({ settings: { keepMax: 1 } }, function* (rig) {
    for (let i = 0; i < 3; i++) yield* rig.add("noop");
    yield* rig.add("http", { url: "nonsense" });
    yield* rig.add("noop", {}, { delay: "1h" });
    yield* sleep(2_000);
    const { body } = yield* rig.ask("GET", "/status");
    const { pending, running, completed, failed, workers, scheduled, dead, ledger } = body;
    assertEquals([pending, running, completed, failed, workers], [0, 0, 3, 1, 2]);
    assertEquals([scheduled, dead], [1, 1]);
    assertEquals(ledger, {
      ...{ enqueued: 5, live: 1, completed: 1, dead: 1, cancelled: 0, pruned: 2, late: 0 },
    });
    assert(body.throughput > 0);
  }));

Deno.test("service routes: events are streamed as they happen, those of one job if wanted", () =>
  withService({}, function* (rig) {
    const [client, server] = duplex();
    const serving = spawn(() => serveConnection(server, (request) => rig.api.handle(request)));
    using connection = HttpConnection.over(client);
    const { body, fields } = yield* connection.request({ target: "/events?job=2" });
    assertEquals(fields.get("content-type"), "text/event-stream");
    yield* rig.add("noop");
    yield* rig.add("delay", { ms: 5 });
    let text = "";
    while (!text.includes("JobCompleted")) {
      const lent = yield* body.fill();
      text += new TextDecoder().decode(lent);
      body.consume(lent.length);
    }
    const kinds = [...text.matchAll(/^event: (\w+)\ndata: .*"id":2/gm)].map(([, kind]) => kind);
    assertEquals(kinds, ["JobEnqueued", "JobStarted", "JobCompleted"]);
    assertEquals(text.includes('"id":1'), false);
    serving.abort();
  }));

Deno.test("service routes: metrics are in the form that Prometheus reads", () =>
  withService({}, function* (rig) {
    yield* rig.add("delay", { ms: 30 });
    yield* sleep(50);
    const { body } = yield* rig.ask("GET", "/metrics");
    for (const line of body.trimEnd().split("\n")) {
      assertMatch(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? [\d.e+-]+)$/);
    }
    assertStringIncludes(body, 'wakeful_job_queue_jobs{queue="default",state="completed"} 1\n');
    assertStringIncludes(body, 'wakeful_job_queue_attempt_seconds_bucket{le="0.05"} 1\n');
    assertStringIncludes(body, 'wakeful_job_queue_attempt_seconds_bucket{le="0.02"} 0\n');
  }));

Deno.test("service routes: health is progress, not existence", () =>
  withService({}, function* (rig) {
    yield* sleep(5_000);
    assertEquals((yield* rig.ask("GET", "/healthz")).body.status, "ok");
    const { apply } = rig.store;
    rig.store.apply = () => {
      throw new StoreFailed("the disk is full");
    };
    yield* sleep(11_000);
    const { status, body } = yield* rig.ask("GET", "/healthz");
    assertEquals([status, body.reason], [503, "the store does nothing"]);
    const refused = yield* rig.ask("POST", "/jobs", { type: "noop" });
    assertEquals([refused.status, refused.body.message], [503, "the disk is full"]);
    rig.store.apply = apply;
    yield* sleep(2_000);
    assertEquals((yield* rig.ask("GET", "/healthz")).status, 200);
  }));
