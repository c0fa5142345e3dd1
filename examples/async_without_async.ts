/**
 * An echo server without futures, tasks or an executor: a reactor, a table of connections, and a
 * loop. It shows what an async runtime does for a program, by doing it by hand.
 *
 *   terminal 1:  deno run --allow-net examples/async_without_async.ts 8080
 *   terminal 2:  nc 127.0.0.1 8080
 *   terminal 3:  deno run --allow-net examples/handshake.ts 8080
 *
 * What you type in terminal 2 comes back, and every five seconds the server's status comes, too.
 * Terminal 3 does the same for a client: a state machine written out, beside the coroutine that
 * hides it. End the server with Ctrl-C.
 *
 *   --driver epoll            the other driver; wants --allow-ffi
 *   --clients 100             how many connections there may be
 *   --status-interval 5000    milliseconds; 0 for no status
 */

import {
  callbackWaker,
  type Clock,
  denoDriver,
  type Driver,
  epollDriver,
  type Interest,
  IoError,
  type ListenerSource,
  Reactor,
  READABLE,
  realClock,
  showAddress,
  type StreamSource,
  type Waker,
  WouldBlock,
  WRITABLE,
} from "wakeful/runtime";

const HIGHEST_PORT = 65_535;
/** Of clients and of milliseconds. */
const MOST = 1_000_000;
/** Before the next accept, after one that has failed. */
export const ACCEPT_PAUSE_MS = 100;
const READ_BYTES = 16 * 1024;
/** How often one connection may be read in a turn, before the others get theirs. */
export const READS_A_TURN = 16;

const encoder = new TextEncoder();

/** The numbers from 0 to `size`, each in use or free. The one given back last is taken first. */
export class FreeList {
  #free: number[];

  constructor(size: number) {
    this.#free = Array.from({ length: size }, (_, i) => size - 1 - i);
  }

  /** A free number, which is in use now; undefined when there is none. */
  take(): number | undefined {
    return this.#free.pop();
  }

  giveBack(number: number): void {
    this.#free.push(number);
  }
}

/** One client, and what it has not taken yet. */
interface Connection {
  readonly token: number;
  readonly stream: StreamSource;
  /** Leaves the connection's token among those to serve. */
  readonly waker: Waker;
  outgoing: Uint8Array;
  /** It has finished sending, and goes as soon as it has everything. */
  finishing: boolean;
}

export interface EchoOptions {
  /** How many connections there may be. */
  readonly clients: number;
  /** Milliseconds from status to status; 0 for none. */
  readonly statusInterval: number;
  readonly clock: Clock;
  readonly print: (line: string) => void;
}

/** The server: whoever is woken leaves a token, and one turn serves those. */
export class EchoServer {
  #reactor: Reactor;
  #listener: ListenerSource;
  #options: EchoOptions;
  #tokens: FreeList;
  #connections: (Connection | undefined)[] = [];
  /** How many connections there are. */
  active = 0;
  #ready = new Set<number>();
  #acceptable = true;
  /** When an accept that has failed is tried again. */
  #acceptAt = Infinity;
  #statusAt: number;
  #exit = false;
  /** Nothing lies behind this token: it is there to end a wait. */
  #exitToken: number;
  #full = false;
  #buffer = new Uint8Array(READ_BYTES);

  constructor(reactor: Reactor, listener: ListenerSource, options: EchoOptions) {
    const { clock, statusInterval } = options;
    this.#reactor = reactor;
    this.#listener = listener;
    this.#options = options;
    this.#tokens = new FreeList(options.clients);
    this.#statusAt = statusInterval > 0 ? clock.now() + statusInterval : Infinity;
    this.#exitToken = reactor.register();
    reactor.setWaker(this.#exitToken, READABLE, callbackWaker(() => {}));
  }

  /** Ends the server, also in the middle of a wait. */
  exit(): void {
    this.#exit = true;
    this.#reactor.deliver(this.#exitToken, READABLE);
  }

  /** Turns and waits, until it is told to exit. The wait is the only place where time passes. */
  async run(): Promise<void> {
    while (this.turn()) await this.#reactor.wait(this.patience);
    this.#listener.close();
    for (const connection of this.#connections) if (connection) this.#bury(connection);
    this.#reactor.deregister(this.#exitToken);
  }

  /** Does what can be done without waiting; false once it was told to exit. */
  turn(): boolean {
    const now = this.#options.clock.now();
    if (now >= this.#acceptAt) this.#acceptable = true;
    if (this.#acceptable) this.#accept();
    const ready = this.#ready;
    this.#ready = new Set();
    for (const token of ready) this.#serve(token);
    if (now >= this.#statusAt) this.#tellStatus(now);
    return !this.#exit;
  }

  /** How long to wait when nothing happens; not at all while somebody is still to be served. */
  get patience(): number {
    if (this.#ready.size > 0) return 0;
    return Math.max(0, Math.min(this.#acceptAt, this.#statusAt) - this.#options.clock.now());
  }

  #accept(): void {
    this.#acceptable = false;
    this.#acceptAt = Infinity;
    try {
      let stream = this.#listener.tryAccept();
      for (; stream !== WouldBlock; stream = this.#listener.tryAccept()) this.#admit(stream);
    } catch (error) {
      if (!(error instanceof IoError)) throw error;
      this.#options.print(`cannot accept, trying again soon: ${error.message}`);
      this.#acceptAt = this.#options.clock.now() + ACCEPT_PAUSE_MS;
      return;
    }
    const waker = callbackWaker(() => this.#acceptable = true);
    this.#reactor.setWaker(this.#listener.token, READABLE, waker);
  }

  #admit(stream: StreamSource): void {
    const token = this.#tokens.take();
    if (token === undefined) {
      if (!this.#full) this.#options.print(`full: no more than ${this.#options.clients} clients`);
      this.#full = true; // said once, until a client has found room again
      return stream.close();
    }
    this.#full = false;
    this.active++;
    const waker = callbackWaker(() => this.#ready.add(token));
    const connection = { token, stream, waker, outgoing: new Uint8Array(0), finishing: false };
    this.#connections[token] = connection;
    this.#ready.add(token);
  }

  #serve(token: number): void {
    const connection = this.#connections[token];
    if (connection === undefined) return; // a late event for somebody who has gone
    try {
      if (this.#send(connection) && this.#echo(connection)) this.#bury(connection);
    } catch (error) {
      if (!(error instanceof IoError)) throw error;
      this.#bury(connection); // its connection broke
    }
  }

  /** Receives and sends back as long as both go; true when the client has finished. */
  #echo(connection: Connection): boolean {
    const { stream } = connection;
    for (let reads = 0; reads < READS_A_TURN; reads++) {
      if (connection.finishing) return true;
      const n = stream.tryRead(this.#buffer);
      if (n === WouldBlock) {
        this.#watch(connection, READABLE);
        return false;
      }
      connection.finishing = n === 0;
      connection.outgoing = this.#buffer.subarray(0, n);
      if (!this.#send(connection)) return false;
    }
    this.#ready.add(connection.token); // it has more to say, after the others
    return false;
  }

  /** Sends what waits; while something is left, nothing is received, and only room is waited for. */
  #send(connection: Connection): boolean {
    let rest = connection.outgoing;
    while (rest.length > 0) {
      const n = connection.stream.tryWrite(rest);
      if (n === WouldBlock) break;
      rest = rest.subarray(n);
    }
    const all = rest.length === 0;
    if (!all) this.#watch(connection, WRITABLE);
    connection.outgoing = rest.buffer === this.#buffer.buffer ? rest.slice() : rest;
    return all;
  }

  #tellStatus(now: number): void {
    this.#statusAt = now + this.#options.statusInterval;
    const line = encoder.encode(`Server status: ${this.active} active connections\n`);
    for (const connection of this.#connections) {
      if (connection === undefined || connection.outgoing.length > 0) continue; // it lags as it is
      connection.outgoing = line;
      this.#serve(connection.token);
    }
  }

  #watch({ stream, waker }: Connection, interest: Interest): void {
    this.#reactor.setWaker(stream.token, interest, waker);
  }

  #bury({ token, stream }: Connection): void {
    this.#connections[token] = undefined;
    this.#tokens.giveBack(token);
    this.active--;
    stream.close(); // and its late wake, if there is one, finds nobody or a connection to look at
  }
}

const DRIVERS: Readonly<Record<string, (() => Driver) | undefined>> = {
  deno: denoDriver,
  epoll: epollDriver,
};

/** What the command line says. @throws {TypeError} when it cannot be understood */
export function parse(args: readonly string[]) {
  const texts = { port: "8080", driver: "deno", clients: "100", "status-interval": "5000" };
  const words = args.values();
  for (const word of words) {
    const flag = word.startsWith("--") ? word.slice(2) : "port";
    if (!Object.hasOwn(texts, flag)) throw new TypeError(`there is no ${word}`);
    texts[flag as keyof typeof texts] = flag === "port" ? word : words.next().value ?? "";
  }
  const driver = DRIVERS[texts.driver];
  if (driver === undefined) throw new TypeError(`expected deno or epoll, got "${texts.driver}"`);
  return {
    port: whole("a port", texts.port, HIGHEST_PORT),
    driver,
    clients: whole("clients", texts.clients, MOST),
    statusInterval: whole("milliseconds", texts["status-interval"], MOST),
  };
}

function whole(name: string, text: string, highest: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= highest) return value;
  throw new TypeError(`expected ${name} from 0 to ${highest}, got "${text}"`);
}

async function main(args: readonly string[]): Promise<void> {
  const { port, driver, clients, statusInterval } = parse(args);
  const reactor = new Reactor(driver());
  const listener = reactor.listen({ transport: "tcp", host: "127.0.0.1", port });
  const options = { clients, statusInterval, clock: realClock, print: console.log };
  const server = new EchoServer(reactor, listener, options);
  const signals = (["SIGINT", "SIGTERM"] as const).map((name) => reactor.signal(name));
  for (const signal of signals) {
    reactor.setWaker(signal.token, READABLE, callbackWaker(() => server.exit()));
  }
  console.log(`listening on ${showAddress(listener.localAddr)}`);
  await server.run();
  for (const signal of signals) signal.close();
  await reactor.close();
}

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(`async_without_async: ${error.message}`);
    Deno.exit(error instanceof TypeError ? 2 : 1);
  }
}
