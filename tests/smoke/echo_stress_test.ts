/** The echo server under clients that are many, slow or rude. */

import { assert, assertEquals } from "../support/assert.ts";
import { ORIGIN, ServerProcess } from "./tool_process.ts";

const HOST = "127.0.0.1";
const MIB = 1024 * 1024;

async function withServer(
  flags: string[],
  body: (port: number, server: ServerProcess) => Promise<void>,
): Promise<void> {
  await using server = new ServerProcess("echo-server", "--port", "0", ...flags);
  await body(Number(await server.listening()), server);
}

function connect(port: number): Promise<Deno.TcpConn> {
  return Deno.connect({ hostname: HOST, port });
}

async function writeAll(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await conn.write(bytes.subarray(sent));
}

function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const MOST_AT_ONCE = 65_536;
  for (let i = 0; i < length; i += MOST_AT_ONCE) {
    crypto.getRandomValues(bytes.subarray(i, i + MOST_AT_ONCE));
  }
  return bytes;
}

/** Sends in chunks of random size and half-closes. */
async function sendInChunks(conn: Deno.TcpConn, bytes: Uint8Array, largest: number): Promise<void> {
  for (let i = 0; i < bytes.length;) {
    const size = 1 + Math.floor(Math.random() * largest);
    await writeAll(conn, bytes.subarray(i, i + size));
    i += size;
  }
  await conn.closeWrite();
}

async function receiveAll(conn: Deno.Conn, expected: Uint8Array): Promise<boolean> {
  const buffer = new Uint8Array(16 * 1024);
  let at = 0;
  for (let n; (n = await conn.read(buffer)) !== null; at += n) {
    for (let i = 0; i < n; i++) if (buffer[i] !== expected[at + i]) return false;
  }
  return at === expected.length;
}

/** Sends until the server takes no more for a while; answers how much it took. */
async function sendUntilStuck(conn: Deno.TcpConn, patience: number): Promise<number> {
  const chunk = new Uint8Array(64 * 1024);
  let taken = 0;
  for (;;) {
    const stuck = Promise.withResolvers<"stuck">();
    const timer = setTimeout(() => stuck.resolve("stuck"), patience);
    const writing = conn.write(chunk).catch(() => 0);
    const n = await Promise.race([writing, stuck.promise]);
    clearTimeout(timer);
    if (n === "stuck") return taken;
    taken += n;
  }
}

async function residentBytes(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(status.match(/VmRSS:\s+(\d+) kB/)![1]) * 1024;
}

Deno.test(`echo-server ${ORIGIN}: 200 clients get 1 MiB in random chunks back, byte for byte`, async () => {
  await withServer([], async (port) => {
    const sent = randomBytes(MIB);
    const intact = await Promise.all(Array.from({ length: 200 }, async () => {
      using conn = await connect(port);
      const [, back] = await Promise.all([
        sendInChunks(conn, sent, 40_000),
        receiveAll(conn, sent),
      ]);
      return back;
    }));
    assertEquals(intact.filter((ok) => !ok).length, 0);
  });
});

Deno.test({
  name: `echo-server ${ORIGIN}: a client that never reads costs its buffers and no more`,
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await withServer(["--idle-timeout", "0"], async (port, server) => {
      using greedy = await connect(port);
      const before = await residentBytes(server.pid);
      const taken = await sendUntilStuck(greedy, 500);
      const grown = await residentBytes(server.pid) - before;
      assert(taken > 0);
      assert(grown < 8 * MIB, `grew by ${grown} bytes while ${taken} were taken`);
      using other = await connect(port);
      await writeAll(other, new TextEncoder().encode("still served"));
      assertEquals(await other.read(new Uint8Array(64)), "still served".length);
    });
  },
});

Deno.test(`echo-server ${ORIGIN}: 1,000 clients that connect and reset leave nothing behind`, async () => {
  await withServer(["--stats"], async (port, server) => {
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 100 }, async () => {
        const conn = await connect(port);
        await conn.write(new Uint8Array(1000));
        conn.close(); // with its echo unread, which the system turns into a reset
      }));
    }
    await server.says(/connections=0 .*\n(?![\s\S]*connections=[1-9])/);
    server.signal("SIGTERM");
    assertEquals(await server.exitCode(), 0);
    assert(!server.stderr.includes("may finish"), "there was somebody left to drain");
  });
});
