/** The example programs, run as their headers say. */

import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { ChildProcess, type ProcessResult } from "../support/child_process.ts";

const LIMIT_MS = 30_000;
const HOST = "127.0.0.1";

/** Nobody says this. */
const NEVER = "\0";

/** What Deno's sockets have taken is on its way; what the system has taken it has. */
const HANDSHAKE: Readonly<Record<string, string>> = {
  deno: "Initiated, SentHandshake, AwaitingAck, Connected",
  epoll: "Initiated, AwaitingAck, Connected",
};

/** One example as a process that is ended when it takes too long. */
class Example implements AsyncDisposable {
  readonly process: ChildProcess;
  #late: ReturnType<typeof setTimeout>;

  constructor(name: string, permissions: readonly string[], ...args: string[]) {
    this.process = new ChildProcess(permissions, `examples/${name}.ts`, { args });
    this.#late = setTimeout(() => this.process.kill("SIGKILL"), LIMIT_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#late);
    await this.process[Symbol.asyncDispose]();
  }
}

async function run(
  name: string,
  permissions: readonly string[],
  ...args: string[]
): Promise<ProcessResult> {
  await using example = new Example(name, permissions, ...args);
  return await example.process.result();
}

async function linesOf(name: string, permissions: readonly string[], ...args: string[]) {
  const { code, stdout, stderr } = await run(name, permissions, ...args);
  assertEquals([code, stderr], [0, ""]);
  return stdout.trimEnd().split("\n");
}

Deno.test("examples: bank", async () => {
  const lines = await linesOf("bank", []);
  assertEquals(lines[0], "Alice 1000, Bob 500");
  assertEquals(lines.at(-1), "Alice 800, Bob 700");
});

Deno.test("examples: log_analyzer, on its sample and on a file", async () => {
  const expected = ["/api/data 2 (500, 503)", "/api/upload 1 (500)", "3 of 6 requests failed"];
  assertEquals(await linesOf("log_analyzer", []), expected);
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, "GET /a 200\nGET /b 502\n");
    const lines = await linesOf("log_analyzer", [`--allow-read=${file}`], file);
    assertEquals(lines, ["/b 1 (502)", "1 of 2 requests failed"]);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("examples: crawler", async () => {
  const answer = (request: Request) =>
    request.url.endsWith("/page") ? new Response("hello") : new Response("?", { status: 404 });
  await using server = Deno.serve({ hostname: HOST, port: 0, onListen() {} }, answer);
  const site = `http://${HOST}:${server.addr.port}`;
  const closed = Deno.listen({ hostname: HOST, port: 0 });
  const nobody = `http://${HOST}:${closed.addr.port}/`;
  closed.close();
  const urls = [`${site}/page`, `${site}/none`, nobody];
  const lines = await linesOf("crawler", [`--allow-net=${HOST}`], ...urls);
  assertMatch(lines[0], /^URL +STATUS +BYTES +LATENCY$/);
  assertMatch(lines[1], /page +200 +5 +\d+ ms$/);
  assertMatch(lines[2], /none +404 +1 +\d+ ms$/);
  assertMatch(lines[3], /failed +- +\d+ ms {2}.+/);
  assertMatch(lines[4], /^2 of 3 answered, 6 bytes in \d+ ms$/);
});

Deno.test("examples: worker_pool, with jobs done, and giving up", async () => {
  const lines = await linesOf("worker_pool", []);
  assertEquals(lines.filter((line) => line.includes("restarted")).length, 3);
  assertEquals(lines.at(-1), "20 of 20 jobs done");
  const { code, stdout } = await run("worker_pool", [], "one-for-one", "6");
  assertEquals(code, 1);
  assertMatch(stdout, /^gave up after 6 failures within 60000 ms$/m);
});

Deno.test("examples: dashboard", async () => {
  const lines = await linesOf("dashboard", [], "3");
  assertEquals(lines.filter((line) => line.startsWith("dashboard: ")).length, 3);
  assert(lines.some((line) => line.startsWith("ALERT: 6 requests")));
  assert(lines.some((line) => /^logger: missed \d+ requests/.test(line)));
});

Deno.test("examples: broadcast_chat, until Ctrl-C", async () => {
  await using example = new Example("broadcast_chat", ["--allow-net"], "0");
  const [, port] = await example.process.line(/listening on .*:(\d+)/);
  const connect = () => Deno.connect({ hostname: HOST, port: Number(port) });
  using ann = await connect();
  await example.process.line(/client 1 has come/);
  using ben = await connect();
  await example.process.line(/client 2 has come/);
  await ann.write(new TextEncoder().encode("hello\n"));
  assertEquals(await readUntil(ben, "hello\n"), "* client 2 has come\n1: hello\n");
  example.process.kill("SIGINT");
  const { code, stderr } = await example.process.result();
  assertEquals([code, stderr], [0, ""]);
});

Deno.test("examples: data_server, 4,000 requests of a second each in little more than one", async () => {
  await using server = new Example("data_server", ["--allow-net", "--allow-read"], "0");
  const [, port] = await server.process.line(/listening on .*:(\d+)/);
  for (const requests of ["4000", "20000"]) {
    const [line] = await linesOf("data_client", ["--allow-net"], port, "--requests", requests);
    assertMatch(line, new RegExp(`^${requests} of ${requests} answered, elapsed [1-9]\\.\\d+ s$`));
  }
  server.process.kill("SIGINT");
  assertEquals((await server.process.result()).code, 0);
});

Deno.test("examples: broadcast_chat, on a port that is taken", async () => {
  using listener = Deno.listen({ hostname: HOST, port: 0 });
  const { code, stderr } = await run("broadcast_chat", ["--allow-net"], `${listener.addr.port}`);
  assertEquals(code, 1);
  assertMatch(stderr, /^broadcast_chat: .+\n$/);
});

async function readUntil(conn: Deno.Conn, ending: string): Promise<string> {
  const buffer = new Uint8Array(1024);
  let text = "";
  while (!text.endsWith(ending)) {
    const n = await conn.read(buffer);
    if (n === null) break;
    text += new TextDecoder().decode(buffer.subarray(0, n));
  }
  return text;
}

for (const driver of ["deno", "epoll"]) {
  Deno.test(`examples: async_without_async and handshake on ${driver}, until SIGTERM`, async () => {
    const permissions = ["--allow-net", "--allow-ffi"];
    const flags = ["--driver", driver];
    const serve = ["0", ...flags, "--clients", "2", "--status-interval", "200"];
    await using example = new Example("async_without_async", permissions, ...serve);
    const [, port] = await example.process.line(/listening on .*:(\d+)/);
    const connect = () => Deno.connect({ hostname: HOST, port: Number(port) });
    assertEquals(await linesOf("handshake", permissions, port, ...flags), [
      `state machine: ${HANDSHAKE[driver]}`,
      "coroutine: Connected",
    ]);
    using ann = await connect();
    await ann.write(new TextEncoder().encode("hello\n"));
    assertEquals(await readUntil(ann, "hello\n"), "hello\n");
    assertEquals(await readUntil(ann, "connections\n"), "Server status: 1 active connections\n");
    using _ben = await connect();
    using refused = await connect();
    assertEquals(await readUntil(refused, NEVER), "");
    await example.process.line(/full: no more than 2 clients/);
    example.process.kill("SIGTERM");
    const { code, stderr } = await example.process.result();
    assertEquals([code, stderr], [0, ""]);
  });
}

const BAD: readonly (readonly [name: string, args: string[], message: string])[] = [
  ["async_without_async", ["http"], 'expected a port from 0 to 65535, got "http"'],
  ["async_without_async", ["--driver", "iocp"], 'expected deno or epoll, got "iocp"'],
  ["handshake", [], 'expected a port and perhaps --driver, got ""'],
  ["bank", ["now"], 'takes no arguments, got "now"'],
  ["broadcast_chat", ["http"], 'expected a port, got "http"'],
  ["broadcast_chat", ["65536"], 'expected a port, got "65536"'],
  ["crawler", [], "expected URLs that begin with http:// or https://, got nothing"],
  ["crawler", ["ftp://a"], 'expected URLs that begin with http:// or https://, got "ftp://a"'],
  ["dashboard", ["soon"], 'expected seconds from 1 to 3600, got "soon"'],
  ["data_server", ["http"], 'expected a port, got "http"'],
  ["data_client", ["1", "2"], 'expected a port, got "1 2"'],
  ["data_client", ["--requests", "0"], 'expected requests from 1 to 1000000, got "0"'],
  ["log_analyzer", ["a", "b"], 'takes one file, got "a b"'],
  ["log_analyzer", ["/nowhere"], "No such file or directory (os error 2): open '/nowhere'"],
  [
    "worker_pool",
    ["all"],
    'expected one-for-one, one-for-all, rest-for-one as strategy, got "all"',
  ],
  ["worker_pool", ["one-for-one", "x"], 'expected a number of crashes from 0 to 10, got "x"'],
];

for (const [name, args, message] of BAD) {
  Deno.test(`examples: ${name} ${args.join(" ")}: one line, exit 2`, async () => {
    const { code, stdout, stderr } = await run(name, ["--allow-net", "--allow-read"], ...args);
    assertEquals([code, stdout, stderr], [2, "", `${name}: ${message}\n`]);
  });
}
