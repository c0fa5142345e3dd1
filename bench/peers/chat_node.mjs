/**
 * The chat broker a good Node programmer writes, over `node:net`: one room, names, lines of at most
 * 4 KiB, and for each client an inbox of at most 256 lines, sent in one write.
 *
 *   node bench/peers/chat_node.mjs 8080
 */
import { createServer } from "node:net";
import { Buffer } from "node:buffer";
import process from "node:process";
import { StringDecoder } from "node:string_decoder";
import { setImmediate } from "node:timers";

const BACKLOG = 4096;
const LONGEST_LINE = 4 * 1024;
const INBOX_LINES = 256;
// deno-lint-ignore no-control-regex
const CONTROLS = /[\x00-\x1f\x7f-\x9f]/g;

const clients = new Set();
let lastGuest = 0;

class Client {
  name = `user-${++lastGuest}`;
  #socket;
  #inbox = [];
  #missed = 0;
  #blocked = false;
  #scheduled = false;
  #rest = "";
  #decoder = new StringDecoder("utf8");

  constructor(socket) {
    this.#socket = socket;
    socket.on("drain", () => {
      this.#blocked = false;
      this.#flush();
    });
  }

  /** Never waits: what does not fit is dropped and counted. */
  put(line) {
    if (this.#inbox.length >= INBOX_LINES) {
      this.#missed++;
      return;
    }
    this.#inbox.push(line);
    if (this.#scheduled || this.#blocked) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }

  hear(bytes) {
    const lines = (this.#rest + this.#decoder.write(bytes)).split("\n");
    this.#rest = lines.pop().slice(0, LONGEST_LINE);
    for (const line of lines) tellOthers(this, `${this.name}: ${line.replace(CONTROLS, "")}\n`);
  }

  #flush = () => {
    this.#scheduled = false;
    if (this.#missed > 0) {
      this.#inbox.push(Buffer.from(`-- you missed ${this.#missed} lines\n`));
      this.#missed = 0;
    }
    if (this.#inbox.length === 0 || this.#socket.destroyed) return;
    const bytes = this.#inbox.length === 1 ? this.#inbox[0] : Buffer.concat(this.#inbox);
    this.#inbox = [];
    this.#blocked = !this.#socket.write(bytes);
  };
}

function tellOthers(speaker, line) {
  const bytes = Buffer.from(line);
  for (const client of clients) if (client !== speaker) client.put(bytes);
}

const server = createServer({ noDelay: true }, (socket) => {
  const client = new Client(socket);
  clients.add(client);
  client.put(Buffer.from(`-- welcome to the chat: you are ${client.name}\n`));
  tellOthers(client, `-- ${client.name} joined\n`);
  socket.on("data", (bytes) => client.hear(bytes));
  // A peer that resets ends its own connection and nothing else.
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    clients.delete(client);
    tellOthers(client, `-- ${client.name} left\n`);
  });
});

const [port = "0"] = process.argv.slice(2);
server.listen({ host: "127.0.0.1", port: Number(port), backlog: BACKLOG }, () => {
  console.log(`listening on 127.0.0.1:${server.address().port}`);
});
