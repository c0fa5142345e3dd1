/**
 * A server without dependencies: an acceptor thread and three workers.
 *
 *   terminal 1:  deno run --allow-net --allow-read examples/data_server.ts 7070
 *   terminal 2:  deno run --allow-net examples/data_client.ts 7070 --requests 4000
 *
 * The acceptor reads frames and writes answers; each connection belongs to one of three worker
 * threads, in turn. A worker has a runtime of its own, decodes the requests, thinks for a second
 * about each, and answers "Hello, client!". Requests and answers cross in shared memory. Whoever has
 * nothing to do is parked: idle, the whole server uses no CPU. A malformed frame costs its
 * connection and no other. The port is 7070 unless another is given; end the server with Ctrl-C.
 */

import {
  blockOn,
  type Co,
  ctrlC,
  End,
  fromPromise,
  IoError,
  race,
  type Sender,
  type SenderTicket,
  sharedChannel,
  type SharedReceiver,
  SharedSender,
  showAddress,
  sleep,
  spawn,
  unbounded,
} from "wakeful/runtime";
import { type Stream, TcpListener } from "wakeful/net";
import { encodeFrame, readFrame } from "./data_protocol.ts";
import type { Answer, Request, Start } from "./data_worker.ts";

export const WORKERS = 3;
const THINK_MS = 1_000;
const DEFAULT_PORT = 7070;
const HIGHEST_PORT = 65_535;
const MOST_AT_ONCE = 256;
/** How many connections the system may hold while the acceptor is busy. */
const BACKLOG = 4_096;
/** The `field2` of an answer that tells of an error. */
export const ERROR_FIELD = 0xffff;
/** Before the next accept, after one that has failed. */
const ACCEPT_PAUSE_MS = 100;

/** One worker thread, as the acceptor sees it: requests go there, answers come back. */
export class DataWorker {
  #worker: Worker;
  #requests: SharedSender<Request>;
  #answers: SharedReceiver<Answer>;
  #connections = new Map<number, Connection>();

  constructor(worker: Worker, requests: SenderTicket, answers: SharedReceiver<Answer>) {
    this.#worker = worker;
    this.#requests = new SharedSender(requests);
    this.#answers = answers;
  }

  /** Starts a thread and waits until it is ready. */
  static *start(thinkMs: number): Co<DataWorker> {
    const worker = new Worker(new URL("./data_worker.ts", import.meta.url), { type: "module" });
    const answers = sharedChannel<Answer>({ capacity: 1 << 20 });
    const ticket = answers.ticket();
    const ready = new Promise<SenderTicket>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
    worker.postMessage({ answers: ticket, thinkMs } satisfies Start, [ticket.port]);
    return new DataWorker(worker, yield* fromPromise(ready), answers);
  }

  /** Hands every answer to its connection, for ever. */
  *deliver(): Co<void> {
    for (;;) {
      const some = yield* this.#answers.recvMany(MOST_AT_ONCE);
      if (some === End) return;
      for (const [id, answer] of some) this.#connections.get(id)?.answer(answer);
    }
  }

  *ask(connection: Connection, message: Uint8Array): Co<void> {
    this.#connections.set(connection.id, connection);
    yield* this.#requests.send([connection.id, message]);
  }

  forget(connection: Connection): void {
    this.#connections.delete(connection.id);
  }

  stop(): void {
    this.#requests.close();
    this.#answers.close();
    this.#worker.terminate();
  }
}

/** One client: its frames go to one worker, the answers to its outbox. */
class Connection {
  #asked = 0;
  #answered = 0;
  #ended = false;

  constructor(readonly id: number, readonly outbox: Sender<Uint8Array>) {}

  *read(stream: Stream, worker: DataWorker): Co<void> {
    try {
      for (;;) {
        const message = yield* readFrame(stream);
        if (message === End) break;
        this.#asked++;
        yield* worker.ask(this, message);
      }
      this.#ended = true;
      if (this.#answered === this.#asked) this.outbox.close();
    } catch (error) {
      this.#refuse(error instanceof Error ? error.message : String(error));
    }
  }

  /** Sends an answer on; after a word of refusal, and after the last answer, nothing more. */
  answer(answer: Uint8Array | string): void {
    if (this.outbox.isClosed) return;
    if (typeof answer === "string") return this.#refuse(answer);
    this.outbox.trySend(answer);
    if (++this.#answered === this.#asked && this.#ended) this.outbox.close();
  }

  #refuse(why: string): void {
    if (this.outbox.isClosed) return;
    this.outbox.trySend(encodeFrame({ field1: 0, field2: ERROR_FIELD, field3: why }));
    this.outbox.close();
  }
}

let lastId = 0;

/** Serves one client until it has all its answers, or sends what is none of a request. */
export function* serve(stream: Stream, worker: DataWorker): Co<void> {
  const [outbox, inbox] = unbounded<Uint8Array>();
  const connection = new Connection(++lastId, outbox);
  const reading = spawn(() => connection.read(stream, worker)).abortOnDrop();
  try {
    using _stream = stream;
    using _reading = reading;
    for (;;) {
      const frame = yield* inbox.recv();
      if (frame === End) return;
      yield* stream.writeAll(frame);
    }
  } catch (error) {
    if (!(error instanceof IoError)) throw error; // a client that has gone away is none
  } finally {
    worker.forget(connection);
  }
}

/** Accepts for ever, and gives each client to the next worker in turn. */
function* accept(listener: TcpListener, workers: readonly DataWorker[]): Co<never> {
  for (let turn = 0;; turn = (turn + 1) % workers.length) {
    try {
      const stream = yield* listener.accept();
      stream.setNoDelay(true);
      spawn(() => serve(stream, workers[turn]));
    } catch (error) {
      console.error(`data_server: ${error}`);
      yield* sleep(ACCEPT_PAUSE_MS);
    }
  }
}

/** Runs the server until it is told to end; `onListening` is given the port. */
export function* dataServer(
  port: number,
  until: () => Co<unknown>,
  onListening: (address: string, port: number) => void,
  thinkMs = THINK_MS,
): Co<void> {
  using listener = yield* TcpListener.bind({ host: "127.0.0.1", port, backlog: BACKLOG });
  const workers: DataWorker[] = [];
  try {
    for (let i = 0; i < WORKERS; i++) workers.push(yield* DataWorker.start(thinkMs));
    for (const worker of workers) spawn(() => worker.deliver());
    const { localAddr } = listener;
    onListening(showAddress(localAddr), localAddr.port);
    yield* race(accept(listener, workers), until());
  } finally {
    for (const worker of workers) worker.stop();
  }
}

function portFrom(words: readonly string[]): number {
  const [word = `${DEFAULT_PORT}`] = words;
  const port = Number(word);
  if (words.length > 1 || !/^\d+$/.test(word) || port > HIGHEST_PORT) {
    throw new RangeError(`expected a port, got "${words.join(" ")}"`);
  }
  return port;
}

async function main(words: readonly string[]): Promise<number> {
  try {
    const port = portFrom(words);
    await blockOn(() =>
      dataServer(port, function* () {
        yield* ctrlC();
      }, (address) => console.log(`listening on ${address}`))
    );
    return 0;
  } catch (error) {
    console.error(`data_server: ${error instanceof Error ? error.message : error}`);
    return error instanceof RangeError ? 2 : 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
