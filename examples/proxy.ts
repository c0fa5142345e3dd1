/**
 * A TCP proxy: what comes in on one port goes out to another, and back.
 *
 *   deno task echo                                                        # terminal 1
 *   deno run -N examples/proxy.ts --listen 8081 --to 127.0.0.1:8080       # terminal 2
 *   echo hello | nc -N 127.0.0.1 8081                                     # terminal 3: hello
 *
 * With `--lines`, every line of a client is a request of its own with one line for an answer, and
 * all clients share a few connections, at most `--max`, to the server behind:
 *
 *   deno run -N examples/proxy.ts --listen 8081 --to 127.0.0.1:8080 --lines --max 2
 *
 * Without it a client has a connection to itself for as long as it stays, and `--max` says how many
 * are served at once; the others wait. `--idle` is how many seconds of silence end a connection.
 */

import { parseArgs } from "node:util";
import {
  blockOn,
  Closed,
  type Co,
  End,
  IoError,
  showAddress,
  sleep,
  spawn,
  TimedOut,
} from "wakeful/runtime";
import {
  copyBidirectional,
  type Lines,
  lines,
  Pool,
  type TcpEndpoint,
  TcpListener,
  TcpStream,
} from "wakeful/net";

export interface ProxyOptions {
  readonly to: TcpEndpoint;
  /** How many connections there may be to the server behind. */
  readonly max: number;
  /** Whether each line is a request of its own. */
  readonly lines: boolean;
  /** After how many milliseconds of silence a connection ends. */
  readonly idle: number;
}

/** A connection to the server behind. */
interface Upstream {
  readonly stream: TcpStream;
  readonly input: Lines;
}

const BACK_OFF_MS = 100;

/** Clients on one side, a pool of connections on the other. */
export class Proxy {
  readonly pool: Pool<Upstream>;
  /** How many clients there are. */
  clients = 0;
  #options: ProxyOptions;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.pool = new Pool({
      max: options.max,
      connect: () => this.#connect(),
      close: ({ stream }) => stream.close(),
      idleTimeout: options.idle,
      acquireTimeout: options.idle,
    });
  }

  /** Serves for ever. */
  *serve(listener: TcpListener): Co<never> {
    using pool = this.pool;
    spawn(() => pool.reaper(), { name: "reaper" });
    for (;;) {
      try {
        this.#begin(yield* listener.accept());
      } catch (error) {
        if (!(error instanceof IoError)) throw error;
        yield* sleep(BACK_OFF_MS); // too many open files, as a rule
      }
    }
  }

  #begin(client: TcpStream): void {
    this.clients++;
    client.setReadTimeout(this.#options.idle);
    client.setWriteTimeout(this.#options.idle);
    spawn(() => this.#serve(client), {
      name: `client ${showAddress(client.peerAddr)}`,
      onEnd: () => {
        client.close();
        this.clients--;
      },
    });
  }

  /** A connection that breaks, on either side, ends its client alone. */
  *#serve(client: TcpStream): Co<void> {
    try {
      yield* this.#options.lines ? this.#carryLines(client) : this.#carryBytes(client);
    } catch (error) {
      const expected = error instanceof IoError || error instanceof TimedOut;
      if (!expected && !(error instanceof Closed)) throw error;
    }
  }

  /** What the client says last is the last on its connection, so nobody can use that again. */
  *#carryBytes(client: TcpStream): Co<void> {
    const upstream = yield* this.pool.get();
    try {
      yield* copyBidirectional(client, upstream.value.stream);
    } finally {
      upstream.discard();
    }
  }

  *#carryLines(client: TcpStream): Co<void> {
    const input = lines(client);
    for (;;) {
      const line = yield* input.nextLine();
      if (line === End) return;
      const answer = yield* this.#ask(line);
      if (answer === End) return;
      yield* client.writeAll(encode(answer));
    }
  }

  /** Only a connection whose answer was read to its end can serve the next request. */
  *#ask(line: string): Co<string | typeof End> {
    const upstream = yield* this.pool.get();
    let answer: string | typeof End = End;
    try {
      yield* upstream.value.stream.writeAll(encode(line));
      answer = yield* upstream.value.input.nextLine();
      return answer;
    } finally {
      if (answer === End) upstream.discard();
      else upstream.release();
    }
  }

  *#connect(): Co<Upstream> {
    const stream = yield* TcpStream.connect(this.#options.to);
    stream.setReadTimeout(this.#options.idle);
    stream.setWriteTimeout(this.#options.idle);
    return { stream, input: lines(stream) };
  }
}

function encode(line: string): Uint8Array {
  return new TextEncoder().encode(`${line}\n`);
}

const MS_PER_SECOND = 1_000;

function readOptions(args: string[]): ProxyOptions & { listen: number } {
  const { values } = parseArgs({
    args,
    options: {
      listen: { type: "string", default: "8081" },
      to: { type: "string", default: "127.0.0.1:8080" },
      max: { type: "string", default: "100" },
      idle: { type: "string", default: "60" },
      lines: { type: "boolean", default: false },
    },
  });
  const [, host, port] = /^(.+):(\d+)$/.exec(values.to) ?? [];
  if (host === undefined) throw new TypeError(`--to: expected HOST:PORT, got '${values.to}'`);
  return {
    listen: Number(values.listen),
    to: { host, port: Number(port) },
    max: Number(values.max),
    lines: values.lines,
    idle: Number(values.idle) * MS_PER_SECOND,
  };
}

if (import.meta.main) {
  await blockOn(function* () {
    const { listen, ...options } = readOptions(Deno.args);
    using listener = yield* TcpListener.bind({ port: listen });
    console.log(`listening on ${showAddress(listener.localAddr)}`);
    yield* new Proxy(options).serve(listener);
  });
}
