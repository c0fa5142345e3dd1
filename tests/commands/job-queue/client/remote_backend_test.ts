import { type Co, type Logger, sleep } from "wakeful/runtime";
import { serve, TcpListener } from "wakeful/net";
import { simulate } from "wakeful/testing";
import { assertEquals, assertRejects } from "../../../support/assert.ts";
import { QueueClient } from "../../../../commands/job-queue/client/queue_client.ts";
import { ClaimRefused } from "../../../../commands/job-queue/engine/backend.ts";
import { RemoteBackend } from "../../../../commands/job-queue/client/remote_backend.ts";
import { recordingLogger } from "../../echo-server/served.ts";
import { NO_LOG } from "../service_rig.ts";

/** What is no text goes as JSON. */
type Answer = readonly [status: number, body: unknown];

/** What a backend does with a server that answers so, one answer after the other. */
async function answered<T>(
  answers: Answer[],
  body: (backend: RemoteBackend) => Co<T>,
  log: Logger = NO_LOG,
): Promise<{ value: T; asked: string[] }> {
  const asked: string[] = [];
  const { value } = await simulate({ seed: 1 }, function* (world) {
    world.host("server", function* () {
      using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: 80 });
      yield* serve(listener, function* (request) {
        asked.push(`${request.path} ${yield* request.body.text()}`);
        const [status, body] = answers.shift() ?? [500, { error: "internal", message: "no more" }];
        return { status, body: typeof body === "string" ? body : JSON.stringify(body) };
      });
    });
    const client = world.host("client", function* () {
      yield* sleep(10);
      using client = new QueueClient({ server: "http://server" });
      const as = { worker: "w", types: ["noop"], lease: 30_000 };
      return yield* body(new RemoteBackend(client, as, log));
    });
    return yield* client.outcome();
  });
  return { value, asked };
}

const UNAVAILABLE: Answer = [503, { error: "unavailable", message: "it stops" }];

Deno.test("remote backend: asks again while the server is away, and says once what came of it", async () => {
  const report = { kind: "complete", id: 7, epoch: 2, result: '{"a":1}' } as const;
  const { value, asked } = await answered(
    [UNAVAILABLE, UNAVAILABLE, [200, { verdict: "ok" }]],
    (backend) => backend.report(report),
  );
  assertEquals(value, "ok");
  assertEquals(asked.length, 3);
  assertEquals(asked.at(-1), '/jobs/7/ack {"epoch":2,"result":{"a":1}}');
});

Deno.test("remote backend: an error of the server, or of a proxy before it, passes", async () => {
  const { log, events } = recordingLogger();
  const { value, asked } = await answered(
    [[502, "<html>"], [404, "<html>"], [500, {}], [429, {}], [408, {}], [200, { jobs: [] }]],
    (backend) => backend.claim(() => 1),
    log,
  );
  assertEquals([value, asked.length], [[], 6]);
  assertEquals(events.map(({ message }) => message), [
    "what answers there is no job queue (status 502); trying again",
    "the server is back",
  ]);
  const report = { kind: "complete", id: 7, epoch: 2 } as const;
  const told = await answered(
    [[404, "<html>"], [200, { verdict: "ok" }]],
    (backend) => backend.report(report),
  );
  assertEquals(told.value, "ok");
});

Deno.test("remote backend: a result that is refused for good is told, and fails the job", async () => {
  const { log, events } = recordingLogger();
  const report = { kind: "complete", id: 7, epoch: 2, result: '"long"' } as const;
  const refusals: Answer[] = [
    [413, { error: "too-large", message: "the body is too long" }],
    [200, { verdict: "ok" }],
  ];
  const { value, asked } = await answered(refusals, (backend) => backend.report(report), log);
  const error = "its result was refused: the body is too long";
  assertEquals([value, asked.at(-1)], [
    "ok",
    `/jobs/7/nack {"epoch":2,"error":"${error}","fatal":true}`,
  ]);
  const line = { job: 7, error: "the body is too long" };
  assertEquals(events.map(({ message, fields }) => [message, fields]), [
    ["what came of a job was refused", line],
  ]);
});

Deno.test("remote backend: a failure that is refused for good is told, and left", async () => {
  const { log, events } = recordingLogger();
  const failed = { kind: "fail", id: 7, epoch: 2, how: "error", error: "no" } as const;
  const refusal: Answer = [400, { error: "bad-request", message: "expected no error" }];
  const { value, asked } = await answered([refusal], (backend) => backend.report(failed), log);
  assertEquals([value, asked.length, events.length], ["unknown", 1, 1]);
});

Deno.test("remote backend: a lost lease and a job that is gone are verdicts", async () => {
  const failed = { kind: "fail", id: 7, epoch: 2, how: "fatal", error: "no" } as const;
  const lost = await answered([[409, { error: "lost" }]], (backend) => backend.report(failed));
  assertEquals(lost, {
    value: "lost",
    asked: ['/jobs/7/nack {"epoch":2,"error":"no","fatal":true}'],
  });
  const gone = await answered([[404, { error: "not-found" }]], (backend) => backend.report(failed));
  assertEquals(gone.value, "unknown");
});

Deno.test("remote backend: a heartbeat that is not heard does not end the job", async () => {
  const beat = { kind: "heartbeat", id: 7, epoch: 2, lease: 1_000 } as const;
  assertEquals((await answered([UNAVAILABLE], (backend) => backend.heartbeat(beat))).value, "ok");
});

Deno.test("remote backend: payloads come as JSON; a claim waits no longer than half a lease", async () => {
  const job = { id: 1, epoch: 1, type: "noop", payload: { a: [1] } };
  const { value, asked } = await answered(
    [[200, { jobs: [job] }]],
    (backend) => backend.claim(() => 3),
  );
  assertEquals(value.map(({ payload }) => payload), ['{"a":[1]}']);
  assertEquals(asked, [
    '/lease {"worker":"w","types":["noop"],"lease":30000,"max":3,"wait":15000}',
  ]);
});

Deno.test("remote backend: what will not pass is an error", async () => {
  const wrong: Answer = [401, { error: "unauthorized", message: "the token is wrong" }];
  const error = await assertRejects(() => answered([wrong], (backend) => backend.claim(() => 1)));
  const message = "the token is wrong; give it with --token, or as WAKEFUL_JOB_QUEUE_TOKEN";
  assertEquals(String((error as Error).cause), String(new ClaimRefused(message)));
});
