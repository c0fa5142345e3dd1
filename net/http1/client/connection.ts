import {
  Busy,
  Closed,
  type Co,
  currentLoop,
  type Future,
  IoError,
  type Loop,
  now,
  pollFn,
  TimedOut,
  timeout,
} from "../../../runtime/mod.ts";
import { LOCAL_HOST, type TcpEndpoint } from "../../address.ts";
import { TcpStream } from "../../tcp.ts";
import { UnixStream } from "../../unix.ts";
import { BodyReader } from "../body_reader.ts";
import { EncodedRequest, encodeRequest, type HttpRequestInit } from "../codec/encode_request.ts";
import { type ConnectionFate, Exchange } from "./exchange.ts";
import { Incoming } from "../incoming.ts";
import type { HttpLimits } from "../codec/limits.ts";
import { RequestFailed } from "./request_failed.ts";
import { HttpResponse } from "./response.ts";
import { ResponseParser } from "../codec/response_parser.ts";
import type { Transport } from "../transport.ts";

/** Where a server is: a host and port, or the path of a Unix socket. */
export type HttpEndpoint = TcpEndpoint | { readonly unix: string };

/** How a client behaves. */
export interface HttpConnectionOptions {
  /** What `Host` says; the endpoint's host and port unless said otherwise. */
  readonly host?: string;
  /** How long an exchange may take, its body included, in milliseconds; for ever at first. */
  readonly timeout?: number;
  /** How long connecting may take, in milliseconds; as long as the system lets it at first. */
  readonly connectTimeout?: number;
  readonly limits?: Partial<HttpLimits>;
}

/** The port that a `Host` leaves out. RFC 9110 §4.2.1 */
const DEFAULT_PORT = 80;

/**
 * A client's connection to an HTTP/1.1 server: one request at a time, as many as both sides let it.
 *
 * `request` answers when the head has come; the body is read from the answer. After an answer's
 * last byte the connection takes the next request, if `reusable` says so: it does not after a
 * failure, after `Connection: close`, or when the answer came before the request was sent whole.
 *
 * It needs a runtime with time, and runs over any {@link Transport}.
 *
 * @example
 * ```ts
 * import { blockOn, scope } from "wakeful/runtime";
 * import { HttpConnection, serve, TcpListener } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * await blockOn(function* () {
 *   using listener = yield* TcpListener.bind({ port: 0 });
 *   yield* scope(function* (s) {
 *     const server = s.spawn(serve(listener, function* (request) {
 *       return { body: `you asked for ${request.path}` };
 *     }));
 *     using connection = yield* HttpConnection.connect(listener.localAddr);
 *     const response = yield* connection.request({ target: "/hello" });
 *     assertEquals(yield* response.text(), "you asked for /hello");
 *     server.abort();
 *   });
 * });
 * ```
 */
export class HttpConnection {
  /** What it runs over; after a 101, or a 2xx to CONNECT, it is its user's. */
  readonly transport: Transport;
  /** What `Host` says. */
  readonly host: string;
  /** When it was connected, in milliseconds of the runtime's clock. */
  readonly connected: number;
  /** For its exchange. */
  readonly incoming: Incoming<ResponseParser>;
  /** For its exchange. */
  readonly loop: Loop;
  #timeout: number;
  #exchange: Exchange | undefined;
  #requests = 0;
  #reusable = true;
  #closed = false;

  private constructor(transport: Transport, host: string, options: HttpConnectionOptions) {
    this.transport = transport;
    transport.setNoDelay?.(true);
    this.host = options.host ?? host;
    this.#timeout = options.timeout ?? Infinity;
    this.incoming = new Incoming(transport, new ResponseParser(options.limits));
    this.loop = currentLoop();
    this.connected = now();
  }

  /**
   * Connects to a server.
   *
   * Cancel safety: safe; a dropped attempt is abandoned.
   *
   * @throws {RequestFailed} `connect`, with the {@link IoError} or {@link TimedOut} as its cause
   */
  static *connect(
    endpoint: HttpEndpoint,
    options: HttpConnectionOptions = {},
  ): Co<HttpConnection> {
    const { connectTimeout } = options;
    const connecting = connectTo(endpoint);
    try {
      const transport = connectTimeout === undefined
        ? yield* connecting
        : yield* timeout(connectTimeout, connecting, "a connection");
      return new HttpConnection(transport, hostOf(endpoint), options);
    } catch (error) {
      if (!(error instanceof IoError || error instanceof TimedOut)) throw error;
      throw new RequestFailed("connect", false, error);
    }
  }

  /**
   * Speaks HTTP over a stream that is there already, and belongs to the connection from now on.
   *
   * @throws {OutsideRuntime} when no task is running
   */
  static over(transport: Transport, options: HttpConnectionOptions = {}): HttpConnection {
    return new HttpConnection(transport, LOCAL_HOST, options);
  }

  /** Whether another request can be sent: none is going on, and nothing speaks against it. */
  get reusable(): boolean {
    return this.#reusable && !this.#closed && this.#exchange === undefined;
  }

  /** How many requests were begun. */
  get requests(): number {
    return this.#requests;
  }

  /** For its exchange. */
  get isUsed(): boolean {
    return this.#requests > 1;
  }

  /**
   * Sends a request and waits for the head of its answer. Interim answers are passed over.
   *
   * Cancel safety: dropped, it closes the connection, for nobody knows how much was sent.
   *
   * @throws {RequestFailed} when there is no answer; so does its body, later
   * @throws {Busy} when the answer before has not been read to its end
   * @throws {Closed} when the connection is closed or cannot be used again
   * @throws {TypeError} when method, target or a field could not stand in a head
   * @throws whatever a streamed body throws
   */
  *request(request: HttpRequestInit | EncodedRequest = {}): Co<HttpResponse> {
    const encoded = request instanceof EncodedRequest ? request : encodeRequest(request, this.host);
    const exchange = this.#begin(encoded);
    let head;
    try {
      head = yield* pollFn((cx) => exchange.pollHead(cx));
      return new HttpResponse(head, new BodyReader(exchange), exchange);
    } finally {
      if (head === undefined) exchange.abandon(new Closed("the connection"));
    }
  }

  /** Closes the connection; an answer that is being read fails. */
  close(): void {
    if (this.#exchange !== undefined) this.#exchange.abandon(new Closed("the connection"));
    this.#close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** For its exchange. */
  exchangeEnded(fate: ConnectionFate): void {
    this.#exchange = undefined;
    this.#reusable = fate === "reusable";
    if (fate === "closed") this.#close();
  }

  #begin(request: EncodedRequest): Exchange {
    if (this.#exchange !== undefined) throw new Busy("a request");
    if (this.#closed || !this.#reusable) throw new Closed("the connection");
    this.#exchange = new Exchange(this, request, this.#timeout);
    this.#requests++;
    return this.#exchange;
  }

  #close(): void {
    this.#closed = true;
    this.transport.close();
  }
}

function connectTo(endpoint: HttpEndpoint): Future<Transport> {
  return "unix" in endpoint ? UnixStream.connect(endpoint.unix) : TcpStream.connect(endpoint);
}

function hostOf(endpoint: HttpEndpoint): string {
  if ("unix" in endpoint) return "localhost";
  const { host = LOCAL_HOST, port } = endpoint;
  const name = host.includes(":") ? `[${host}]` : host;
  return port === DEFAULT_PORT ? name : `${name}:${port}`;
}
