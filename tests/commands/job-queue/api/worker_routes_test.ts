import { now, sleep, spawn } from "wakeful/runtime";
import { duplex, serveConnection } from "wakeful/net";
import { assertEquals } from "../../../support/assert.ts";
import { bytes } from "../../../support/bytes.ts";
import { withService } from "../service_rig.ts";

const NOBODY_HERE = { options: { workers: 0 } };
const LEASE = { worker: "w", types: ["resize"], lease: "10s" };

Deno.test("worker routes: a type is known from when a worker asked for it", () =>
  withService(NOBODY_HERE, function* (rig) {
    assertEquals((yield* rig.ask("POST", "/jobs", { type: "resize" })).status, 422);
    assertEquals((yield* rig.ask("POST", "/lease", LEASE)).body, { jobs: [] });
    const id = yield* rig.add("resize", { file: "a.png" }, { key: "ann" });
    const { body } = yield* rig.ask("POST", "/lease", LEASE);
    assertEquals(body.jobs, [{
      ...{ id, epoch: 1, type: "resize", queue: "default", key: "ann", attempt: 1 },
      ...{ maxRetries: 3, timeout: 0, lease: 10_000, payload: { file: "a.png" } },
    }]);
    const ack = yield* rig.ask("POST", `/jobs/${id}/ack`, { epoch: 1, result: { w: 10 } });
    assertEquals(ack.body, { verdict: "ok" });
    assertEquals((yield* rig.job(id)).result, { w: 10 });
  }));

Deno.test("worker routes: nobody else may work under the server's own name", () =>
  withService(NOBODY_HERE, function* (rig) {
    const { status, body } = yield* rig.ask("POST", "/lease", { ...LEASE, worker: "local" });
    assertEquals([status, body.error], [400, "bad-request"]);
  }));

Deno.test("worker routes: a lease waits for a job, and no longer than it may", () =>
  withService(NOBODY_HERE, function* (rig) {
    const waiting = spawn(() => rig.ask("POST", "/lease", { ...LEASE, wait: "20s" }));
    yield* sleep(5_000);
    yield* rig.add("resize");
    assertEquals((yield* waiting).body.jobs.length, 1);
    assertEquals(now(), 5_000);
    assertEquals((yield* rig.ask("POST", "/lease", { ...LEASE, wait: "2s" })).body.jobs, []);
    assertEquals(now(), 7_000);
  }));

Deno.test("worker routes: a worker that goes while it waits is given nothing", () =>
  withService(NOBODY_HERE, function* (rig) {
    const [client, server] = duplex();
    const serving = spawn(() => serveConnection(server, (request) => rig.api.handle(request)));
    const body = JSON.stringify({ ...LEASE, wait: "20s" });
    const head = "POST /lease HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    yield* client.writeAll(bytes(`${head}Content-Length: ${body.length}\r\n\r\n${body}`));
    yield* sleep(1_000);
    client.close();
    yield* sleep(1_000);
    const id = yield* rig.add("resize");
    yield* sleep(1_000);
    assertEquals([(yield* rig.job(id)).state, rig.service.keeper.waiting], ["pending", 0]);
    serving.abort();
  }));

Deno.test("worker routes: a worker that was silent for too long is told that it has lost", () =>
  withService(NOBODY_HERE, function* (rig) {
    yield* rig.ask("POST", "/lease", LEASE);
    const id = yield* rig.add("resize");
    yield* rig.ask("POST", "/lease", LEASE);
    yield* sleep(9_000);
    const beat = { epoch: 1, lease: "10s", progress: 0.5, log: ["half"] };
    assertEquals((yield* rig.ask("POST", `/jobs/${id}/heartbeat`, beat)).body, { verdict: "ok" });
    yield* sleep(9_000);
    assertEquals((yield* rig.job(id)).progress, 0.5);
    yield* sleep(2_000);
    const { body: { jobs: [again] } } = yield* rig.ask("POST", "/lease", LEASE);
    assertEquals([again.id, again.epoch, again.attempt], [id, 2, 2]);
    for (const call of ["ack", "nack", "heartbeat"]) {
      const late = yield* rig.ask("POST", `/jobs/${id}/${call}`, { epoch: 1 });
      assertEquals([late.status, late.body.error], [409, "lost"], call);
    }
    assertEquals((yield* rig.ask("GET", "/status")).body.ledger.late, 3);
  }));

Deno.test("worker routes: an attempt can end in several ways", () =>
  withService(NOBODY_HERE, function* (rig) {
    yield* rig.ask("POST", "/lease", LEASE);
    const ended = function* (nack: object) {
      const id = yield* rig.add("resize");
      const { body: { jobs: [{ epoch }] } } = yield* rig.ask("POST", "/lease", LEASE);
      yield* rig.ask("POST", `/jobs/${id}/nack`, { epoch, ...nack });
      const { state, attempt } = yield* rig.job(id);
      yield* rig.ask("DELETE", `/jobs/${id}`);
      return [state, attempt];
    };
    assertEquals(yield* ended({ error: "no" }), ["scheduled", 1]);
    assertEquals(yield* ended({ error: "no", fatal: true }), ["dead", 1]);
    assertEquals(yield* ended({ snooze: "1m" }), ["scheduled", 0]);
    assertEquals(yield* ended({ interrupted: true }), ["pending", 0]);
    assertEquals(yield* ended({ cancelled: true }), ["cancelled", 1]);
    const both = yield* rig.ask("POST", "/jobs/1/nack", { epoch: 1, fatal: true, snooze: 1 });
    assertEquals(both.status, 400);
  }));

Deno.test("worker routes: a worker learns that its job is cancelled", () =>
  withService(NOBODY_HERE, function* (rig) {
    yield* rig.ask("POST", "/lease", LEASE);
    const id = yield* rig.add("resize");
    yield* rig.ask("POST", "/lease", LEASE);
    assertEquals((yield* rig.ask("DELETE", `/jobs/${id}`)).status, 202);
    const { body } = yield* rig.ask("POST", `/jobs/${id}/heartbeat`, { epoch: 1 });
    assertEquals(body, { verdict: "cancelled" });
  }));
