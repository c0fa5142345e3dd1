/**
 * The echo server a good Deno programmer writes, async/await over `Deno.listen`.
 *
 *   deno run --allow-net bench/peers/deno_listen.ts 8080
 *   echo hello | nc -N 127.0.0.1 8080
 *
 * Arguments: PORT (0 picks a free one) and the read buffer of each connection in bytes.
 */

const DEFAULT_BUFFER_BYTES = 16 * 1024;
const BACKLOG = 4096;

async function echo(conn: Deno.Conn, bufferBytes: number): Promise<void> {
  const buffer = new Uint8Array(bufferBytes);
  try {
    for (let n; (n = await conn.read(buffer)) !== null;) {
      for (let sent = 0; sent < n;) sent += await conn.write(buffer.subarray(sent, n));
    }
  } catch {
    // A peer that resets ends its own connection and nothing else.
  } finally {
    conn.close();
  }
}

const [port = 0, bufferBytes = DEFAULT_BUFFER_BYTES] = Deno.args.map(Number);
const listener = Deno.listen({ hostname: "127.0.0.1", port, tcpBacklog: BACKLOG });
console.log(`listening on 127.0.0.1:${listener.addr.port}`);
for await (const conn of listener) echo(conn, bufferBytes);
