/** The job queue over HTTP, for clients that mean no good, and for those that are slow. */

import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { ORIGIN, ServerProcess } from "./tool_process.ts";

const HOST = "127.0.0.1";
const TYPE = "Content-Type: application/json";

function smoke(name: string, body: (port: number) => Promise<void>): void {
  Deno.test(`job-queue ${ORIGIN}: ${name}`, async () => {
    const flags = ["--port", "0", "--db", ":memory:", "--max-body", "64k"];
    await using server = new ServerProcess("job-queue", "serve", ...flags);
    await body(Number(await server.listening()));
  });
}

/** Sends bytes as they are, and answers everything that comes until the server closes. */
async function raw(port: number, ...pieces: string[]): Promise<string> {
  const connection = await Deno.connect({ hostname: HOST, port });
  try {
    for (const piece of pieces) await connection.write(new TextEncoder().encode(piece));
    return await new Response(connection.readable).text();
  } catch (error) {
    return String(error);
  }
}

function post(body: string, ...fields: string[]): string {
  const all = [`Host: x`, `Content-Length: ${body.length}`, "Connection: close", ...fields];
  return `POST /jobs HTTP/1.1\r\n${all.join("\r\n")}\r\n\r\n${body}`;
}

smoke("each way of being wrong has its status and a reason in JSON", async (port) => {
  const cases: [string, number, string][] = [
    ["nonsense\r\n\r\n", 400, "bad-request"],
    [`GET / HTTP/1.1\r\n\r\n`, 400, "bad-request"],
    [`GET /status HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(100_000)}\r\n\r\n`, 431, "bad-request"],
    [post("{", TYPE), 400, "bad-request"],
    [post("[".repeat(50_000), TYPE), 400, "bad-request"],
    [post('{"type":"\xff"}', TYPE), 400, "bad-request"],
    [post("{}"), 415, "unsupported-media-type"],
    [post("{}", "Content-Type: text/plain"), 415, "unsupported-media-type"],
    [post('{"type":"unheard-of"}', TYPE), 422, "unknown-type"],
    [post("x".repeat(70_000), TYPE), 413, "too-large"],
    [`GET /jobs/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 404, "not-found"],
    [`BREW /jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 405, "method-not-allowed"],
  ];
  for (const [request, status, word] of cases) {
    const answer = await raw(port, request);
    assertMatch(answer, new RegExp(`^HTTP/1\\.1 ${status} `), request.slice(0, 80));
    const { error, message } = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")));
    assertEquals(error, word, request.slice(0, 80));
    assert(message.length > 5);
  }
});

smoke("a body in chunks that grows too large is cut off", async (port) => {
  const head = `POST /jobs HTTP/1.1\r\nHost: x\r\n${TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const chunk = `4000\r\n${" ".repeat(0x4000)}\r\n`;
  assertMatch(await raw(port, head, ...new Array(5).fill(chunk)), /^HTTP\/1\.1 413 /);
});

smoke("while hundreds dawdle, others are served as ever", async (port) => {
  const dawdlers = await Promise.all(
    Array.from({ length: 300 }, async (_, i) => {
      const connection = await Deno.connect({ hostname: HOST, port });
      const begun = i % 2 === 0 ? "POST /jobs HT" : post("{}", TYPE).slice(0, -1);
      await connection.write(new TextEncoder().encode(begun));
      return connection;
    }),
  );
  const begun = performance.now();
  for (let i = 0; i < 50; i++) {
    const answer = await raw(port, post('{"type":"noop"}', TYPE));
    assertMatch(answer, /^HTTP\/1\.1 202 /);
  }
  assert(performance.now() - begun < 5_000);
  for (const connection of dawdlers) connection.close();
});

Deno.test({
  name: `job-queue ${ORIGIN}: who does not finish a head is told so after a while`,
  fn: async () => {
    await using server = new ServerProcess("job-queue", "serve", "--port", "0", "--db", ":memory:");
    const answer = await raw(Number(await server.listening()), "GET /status HTTP/1.1\r\nHost:");
    assertMatch(answer, /^HTTP\/1\.1 408 /);
    assertMatch(answer, /"error":"timeout"/);
  },
});
