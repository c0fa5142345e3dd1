/** Peers that speak HTTP by hand: bytes out, bytes in, and nothing checked. */
import { duplex, type DuplexStream, HttpConnection, type HttpConnectionOptions } from "wakeful/net";
import { type HttpHandler, serveConnection, type ServeOptions, type Transport } from "wakeful/net";
import { type Co, IoError, scope } from "wakeful/runtime";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";
import { octets } from "./codec/corpus.ts";
import { textAt } from "../../../net/http1/codec/octets.ts";

/** Waits until what has come contains `mark`, and answers all of it; at the end, what there was. */
export function* readPast(stream: Transport, mark: string): Co<string> {
  let text = "";
  while (!text.includes(mark)) {
    const lent = yield* stream.fill();
    if (lent.length === 0) return text;
    text += textAt(lent, 0, lent.length);
    stream.consume(lent.length);
  }
  return text;
}

export function* readToEnd(stream: Transport): Co<string> {
  return yield* readPast(stream, "\0never\0");
}

export function* say(stream: Transport, text: string): Co<void> {
  yield* stream.writeAll(octets(text));
}

/** A peer that is played by hand may go on when the other has had enough. */
function* untilGone(playing: Co<void>): Co<void> {
  try {
    yield* playing;
  } catch (error) {
    if (!(error instanceof IoError)) throw error;
  }
}

/** Runs a client against a server that is played by hand. */
export function againstServer<T>(
  server: (stream: DuplexStream) => Co<void>,
  client: (connection: HttpConnection, stream: DuplexStream) => Co<T>,
  options: HttpConnectionOptions = {},
): T {
  using virtual = new VirtualRuntime();
  return virtual.run(function* () {
    const [near, far] = duplex();
    return yield* scope(function* (s) {
      s.spawn(() => untilGone(server(far)));
      const connection = HttpConnection.over(near, { host: "test", ...options });
      const value = yield* client(connection, near);
      connection.close();
      return value;
    });
  });
}

/** Runs a server against a client that is played by hand; what it reports is listed. */
export function againstClient<T>(
  handler: HttpHandler,
  client: (stream: DuplexStream) => Co<T>,
  options: ServeOptions = {},
): { value: T; reported: unknown[] } {
  using virtual = new VirtualRuntime();
  const reported: unknown[] = [];
  const value = virtual.run(function* () {
    const [near, far] = duplex();
    return yield* scope(function* (s) {
      const onError = (error: unknown) => void reported.push(error);
      s.spawn(serveConnection(far, handler, { onError, ...options }));
      const value = yield* client(near);
      near.close();
      return value;
    });
  });
  reported.push(...virtual.reported);
  return { value, reported };
}
