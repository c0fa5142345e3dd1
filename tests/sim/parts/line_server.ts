import {
  Cancelled,
  type Co,
  End,
  IoError,
  now,
  Shutdown,
  type ShutdownReport,
  sleep,
} from "wakeful/runtime";
import { type Lines, lines, TcpListener, type TcpStream } from "wakeful/net";

/** A request and what became of it; both sides write into it. */
export interface Exchange {
  readonly id: number;
  /** How long the server works on it, in milliseconds. */
  readonly work: number;
  /** When the server took it on; when it had written the answer, or was cut short before. */
  begun?: number;
  answered?: number;
  cut?: number;
  /** The connection broke under the answer, which is nobody's fault. */
  broken?: boolean;
  /** How it ended for the client; undefined when that is no more. */
  received?: boolean;
}

export interface LineServerOptions {
  readonly port: number;
  readonly grace: number;
  readonly exchanges: ReadonlyMap<number, Exchange>;
}

/** Answers each line with the same line, after some work; ends in order at SIGTERM. */
export function* lineServer(options: LineServerOptions): Co<ShutdownReport> {
  const shutdown = new Shutdown({ grace: options.grace });
  using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: options.port });
  shutdown.spawn(() => shutdown.requestOn("SIGTERM"), { name: "requests to stop" });
  shutdown.spawn(() => acceptUntilStop(listener, shutdown, options), { name: "accept" });
  return yield* shutdown.finish();
}

function* acceptUntilStop(
  listener: TcpListener,
  shutdown: Shutdown,
  options: LineServerOptions,
): Co<void> {
  for (;;) {
    const stream = yield* untilStop(shutdown, listener.accept());
    if (stream === undefined) return;
    shutdown.spawn(() => serve(stream, shutdown, options), {
      name: "connection",
      onEnd: () => stream.close(),
    });
  }
}

/** Takes requests until the shutdown begins, and finishes the one it has. */
function* serve(stream: TcpStream, shutdown: Shutdown, { exchanges }: LineServerOptions): Co<void> {
  const input = lines(stream);
  for (;;) {
    const exchange = yield* untilStop(shutdown, nextExchange(input, exchanges));
    if (exchange === undefined || exchange === End) return;
    yield* answer(stream, exchange);
  }
}

function* nextExchange(
  input: Lines,
  exchanges: ReadonlyMap<number, Exchange>,
): Co<Exchange | typeof End> {
  try {
    const line = yield* input.nextLine();
    if (line === End) return End;
    const exchange = exchanges.get(Number(line))!;
    exchange.begun = now();
    return exchange;
  } catch (error) {
    if (error instanceof IoError) return End;
    throw error;
  }
}

function* answer(stream: TcpStream, exchange: Exchange): Co<void> {
  try {
    yield* sleep(exchange.work);
    yield* stream.writeAll(new TextEncoder().encode(`${exchange.id}\n`));
    exchange.answered = now();
  } catch (error) {
    if (!(error instanceof IoError)) throw error;
    exchange.broken = true;
  } finally {
    if (exchange.answered === undefined && !exchange.broken) exchange.cut = now();
  }
}

/** Undefined when the shutdown began first. */
function* untilStop<T>(shutdown: Shutdown, body: Parameters<typeof shutdown.until<T>>[0]) {
  try {
    return yield* shutdown.until(body);
  } catch (error) {
    if (error instanceof Cancelled) return undefined;
    throw error;
  }
}
