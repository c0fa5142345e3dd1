/**
 * An echo server in a dozen lines.
 *
 *   deno run --allow-net examples/echo.ts
 *   echo hello | nc -N 127.0.0.1 8080
 */

import { blockOn, type Co, spawn } from "wakeful/runtime";
import { TcpListener, type TcpStream } from "wakeful/net";

function* echo(stream: TcpStream): Co<void> {
  using _closed = stream;
  const buffer = new Uint8Array(4096);
  for (;;) {
    const n = yield* stream.read(buffer);
    if (n === 0) return;
    yield* stream.writeAll(buffer.subarray(0, n));
  }
}

await blockOn(function* () {
  const listener = yield* TcpListener.bind({ port: 8080 });
  for (;;) {
    const stream = yield* listener.accept();
    spawn(() => echo(stream));
  }
});
