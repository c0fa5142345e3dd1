import { type Co, now, sleep, spawn } from "wakeful/runtime";
import {
  type HttpRequest,
  type HttpResponseInit,
  RequestFailed,
  serve,
  TcpListener,
} from "wakeful/net";
import { simulate } from "wakeful/testing";
import { assert, assertEquals, assertThrows } from "../../../support/assert.ts";
import { UsageError } from "../../../../commands/cli/errors.ts";
import {
  type ClientOptions,
  QueueClient,
  Refused,
} from "../../../../commands/job-queue/client/queue_client.ts";

const OK = { status: 200, body: "{}" };

/** What comes of talking to a server that answers so. */
async function talking<T>(
  answer: (request: HttpRequest) => Co<HttpResponseInit>,
  body: (client: QueueClient) => Co<T>,
  options: Partial<ClientOptions> = {},
): Promise<T> {
  const { value } = await simulate({ seed: 1 }, function* (world) {
    world.host("server", function* () {
      using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: 80 });
      yield* serve(listener, answer);
    });
    const client = world.host("client", function* () {
      yield* sleep(10);
      using client = new QueueClient({ server: "server", ...options });
      return yield* body(client);
    });
    return yield* client.outcome();
  });
  return value;
}

/** The error that a call ends with. */
function* errorOf(call: Co<unknown>): Co<unknown> {
  try {
    return yield* call;
  } catch (error) {
    return error;
  }
}

/** What a call is refused with. */
function* refusalOf(call: Co<unknown>): Co<[status: number, code: string, message: string]> {
  const error = yield* errorOf(call);
  assert(error instanceof Refused, String(error));
  return [error.status, error.code, error.message];
}

/** A server that always answers this. */
function answering(status: number, body: string): () => Co<HttpResponseInit> {
  return function* () {
    return { status, body };
  };
}

Deno.test("queue client: each call says what it wants, who asks, and that it speaks JSON", async () => {
  const seen: string[] = [];
  const server = function* ({ method, path, fields, body }: HttpRequest): Co<HttpResponseInit> {
    const [type, who] = ["content-type", "authorization"].map((name) => fields.get(name));
    seen.push(`${method} ${path} ${type} ${who} ${yield* body.text()}`.trimEnd());
    return { status: 202, body: '{"id":7}' };
  };
  const calls = function* (client: QueueClient): Co<void> {
    const answer = { status: 202, body: { id: 7 } };
    assertEquals(yield* client.get("/jobs?limit=1"), answer);
    assertEquals(yield* client.post("/jobs", { type: "noop" }), answer);
    assertEquals(yield* client.post("/jobs/7/retry"), answer);
    assertEquals(yield* client.delete("/jobs/7"), answer);
  };
  await talking(server, calls, { token: "secret" });
  const json = "application/json Bearer secret";
  assertEquals(seen.splice(0), [
    `GET /jobs?limit=1 ${json}`,
    `POST /jobs ${json} {"type":"noop"}`,
    `POST /jobs/7/retry ${json} {}`,
    `DELETE /jobs/7 ${json}`,
  ]);
  await talking(server, (client) => client.get("/"));
  assertEquals(seen, ["GET / application/json undefined"]);
});

Deno.test("queue client: what the server refuses is an error with its status, word and sentence", async () => {
  const refusal = (status: number, body: string) =>
    talking(answering(status, body), (client) => refusalOf(client.get("/")));
  const full = await refusal(503, '{"error":"full","message":"it is full"}');
  assertEquals(full, [503, "full", "it is full"]);
  assertEquals(await refusal(400, "{}"), [400, "undefined", "status 400"]);
  const foreign = await refusal(200, "<html>");
  assertEquals(foreign, [200, "no-queue", "what answers there is no job queue (status 200)"]);
});

Deno.test("queue client: a server that is busy may do it another time", () => {
  const busy = [400, 401, 404, 409, 413, 429, 500, 502, 503, 504]
    .filter((status) => new Refused(status, "", "").isBusy);
  assertEquals(busy, [429, 500, 502, 503, 504]);
});

Deno.test("queue client: a server that says nothing is given up after half a minute", async () => {
  const silent = function* (): Co<HttpResponseInit> {
    yield* sleep(60_000);
    return OK;
  };
  await talking(silent, function* (client) {
    const begun = now();
    const error = yield* errorOf(client.get("/"));
    assert(error instanceof RequestFailed, String(error));
    const waited = now() - begun;
    assert(30_000 <= waited && waited < 31_000, `${waited}`);
  });
});

Deno.test("queue client: asks one thing at a time, or as many as it has connections", async () => {
  for (const connections of [undefined, 3]) {
    let [running, most] = [0, 0];
    const server = function* (): Co<HttpResponseInit> {
      most = Math.max(most, ++running);
      yield* sleep(100);
      running--;
      return OK;
    };
    await talking(server, function* (client) {
      const asked = [1, 2, 3, 4].map(() => spawn(() => client.get("/")));
      for (const one of asked) yield* one;
    }, { connections });
    assertEquals(most, connections ?? 1);
  }
});

Deno.test("queue client: an answer without an end is nobody's way, and has no time limit", async () => {
  const server = function* ({ path }: HttpRequest): Co<HttpResponseInit> {
    if (path !== "/events") return OK;
    return {
      *body(out) {
        yield* out.write("first");
        yield* sleep(100_000);
        yield* out.write("last");
      },
    };
  };
  const text = await talking(server, function* (client) {
    const reading = spawn(() => client.stream("/events", ({ body }) => body.text()));
    yield* sleep(1_000);
    assertEquals((yield* client.get("/")).status, 200);
    return yield* reading;
  });
  assertEquals(text, "firstlast");
});

Deno.test("queue client: a stream that is refused is not read", async () => {
  const server = answering(401, '{"error":"unauthorized","message":"no"}');
  const refusal = await talking(
    server,
    (client) =>
      refusalOf(client.stream("/events", function* () {
        throw new Error("read");
      })),
  );
  assertEquals(refusal, [401, "unauthorized", "no"]);
});

Deno.test("queue client: an address has to be one, with nothing that would be dropped", () => {
  const wrong = ["https://x", "http://x/path", "http://", "ftp://x", "http://x?a=1", "ann:b@x"];
  for (const server of wrong) {
    assertThrows(() => new QueueClient({ server }), UsageError, "expected an address");
  }
  for (const server of ["x", "x:81", "http://x/", "http://[::1]:80"]) {
    new QueueClient({ server })[Symbol.dispose]();
  }
});
