/**
 * The echo server a good Node programmer writes; Deno runs the same file.
 *
 *   node bench/peers/node_net.mjs 8080
 *   echo hello | nc -N 127.0.0.1 8080
 */
import { createServer } from "node:net";
import process from "node:process";

const BACKLOG = 4096;

const server = createServer((socket) => {
  socket.on("data", (bytes) => {
    if (!socket.write(bytes)) socket.pause();
  });
  socket.on("drain", () => socket.resume());
  // A peer that resets ends its own connection and nothing else.
  socket.on("error", () => socket.destroy());
});

const [port = "0"] = process.argv.slice(2);
server.listen({ host: "127.0.0.1", port: Number(port), backlog: BACKLOG }, () => {
  console.log(`listening on 127.0.0.1:${server.address().port}`);
});
