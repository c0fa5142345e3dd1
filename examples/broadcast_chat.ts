/**
 * A chat: what one client types, all others see. A task for each client, a map of those who are
 * there, and a semaphore that lets in a hundred at most.
 *
 *   terminal 1:  deno run --allow-net examples/broadcast_chat.ts 8080
 *   terminal 2:  nc 127.0.0.1 8080
 *   terminal 3:  nc 127.0.0.1 8080
 *
 * Type a line in terminal 2, and it appears in terminal 3. Terminal 1 shows who comes and goes. The
 * port is 8080 unless another is given; end the server with Ctrl-C.
 */

import {
  blockOn,
  Closed,
  type Co,
  ctrlC,
  End,
  type Ended,
  IoError,
  mpsc,
  race,
  type Receiver,
  Semaphore,
  type Sender,
  showAddress,
  sleep,
  spawn,
} from "wakeful/runtime";
import { type Listener, type Stream, TcpListener } from "wakeful/net";

export const MAX_CLIENTS = 100;
/** How many lines may wait for a client before it is too slow to stay. */
export const OUTBOX = 64;
const LONGEST_LINE = 4_096;
const READ_SIZE = 1_024;
/** Before the next accept, after one that has failed. */
const ACCEPT_PAUSE_MS = 100;
const DEFAULT_PORT = 8080;
const HIGHEST_PORT = 65_535;

const encoder = new TextEncoder();

interface Client {
  readonly stream: Stream;
  readonly outbox: Sender<string>;
}

/** Those who are connected. */
export class Chat {
  #seats = new Semaphore(MAX_CLIENTS);
  #clients = new Map<number, Client>();
  #lastId = 0;
  #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** Lets clients in for ever: a task for each, as long as there are seats. */
  *serve(listener: Listener<Stream>): Co<never> {
    for (;;) {
      try {
        this.#admit(yield* listener.accept());
      } catch (error) {
        if (!(error instanceof IoError)) throw error;
        this.#print(`cannot accept: ${error.message}`);
        yield* sleep(ACCEPT_PAUSE_MS);
      }
    }
  }

  #admit(stream: Stream): void {
    const seat = this.#seats.tryAcquire();
    if (seat === undefined) {
      stream.tryWrite(encoder.encode("* the chat is full, try again later\n"));
      stream.close();
      return;
    }
    const onEnd = (ended: Ended<void>) => {
      stream.close();
      seat.release();
      if (ended.how === "error") this.#print(`a client's task failed: ${ended.error}`);
    };
    spawn(() => this.#attend(++this.#lastId, stream), { onEnd });
  }

  *#attend(id: number, stream: Stream): Co<void> {
    const [outbox, lines] = mpsc<string>(OUTBOX);
    this.#clients.set(id, { stream, outbox });
    this.#announce(`client ${id} has come`);
    try {
      yield* race(this.#listen(id, stream), deliver(lines, stream));
    } catch (error) {
      if (!(error instanceof IoError || error instanceof Closed)) throw error;
    } finally {
      this.#clients.delete(id);
      this.#announce(`client ${id} has gone`);
    }
  }

  /** Passes on what the client types, until it has finished or types without end. */
  *#listen(id: number, stream: Stream): Co<void> {
    const buffer = new Uint8Array(READ_SIZE);
    const decoder = new TextDecoder();
    for (let rest = ""; rest.length <= LONGEST_LINE;) {
      const n = yield* stream.read(buffer);
      if (n === 0) return;
      const lines = (rest + decoder.decode(buffer.subarray(0, n), { stream: true })).split("\n");
      rest = lines.pop()!;
      for (const line of lines) this.#tell(`${id}: ${line.trimEnd()}`, id);
    }
  }

  #announce(news: string): void {
    this.#print(`${news}, ${this.#clients.size} here`);
    this.#tell(`* ${news}`);
  }

  /** To all but one. Nobody waits for a slow client: when its outbox is full, it has to go. */
  #tell(line: string, except?: number): void {
    for (const [id, { stream, outbox }] of this.#clients) {
      if (id === except) continue;
      if (outbox.length < OUTBOX) outbox.trySend(line);
      else stream.abort();
    }
  }
}

function* deliver(lines: Receiver<string>, stream: Stream): Co<void> {
  for (let line = yield* lines.recv(); line !== End; line = yield* lines.recv()) {
    yield* stream.writeAll(encoder.encode(`${line}\n`));
  }
}

if (import.meta.main) {
  const [text = `${DEFAULT_PORT}`, ...more] = Deno.args;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > HIGHEST_PORT || more.length > 0) {
    console.error(`broadcast_chat: expected a port, got "${Deno.args.join(" ")}"`);
    Deno.exit(2);
  }
  try {
    await blockOn(function* () {
      using listener = yield* TcpListener.bind({ port });
      console.log(`listening on ${showAddress(listener.localAddr)}`);
      yield* race<void>(ctrlC(), new Chat(console.log).serve(listener));
    });
  } catch (error) {
    if (!(error instanceof IoError)) throw error;
    console.error(`broadcast_chat: ${error.message}`);
    Deno.exit(1);
  }
}
