/**
 * The echo server a good Bun programmer writes.
 *
 *   bun bench/peers/bun_listen.mjs 8080
 *   echo hello | nc -N 127.0.0.1 8080
 *
 * Bun chooses the read buffer and the backlog itself.
 */
import { Buffer } from "node:buffer";

const { Bun } = globalThis;

/** Writes what the socket takes; the rest waits in `socket.data`. */
function send(socket, bytes) {
  const sent = Math.max(socket.write(bytes), 0);
  // A copy, because Bun uses the memory of what was received again.
  socket.data = sent < bytes.length ? bytes.slice(sent) : undefined;
}

const [port = "0"] = Bun.argv.slice(2);
const server = Bun.listen({
  hostname: "127.0.0.1",
  port: Number(port),
  socket: {
    data(socket, bytes) {
      if (socket.data === undefined) send(socket, bytes);
      else socket.data = Buffer.concat([socket.data, bytes]);
    },
    drain(socket) {
      if (socket.data !== undefined) send(socket, socket.data);
    },
    error() {},
  },
});
console.log(`listening on 127.0.0.1:${server.port}`);
