/** HTTP on real sockets: curl against our server, our client against Python's. */
import {
  eventStream,
  HttpConnection,
  HttpPool,
  serve,
  TcpListener,
  UnixListener,
} from "wakeful/net";
import { blockOn, CancellationToken, type Co, fromPromise, scope } from "wakeful/runtime";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";

const MEGABYTE = 1024 * 1024;

/** Runs curl to its end; what it wrote. */
async function curl(...args: string[]): Promise<string> {
  const command = new Deno.Command("curl", {
    args: ["--silent", "--show-error", "--max-time", "10", ...args],
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await command.output();
  const text = new TextDecoder().decode(stdout);
  return success ? text : text + new TextDecoder().decode(stderr);
}

/** Runs `body` beside a server that does a little of everything. */
async function withServer(body: (url: string) => Co<void>): Promise<void> {
  await blockOn(function* () {
    using listener = yield* TcpListener.bind({ port: 0 });
    yield* withListener(listener, () => body(`http://127.0.0.1:${listener.localAddr.port}`));
  });
}

function* withListener(listener: TcpListener | UnixListener, body: () => Co<void>): Co<void> {
  const stopping = new CancellationToken();
  yield* scope(function* (s) {
    s.spawn(serve(listener, function* (request) {
      switch (request.path) {
        case "/echo":
          return { body: request.body };
        case "/count":
          return { body: `${(yield* request.body.bytes()).length}` };
        case "/large":
          return { body: new Uint8Array(3 * MEGABYTE).fill(0x61) };
        case "/events":
          return eventStream(function* (events) {
            yield* events.send({ data: "one" });
            yield* events.send({ data: "two" });
          });
        case "/fail":
          throw new Error("planted");
      }
      return { status: 404, body: `${request.method} ${request.path}` };
    }, { stopping, onError() {} }));
    yield* body();
    stopping.cancel("the test is over");
  });
}

Deno.test("http: curl gets answers, and keeps the connection", async () => {
  await withServer(function* (url) {
    const verbose = yield* fromPromise(() =>
      curl("--verbose", "--stderr", "-", `${url}/a?b`, `${url}/c`)
    );
    assertStringIncludes(verbose, "GET /a?b");
    assertStringIncludes(verbose, "GET /c");
    assert(/Re-using existing (http:.*)?connection/.test(verbose), verbose);
  });
});

Deno.test("http: curl posts with a length, in chunks, and after a 100", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeFile(file, new Uint8Array(2 * MEGABYTE));
  await withServer(function* (url) {
    const post = (...args: string[]) => fromPromise(() => curl(...args));
    assertEquals(yield* post("--data", "hello", `${url}/echo`), "hello");
    const data = ["--data-binary", `@${file}`];
    assertEquals(yield* post(...data, `${url}/count`), `${2 * MEGABYTE}`);
    const expect = ["--header", "Expect: 100-continue"];
    assertEquals(yield* post(...data, ...expect, `${url}/count`), `${2 * MEGABYTE}`);
    const chunked = ["--header", "Transfer-Encoding: chunked", "--header", "Expect:"];
    assertEquals(yield* post(...data, ...chunked, `${url}/count`), `${2 * MEGABYTE}`);
  });
  await Deno.remove(file);
});

Deno.test("http: curl sees HEAD, HTTP/1.0, a large body, events and a 500", async () => {
  await withServer(function* (url) {
    const get = (...args: string[]) => fromPromise(() => curl(...args));
    const head = yield* get("--head", `${url}/large`);
    assertStringIncludes(head, `Content-Length: ${3 * MEGABYTE}`);
    assertStringIncludes(head, "Date: ");
    assertEquals(yield* get("--http1.0", `${url}/x`), "GET /x");
    assertEquals((yield* get(`${url}/large`)).length, 3 * MEGABYTE);
    assertEquals(yield* get("--no-buffer", `${url}/events`), "data: one\n\ndata: two\n\n");
    assertEquals(
      yield* get("--write-out", "%{http_code}", `${url}/fail`),
      "the server failed\n500",
    );
    const folded = yield* get("--include", "--header", "X : y", `${url}/x`);
    assertStringIncludes(folded, "RFC 9112 §5.1");
  });
});

Deno.test("http: curl over a Unix socket", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/http`;
  await blockOn(function* () {
    using listener = yield* UnixListener.bind(path);
    yield* withListener(listener, function* () {
      const text = yield* fromPromise(() => curl("--unix-socket", path, "http://x/y"));
      assertEquals(text, "GET /y");
      using connection = yield* HttpConnection.connect({ unix: path });
      assertEquals(yield* (yield* connection.request({ target: "/z" })).text(), "GET /z");
    });
  });
  await Deno.remove(folder, { recursive: true });
});

/** Waits for the port that Python says it listens on. */
async function portOf(output: ReadableStream<Uint8Array>): Promise<number> {
  let text = "";
  for await (const piece of output.values({ preventCancel: true })) {
    text += new TextDecoder().decode(piece);
    const found = text.match(/port (\d+)/);
    if (found !== null) return Number(found[1]);
  }
  throw new Error(`no port in: ${text}`);
}

Deno.test("http: our client gets files from Python's server, which ends each connection", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/a.txt`, "from python");
  await Deno.writeFile(`${folder}/large`, new Uint8Array(MEGABYTE));
  const child = new Deno.Command("python3", {
    args: ["-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", folder, "0"],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  try {
    const port = await portOf(child.stdout);
    await blockOn(function* () {
      using pool = new HttpPool({ port }, { max: 2, timeout: 10_000 });
      const text = yield* pool.request({ target: "/a.txt" }, (response) => response.text());
      assertEquals(text, "from python");
      const length = yield* pool.request(
        { target: "/large" },
        (response) => response.body.discard(),
      );
      assertEquals(length, MEGABYTE);
      const missing = yield* pool.request({ target: "/b" }, function* (response) {
        yield* response.body.discard();
        return [response.status, response.head.version];
      });
      assertEquals(missing, [404, "1.0"]);
      assertEquals(pool.statistics().created, 3);
    });
  } finally {
    child.kill();
    await child.stdout.cancel();
    await child.status;
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("http: a thousand requests over a few connections", async () => {
  await withServer(function* (url) {
    const port = Number(new URL(url).port);
    using pool = new HttpPool({ port }, { max: 8, timeout: 10_000 });
    yield* scope(function* (s) {
      for (let worker = 0; worker < 8; worker++) {
        s.spawn(function* () {
          for (let i = 0; i < 125; i++) {
            const body = `${worker}:${i}`;
            const request = { method: "POST", target: "/echo", body };
            assertEquals(yield* pool.request(request, (response) => response.text()), body);
          }
        });
      }
    });
    assertEquals(pool.statistics().created, 8);
  });
});
