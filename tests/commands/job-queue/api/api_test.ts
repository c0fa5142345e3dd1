import { sleep } from "wakeful/runtime";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "../../../support/assert.ts";
import { withService } from "../service_rig.ts";

Deno.test("api: a job that was taken in is done, and can be looked at", () =>
  withService({}, function* (rig) {
    const accepted = yield* rig.ask("POST", "/jobs", { type: "delay", ms: 50 });
    assertEquals([accepted.status, accepted.body], [202, { id: 1 }]);
    assertEquals(accepted.fields.get("location"), "/jobs/1");
    assertEquals((yield* rig.job(1)).state, "running");
    yield* sleep(60);
    const { state, payload, attempt, worker } = yield* rig.job(1);
    assertEquals([state, payload, attempt, worker], ["completed", { ms: 50 }, 1, "local"]);
  }));

Deno.test("api: a list of jobs gets a list of ids, duplicates and all", () =>
  withService({ options: { workers: 1 } }, function* (rig) {
    const job = { type: "delay", ms: 1_000, options: { uniqueKey: "k" } };
    const { body } = yield* rig.ask("POST", "/jobs", [job, { type: "noop" }, job]);
    assertEquals(body, { ids: [1, 2, 1], duplicates: 1, refused: 0 });
    const again = yield* rig.ask("POST", "/jobs", job);
    assertEquals([again.status, again.body], [200, { id: 1, duplicate: true }]);
  }));

Deno.test("api: every refusal has its status, a word and a sentence", () =>
  withService({ maxBody: 100 }, function* (rig) {
    const cases: [string, string, unknown, number, string][] = [
      ["POST", "/jobs", "", 400, "bad-request"],
      ["POST", "/jobs", "{", 400, "bad-request"],
      ["POST", "/jobs", "[]", 400, "bad-request"],
      ["POST", "/jobs", "7", 400, "bad-request"],
      ["POST", "/jobs", { type: "a b" }, 400, "bad-request"],
      ["POST", "/jobs", { type: "noop", options: { delay: "10" } }, 400, "bad-request"],
      ["POST", "/jobs", { type: "noop", options: { prio: 1 } }, 400, "bad-request"],
      ["POST", "/jobs", { type: "unheard" }, 422, "unknown-type"],
      ["POST", "/jobs", { type: "noop", x: "y".repeat(100) }, 413, "too-large"],
      ["GET", "/jobs/7", undefined, 404, "not-found"],
      ["GET", "/jobs/x", undefined, 404, "not-found"],
      ["DELETE", "/jobs/7", undefined, 404, "not-found"],
      ["GET", "/jobs?state=lost", undefined, 400, "bad-request"],
      ["GET", "/jobs?limit=0", undefined, 400, "bad-request"],
      ["GET", "/jobs?typ=noop", undefined, 400, "bad-request"],
      ["POST", "/dead/retry?type=noop", undefined, 400, "bad-request"],
      ["GET", "/nowhere", undefined, 404, "not-found"],
      ["PATCH", "/jobs", undefined, 405, "method-not-allowed"],
      ["POST", "/jobs/7/ack", { epoch: 1 }, 404, "not-found"],
      ["POST", "/jobs/7/ack", {}, 400, "bad-request"],
      ["POST", "/lease", { worker: "w" }, 400, "bad-request"],
      ["POST", "/queues/a%20b/pause", undefined, 400, "bad-request"],
      ["PUT", "/queues/a/limits", { queue: { concurrency: 0 } }, 400, "bad-request"],
      ["PUT", "/queues/a/limits", { types: { "no such!": {} } }, 400, "bad-request"],
      ["PUT", "/schedules/a", { cron: "* *", job: { type: "noop" } }, 400, "bad-request"],
      ["PUT", "/schedules/a", { cron: "0 0 30 2 *", job: { type: "noop" } }, 400, "bad-request"],
      ["DELETE", "/schedules/a", undefined, 404, "not-found"],
    ];
    for (const [method, target, sent, status, word] of cases) {
      const { body, ...answer } = yield* rig.ask(method, target, sent);
      assertEquals([answer.status, body.error], [status, word], `${method} ${target} ${sent}`);
      assert(body.message.length > 5);
    }
  }));

Deno.test("api: JSON has to be called JSON, and be UTF-8", () =>
  withService({}, function* (rig) {
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    const wrong = yield* rig.ask("POST", "/jobs", "{}", form);
    assertEquals([wrong.status, wrong.body.error], [415, "unsupported-media-type"]);
  }));

Deno.test("api: a wrong method is told which are right", () =>
  withService({}, function* (rig) {
    const { status, fields } = yield* rig.ask("PUT", "/jobs/1");
    assertEquals([status, fields.get("allow")], [405, "GET, DELETE"]);
    assertEquals((yield* rig.ask("HEAD", "/status")).status, 200);
  }));

Deno.test("api: without the token there is only the health", () =>
  withService({ token: "secret" }, function* (rig) {
    const none = yield* rig.ask("GET", "/status");
    assertEquals([none.status, none.body.error], [401, "unauthorized"]);
    assertStringIncludes(none.fields.get("www-authenticate")!, "Basic");
    const ask = (authorization: string) =>
      rig.ask("GET", "/status", undefined, { Authorization: authorization });
    assertEquals((yield* ask("Bearer wrong")).status, 401);
    assertEquals((yield* ask("Bearer secret")).status, 200);
    assertEquals((yield* ask(`Basic ${btoa("anybody:secret")}`)).status, 200);
    assertEquals((yield* rig.ask("GET", "/healthz")).status, 200);
  }));

Deno.test("api: a page elsewhere changes nothing, also with the token its browser knows", () =>
  withService({ token: "secret" }, function* (rig) {
    const Authorization = `Basic ${btoa("anybody:secret")}`;
    const pause = (fields: Record<string, string>) =>
      rig.ask("POST", "/queues/default/pause", undefined, { Authorization, ...fields });
    const { status, body } = yield* pause({ Origin: "http://evil.example" });
    assertEquals([status, body.error], [403, "forbidden"]);
    assertEquals((yield* pause({ "Sec-Fetch-Site": "cross-site" })).status, 403);
    assertEquals((yield* pause({})).status, 200);
  }));

Deno.test("api: a full queue says when to come again", () =>
  withService({ settings: { maxPending: 1 }, options: { workers: 0 } }, function* (rig) {
    yield* rig.add("noop");
    const { status, body, fields } = yield* rig.ask("POST", "/jobs", { type: "noop" });
    assertEquals([status, body.error, fields.get("retry-after")], [503, "full", "1"]);
  }));

Deno.test("api: a service that stops begins nothing new, and lets look and finish", () =>
  withService({ options: { workers: 0 } }, function* (rig) {
    yield* rig.add("noop");
    const lease = { worker: "w", types: ["noop"] };
    const [{ id, epoch }] = (yield* rig.ask("POST", "/lease", lease)).body.jobs;
    yield* rig.service.drain(0);
    assertEquals((yield* rig.ask("POST", "/jobs", { type: "noop" })).status, 503);
    assertEquals((yield* rig.ask("POST", "/lease", lease)).status, 503);
    assertEquals((yield* rig.ask("GET", `/jobs/${id}`)).status, 200);
    assertEquals((yield* rig.ask("POST", `/jobs/${id}/ack`, { epoch })).status, 200);
  }));

Deno.test("api: what nobody expected is a 500 that tells clients nothing", async () => {
  const failed = withService({}, function* (rig) {
    rig.service.keeper.view = () => {
      throw new Error("at /home/somebody");
    };
    const { status, body } = yield* rig.ask("GET", "/status");
    assertEquals([status, body], [500, { error: "internal", message: "the server failed" }]);
  });
  const error = await assertRejects(() => failed, Error, "nobody has asked for its outcome");
  assertStringIncludes(String(error.cause), "at /home/somebody"); // but whoever runs the server
});
