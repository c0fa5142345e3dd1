import {
  CancellationToken,
  Cancelled,
  type Co,
  IoError,
  type Scope,
  scope,
  Semaphore,
  sleep,
} from "../../../runtime/mod.ts";
import type { Listener } from "../../listener.ts";
import {
  type HttpHandler,
  type ServeOptions,
  type ServeSettings,
  serveSettings,
} from "./serve_options.ts";
import { ServerConnection } from "./server_connection.ts";
import type { Transport } from "../transport.ts";

/** After a failed accept; doubled at each further failure, up to the longest. */
const FIRST_BACK_OFF_MS = 10;
const LONGEST_BACK_OFF_MS = 1_000;

/**
 * Serves HTTP/1.1 to whoever comes to `listener`: a task for each connection, and in it the
 * handler for one request after the other.
 *
 * What the handler returns is sent with `Date` and with `Content-Length`, or in chunks where the
 * length is not known. What it throws becomes a 500 and is reported; a request that breaks a rule
 * or a limit never reaches it. A body that it leaves unread is read on, or the connection closed.
 *
 * It ends when `stopping` is cancelled: then it accepts no more, closes what is idle, and waits for
 * the requests in flight. With a {@link Shutdown}, run it by `shutdown.spawn` and give it
 * `shutdown.stopping`; what is not done within the grace is aborted. The listener stays open: it is
 * its owner's.
 *
 * It needs a runtime with time.
 *
 * Cancel safety: dropped, it ends every handler and closes every connection.
 *
 * @throws {RangeError} when a number of the options is not above 0
 * @throws {Closed} when the listener was closed
 *
 * @example A server that is asked to stop
 * ```ts
 * import { blockOn, Shutdown } from "wakeful/runtime";
 * import { HttpConnection, serve, TcpListener } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * await blockOn(function* () {
 *   using listener = yield* TcpListener.bind({ port: 0 });
 *   const shutdown = new Shutdown({ grace: 1_000 });
 *   shutdown.spawn(serve(listener, function* (request) {
 *     const name = yield* request.body.text();
 *     return { status: 201, fields: { "X-Name": name }, body: `hello, ${name}` };
 *   }, { stopping: shutdown.stopping }));
 *   using client = yield* HttpConnection.connect(listener.localAddr);
 *   const answer = yield* client.request({ method: "POST", body: "you" });
 *   assertEquals([answer.status, answer.fields.get("x-name")], [201, "you"]);
 *   assertEquals(yield* answer.text(), "hello, you");
 *   shutdown.request("that was all");
 *   assertEquals((yield* shutdown.finish()).aborted, 0);
 * });
 * ```
 */
export function* serve(
  listener: Listener<Transport>,
  handler: HttpHandler,
  options: ServeOptions = {},
): Co<void> {
  const settings = serveSettings(options);
  const permits = new Semaphore(settings.maxConnections);
  const { stopping = new CancellationToken() } = settings;
  yield* scope(function* (connections) {
    try {
      yield* stopping.run(() => acceptAll(listener, permits, connections, handler, settings));
    } catch (error) {
      if (!(error instanceof Cancelled && stopping.isCancelled)) throw error;
    }
  });
}

/**
 * Serves one client on a stream that is there already, and closes it; otherwise as {@link serve}.
 *
 * @throws {RangeError} when a number of the options is not above 0
 */
export function* serveConnection(
  transport: Transport,
  handler: HttpHandler,
  options: ServeOptions = {},
): Co<void> {
  yield* new ServerConnection(transport, handler, serveSettings(options)).run();
}

function* acceptAll(
  listener: Listener<Transport>,
  permits: Semaphore,
  connections: Scope,
  handler: HttpHandler,
  settings: ServeSettings,
): Co<never> {
  let backOff = FIRST_BACK_OFF_MS;
  for (;;) {
    const permit = yield* permits.acquire();
    let taken = false;
    try {
      const stream = yield* listener.accept();
      const connection = new ServerConnection(stream, handler, settings);
      connections.spawn(() => connection.run(), { onEnd: () => permit.release() });
      taken = true;
      backOff = FIRST_BACK_OFF_MS;
    } catch (error) {
      if (!(error instanceof IoError)) throw error;
      yield* sleep(backOff);
      backOff = Math.min(2 * backOff, LONGEST_BACK_OFF_MS);
    } finally {
      if (!taken) permit.release();
    }
  }
}
