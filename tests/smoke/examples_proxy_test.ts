/** The proxy of the examples, by the commands of its header. */

import { assert, assertEquals } from "../support/assert.ts";
import { ChildProcess } from "../support/child_process.ts";
import { Netcat, ServerProcess } from "./tool_process.ts";

const HOST = "127.0.0.1";

/** The proxy before an echo server, both on free ports. */
async function proxied(...flags: string[]) {
  const server = new ServerProcess("echo-server", "--port", "0");
  const to = `${HOST}:${await server.listening()}`;
  const args = ["--listen", "0", "--to", to, ...flags];
  const proxy = new ChildProcess(["-N"], "examples/proxy.ts", { args });
  const [, port] = await proxy.line(/^listening on .*:(\d+)$/m);
  const end = async () => {
    await proxy[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  };
  return { port, [Symbol.asyncDispose]: end };
}

Deno.test("examples/proxy.ts: bytes go there and back, and so does the end", async () => {
  await using proxy = await proxied();
  const client = new Netcat("-N", HOST, proxy.port);
  const text = "0123456789abcdef".repeat(16 * 1024) + "last\n";
  await Promise.all([client.type(text), client.see("last\n")]);
  assert(await client.end() === text);
});

Deno.test("examples/proxy.ts: with --lines, clients share one connection", async () => {
  await using proxy = await proxied("--lines", "--max", "1");
  const [ann, ben] = [new Netcat("-N", HOST, proxy.port), new Netcat("-N", HOST, proxy.port)];
  for (const round of [1, 2]) {
    for (const [name, client] of Object.entries({ ann, ben })) {
      await client.type(`${name} ${round}\n`);
      await client.see(`${name} ${round}\n`);
    }
  }
  assertEquals([await ann.end(), await ben.end()], ["ann 1\nann 2\n", "ben 1\nben 2\n"]);
});
