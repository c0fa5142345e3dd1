/** The echo server against `nc`, as its users meet it. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { Netcat, ORIGIN, runTool, ServerProcess } from "./tool_process.ts";

const HOST = "127.0.0.1";

function smoke(name: string, body: () => Promise<void>): void {
  Deno.test(`echo-server ${ORIGIN}: ${name}`, body);
}

smoke("echo hello | nc -N gets its line and the end", async () => {
  await using server = new ServerProcess("echo-server", "--port", "0");
  const client = new Netcat("-N", HOST, await server.listening());
  await client.type("hello\n");
  assertEquals(await client.end(), "hello\n");
});

smoke("four interleaved sessions each get their own lines", async () => {
  await using server = new ServerProcess("echo-server", "--port", "0");
  const port = await server.listening();
  const clients = ["ann", "ben", "cleo", "dan"].map((name) => ({
    name,
    nc: new Netcat("-N", HOST, port),
  }));
  for (const round of [1, 2, 3]) {
    for (const { name, nc } of clients) await nc.type(`${name} ${round}\n`);
    for (const { name, nc } of clients) await nc.see(`${name} ${round}\n`);
  }
  for (const { name, nc } of clients) {
    assertEquals(await nc.end(), `${name} 1\n${name} 2\n${name} 3\n`);
  }
});

smoke("a half-closed client gets everything it sent before", async () => {
  await using server = new ServerProcess("echo-server", "--port", "0");
  const client = new Netcat("-N", HOST, await server.listening());
  const text = "0123456789abcdef".repeat(64 * 1024) + "last\n";
  await Promise.all([client.type(text), client.see("last\n")]);
  assert(await client.end() === text);
});

smoke("a client that sends nothing is disconnected, and a line says so", async () => {
  await using server = new ServerProcess("echo-server", "--port", "0", "--idle-timeout", "200ms");
  const client = new Netcat(HOST, await server.listening());
  await server.says(/idle for 200ms: disconnected/);
  assertEquals(await client.end(), "");
});

smoke("SIGTERM lets clients finish, takes no new ones, and ends with 0", async () => {
  await using server = new ServerProcess("echo-server", "--port", "0");
  const port = await server.listening();
  const client = new Netcat("-N", HOST, port);
  await client.type("before\n");
  await client.see("before\n");
  server.signal("SIGTERM");
  await server.says(/no new clients/);
  assertEquals(await new Netcat("-N", HOST, port).end(), "");
  await client.type("after\n");
  assertEquals(await client.see("after\n"), "before\nafter\n");
  await client.end();
  assertEquals(await server.exitCode(), 0);
});

smoke("a client that does not finish is closed after --drain-timeout", async () => {
  await using server = new ServerProcess("echo-server", "--port", "0", "--drain-timeout", "100ms");
  const client = new Netcat(HOST, await server.listening());
  await client.type("still here\n");
  await client.see("still here\n");
  server.signal("SIGTERM");
  assertEquals(await server.exitCode(), 0);
  assertEquals(await client.end(), "still here\n");
});

smoke("over epoll: echo hello | nc -N, and SIGTERM lets clients finish", async () => {
  await using server = new ServerProcess("echo-server", "--port", "0", "--driver", "epoll");
  const port = await server.listening();
  const line = new Netcat("-N", HOST, port);
  await line.type("hello\n");
  assertEquals(await line.end(), "hello\n");
  const client = new Netcat("-N", HOST, port);
  await client.type("before\n");
  await client.see("before\n");
  server.signal("SIGTERM");
  await server.says(/no new clients/);
  assertEquals(await new Netcat("-N", HOST, port).end(), "");
  await client.type("after\n");
  assertEquals(await client.see("after\n"), "before\nafter\n");
  await client.end();
  assertEquals(await server.exitCode(), 0);
});

smoke("over epoll: a half-closed client gets everything it sent before", async () => {
  await using server = new ServerProcess("echo-server", "--port", "0", "--driver", "epoll");
  const client = new Netcat("-N", HOST, await server.listening());
  const text = "0123456789abcdef".repeat(64 * 1024) + "last\n";
  await Promise.all([client.type(text), client.see("last\n")]);
  assert(await client.end() === text);
});

smoke("a second signal ends it at once with 130", async () => {
  await using server = new ServerProcess("echo-server", "--port", "0", "--drain-timeout", "1h");
  const client = new Netcat(HOST, await server.listening());
  await client.type("x\n");
  await client.see("x\n");
  server.signal("SIGINT");
  await server.says(/no new clients/);
  server.signal("SIGINT");
  assertEquals(await server.exitCode(), 130);
  await client.end();
});

smoke("a taken port is one helpful line and exit 1", async () => {
  await using server = new ServerProcess("echo-server", "--port", "0");
  const port = await server.listening();
  const { code, stdout, stderr } = await runTool("echo-server", "--port", port);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^.*listen on 127\.0\.0\.1:\d+: Address already in use; .*--port 0\n$/);
});

smoke("bad flags are one line and exit 2", async () => {
  const lines: Record<string, string> = {
    "--port=99999": "expected a port from 0 to 65535",
    "--prot=1": "did you mean --port?",
    "--idle-timeout=10": "expected a duration with its unit",
    "--overflow=drop": "expected wait or refuse",
  };
  for (const [flag, expected] of Object.entries(lines)) {
    const { code, stdout, stderr } = await runTool("echo-server", flag);
    assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [2, "", 1], flag);
    assertStringIncludes(stderr, expected);
  }
});

smoke("listens on a Unix socket and takes over one that a dead server left", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/echo.sock`;
  {
    await using first = new ServerProcess("echo-server", "--unix", path);
    await first.listening();
  } // ended with SIGKILL: the file stays
  await using server = new ServerProcess("echo-server", "--unix", path);
  await server.listening();
  const client = new Netcat("-NU", path);
  await client.type("unix\n");
  assertEquals(await client.end(), "unix\n");
  server.signal("SIGTERM");
  assertEquals(await server.exitCode(), 0);
  await Deno.remove(folder); // empty again
});

smoke("test checks itself and ends with 0", async () => {
  const { code, stdout } = await runTool("echo-server", "test");
  assertEquals([code, stdout.trimEnd().split("\n").at(-1)], [0, "everything works"]);
});
