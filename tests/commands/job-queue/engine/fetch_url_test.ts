import { type Co, sleep, spawn } from "wakeful/runtime";
import { serve, TcpListener } from "wakeful/net";
import { runTest, simulate } from "wakeful/testing";
import { assertEquals, assertRejects } from "../../../support/assert.ts";
import { stubbed } from "../../../support/stub.ts";
import {
  type Fetch,
  type Fetched,
  fetchUrl,
  isFetchable,
  NoRequest,
} from "../../../../commands/job-queue/engine/fetch_url.ts";

/** What comes of fetching from a server that answers 302 and its request. */
async function fetched(path: string, more: Partial<Fetch> = {}, port = 80) {
  const seen: string[] = [];
  const { value } = await simulate({ seed: 1 }, function* (world) {
    world.host("server", function* () {
      using listener = yield* TcpListener.bind({ host: "0.0.0.0", port });
      yield* serve(listener, function* ({ method, path, fields, body }) {
        seen.push(`${method} ${path} ${fields.get("x-a")} ${yield* body.text()}`.trimEnd());
        return { status: 302, fields: { Location: "/elsewhere" }, body: "12345" };
      });
    });
    const client = world.host("client", function* (): Co<Fetched> {
      yield* sleep(10);
      return yield* fetchUrl({ url: new URL(path, `http://server:${port}`), ...more });
    });
    return yield* client.outcome();
  });
  return { value, seen };
}

Deno.test("fetch url: http and https can be fetched", () => {
  const urls = ["http://x", "https://x", "file:///x", "ftp://x"].map((url) => new URL(url));
  assertEquals(urls.map(isFetchable), [true, true, false, false]);
  assertEquals(isFetchable(undefined), false);
});

Deno.test("fetch url: says how it was answered and how much came, and follows nothing", async () => {
  const { value, seen } = await fetched("/a?b=1");
  assertEquals([value, seen], [{ status: 302, bytes: 5 }, ["GET /a?b=1 undefined"]]);
});

Deno.test("fetch url: method, fields, body and port are those that were said", async () => {
  const more = { method: "POST", headers: { "X-A": "1" }, body: "hello" };
  assertEquals((await fetched("/a", more, 81)).seen, ["POST /a 1 hello"]);
});

/** Fetches over TLS, with a platform that answers so. */
function* platformFetch(
  more: Partial<Fetch>,
  answer: (request: Request, init: { signal: AbortSignal }) => Promise<Response>,
): Co<Fetched> {
  using _stubbed = stubbed(globalThis, "fetch", answer);
  return yield* fetchUrl({ url: new URL("https://server/"), ...more });
}

Deno.test("fetch url: over TLS the platform does it, and follows nothing either", () =>
  runTest(function* () {
    const more = { method: "POST", headers: { "X-A": "1" }, body: "hello" };
    let asked: unknown;
    const fetched = yield* platformFetch(more, async (request) => {
      const { url, method, redirect } = request;
      const headers = { "X-A": request.headers.get("x-a") };
      asked = { url, method, headers, body: await request.text(), redirect };
      return new Response("12345", { status: 201 });
    });
    assertEquals(fetched, { status: 201, bytes: 5 });
    assertEquals(asked, { url: "https://server/", ...more, redirect: "manual" });
  }));

Deno.test("fetch url: when nobody waits any more the platform is told", () =>
  runTest(function* () {
    let signal: AbortSignal | undefined;
    const fetching = spawn(() =>
      platformFetch({}, (_request, init) => {
        signal = init.signal;
        return new Promise(() => {});
      })
    );
    yield* sleep(1);
    assertEquals(signal?.aborted, false);
    fetching.abort();
    assertEquals(signal?.aborted, true);
  }));

Deno.test("fetch url: what is no request is said so, over TLS as well, and nothing is sent", async () => {
  for (const url of ["http://127.0.0.1:1/", "https://127.0.0.1:1/"].map((url) => new URL(url))) {
    for (const more of [{ method: "" }, { headers: { "a b": "c" } }]) {
      await assertRejects(() => runTest(() => fetchUrl({ url, ...more })), NoRequest);
    }
  }
});
