import { connectUnchecked, NodeConn } from "../../../../runtime/reactor/deno/node_conn.ts";
import { assertEquals, assertRejects } from "../../../support/assert.ts";
import { IS_OLD_DENO } from "../../../support/old_deno.ts";
import { CERTIFICATE, KEY } from "../../../support/certificates.ts";

/** Both ends of an encrypted connection. */
async function ends() {
  using listener = Deno.listenTls({
    hostname: "127.0.0.1",
    port: 0,
    cert: CERTIFICATE,
    key: KEY,
  });
  const { port } = listener.addr;
  const { socket, secured } = connectUnchecked("127.0.0.1", port, "localhost");
  const [peer] = await Promise.all([
    listener.accept().then(async (peer) => {
      await peer.handshake();
      return peer;
    }),
    secured,
  ]);
  return { conn: NodeConn.over(socket), peer };
}

const bytes = (text: string) => new TextEncoder().encode(text);

async function readText(conn: Deno.Conn, size: number): Promise<string | null> {
  const into = new Uint8Array(size);
  const n = await conn.read(into);
  return n === null ? null : new TextDecoder().decode(into.subarray(0, n));
}

Deno.test("NodeConn: what does not fit into the buffer is read next", async () => {
  const { conn, peer } = await ends();
  using _peer = peer;
  await peer.write(bytes("hello world"));
  assertEquals([await readText(conn, 5), await readText(conn, 1)], ["hello", " "]);
  assertEquals(await readText(conn, 64), "world");
  conn.close();
});

Deno.test("NodeConn: a read waits for what comes later, and ends with the peer", async () => {
  const { conn, peer } = await ends();
  const waiting = readText(conn, 16);
  await peer.write(bytes("late"));
  assertEquals(await waiting, "late");
  const end = readText(conn, 16);
  await peer.closeWrite();
  assertEquals([await end, await readText(conn, 16)], [null, null]);
  conn.close();
  peer.close();
});

Deno.test("NodeConn: after its own end it still reads", { ignore: IS_OLD_DENO }, async () => {
  const { conn, peer } = await ends();
  assertEquals(await conn.write(bytes("question")), 8);
  await (conn as Deno.TcpConn).closeWrite();
  assertEquals([await readText(peer, 16), await readText(peer, 16)], ["question", null]);
  await peer.write(bytes("answer"));
  assertEquals(await readText(conn, 16), "answer");
  conn.close();
  peer.close();
});

Deno.test("NodeConn: a write after the close fails", async () => {
  const { conn, peer } = await ends();
  using _peer = peer;
  conn.close();
  await assertRejects(() => conn.write(bytes("too late")));
});

Deno.test("NodeConn: knows both addresses", async () => {
  const { conn, peer } = await ends();
  using _peer = peer;
  assertEquals(conn.remoteAddr, peer.localAddr);
  assertEquals(conn.localAddr, peer.remoteAddr);
  conn.close();
});

Deno.test("connectUnchecked: fails in Deno's words", async () => {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  free.close();
  const { connected } = connectUnchecked("127.0.0.1", free.addr.port, "localhost");
  const error = await assertRejects(() => connected, Error);
  assertEquals(error.name, "ConnectionRefused");
});
