/**
 * The chat broker a good Deno programmer writes, async/await over `Deno.listen`: one room, names,
 * lines of at most 4 KiB, and for each client an inbox of at most 256 lines, sent in one write.
 *
 *   deno run --allow-net bench/peers/chat_deno.ts 8080
 */

const BACKLOG = 4096;
const BUFFER_BYTES = 4 * 1024;
const LONGEST_LINE = 4 * 1024;
const INBOX_LINES = 256;

const encoder = new TextEncoder();
const clients = new Set<Client>();
let lastGuest = 0;

class Client {
  readonly name = `user-${++lastGuest}`;
  #inbox: Uint8Array[] = [];
  #missed = 0;
  #closed = false;
  #wake = () => {};

  constructor(readonly conn: Deno.Conn) {}

  /** Never waits: what does not fit is dropped and counted. */
  put(line: Uint8Array): void {
    if (this.#inbox.length >= INBOX_LINES) this.#missed++;
    else this.#inbox.push(line);
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  async write(): Promise<void> {
    while (!this.#closed) {
      if (this.#missed > 0) {
        this.#inbox.push(encoder.encode(`-- you missed ${this.#missed} lines\n`));
        this.#missed = 0;
      }
      if (this.#inbox.length === 0) {
        await new Promise<void>((resolve) => this.#wake = resolve);
        continue;
      }
      const bytes = concatenated(this.#inbox);
      this.#inbox = [];
      for (let sent = 0; sent < bytes.length;) sent += await this.conn.write(bytes.subarray(sent));
    }
  }

  async read(): Promise<void> {
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(BUFFER_BYTES);
    let rest = "";
    for (let n; (n = await this.conn.read(buffer)) !== null;) {
      const lines = (rest + decoder.decode(buffer.subarray(0, n), { stream: true })).split("\n");
      rest = lines.pop()!.slice(0, LONGEST_LINE);
      for (const line of lines) tellOthers(this, `${this.name}: ${cleaned(line)}\n`);
    }
  }
}

function concatenated(chunks: Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0];
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

// deno-lint-ignore no-control-regex
const CONTROLS = /[\x00-\x1f\x7f-\x9f]/g;
const cleaned = (line: string) => line.replace(CONTROLS, "");

function tellOthers(speaker: Client, line: string): void {
  const bytes = encoder.encode(line);
  for (const client of clients) if (client !== speaker) client.put(bytes);
}

async function serve(conn: Deno.Conn): Promise<void> {
  const client = new Client(conn);
  clients.add(client);
  client.put(encoder.encode(`-- welcome to the chat: you are ${client.name}\n`));
  tellOthers(client, `-- ${client.name} joined\n`);
  try {
    await Promise.race([client.read(), client.write()]);
  } catch {
    // A peer that resets ends its own connection and nothing else.
  } finally {
    clients.delete(client);
    client.close();
    conn.close();
    tellOthers(client, `-- ${client.name} left\n`);
  }
}

const port = Number(Deno.args[0] ?? 0);
const listener = Deno.listen({ hostname: "127.0.0.1", port, tcpBacklog: BACKLOG });
console.log(`listening on 127.0.0.1:${listener.addr.port}`);
for await (const conn of listener) serve(conn);
