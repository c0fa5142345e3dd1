/**
 * The server of lesson 21.1, a program of its own because Ctrl-C is sent to a process.
 *
 *   deno run --allow-net tests/lessons/lesson_21_server.ts
 *
 * It answers each client's first line in capitals. Ctrl-C ends it in good order: it accepts nobody
 * any more, finishes with the clients it has, and leaves by itself.
 */

import { blockOn, Cancelled, Shutdown, spawn } from "wakeful/runtime";
import { TcpListener, type TcpStream } from "wakeful/net";

const GRACE_MS = 5_000;

function* shout(client: TcpStream) {
  using _closed = client;
  console.log("serving");
  const buffer = new Uint8Array(256);
  let line = "";
  while (!line.endsWith("\n")) {
    const n = yield* client.read(buffer);
    if (n === 0) return;
    line += new TextDecoder().decode(buffer.subarray(0, n));
  }
  yield* client.writeAll(new TextEncoder().encode(line.toUpperCase()));
}

function* acceptUntilStopped(shutdown: Shutdown) {
  using listener = yield* TcpListener.bind({ port: 0 });
  console.log(`listening on port ${listener.localAddr.port}`);
  try {
    for (;;) {
      const client = yield* shutdown.until(listener.accept());
      shutdown.spawn(() => shout(client));
    }
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
  }
}

const report = await blockOn(function* () {
  const shutdown = new Shutdown({ grace: GRACE_MS });
  spawn(() => shutdown.requestOn("SIGINT"));
  yield* acceptUntilStopped(shutdown);
  console.log(`stopped accepting, ${shutdown.inFlight} in flight`);
  return yield* shutdown.finish();
});
console.log(`over on ${report.reason}, ${report.aborted} aborted`);
