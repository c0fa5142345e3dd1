import { type Co, type Future, intoFuture, type Spawnable } from "../../../runtime/mod.ts";
import type { PoolOptions, PoolStatistics } from "../../pool/options.ts";
import { Pool } from "../../pool/pool.ts";
import type { Pooled } from "../../pool/pooled.ts";
import { HttpConnection, type HttpConnectionOptions, type HttpEndpoint } from "./connection.ts";
import { EncodedRequest, encodeRequest, type HttpRequestInit } from "../codec/encode_request.ts";
import { RequestFailed } from "./request_failed.ts";
import type { HttpResponse } from "./response.ts";

/** How a pool of connections to one server behaves. */
export interface HttpPoolOptions
  extends HttpConnectionOptions, Omit<PoolOptions<HttpConnection>, "connect" | "check" | "close"> {}

/** RFC 9110 §9.2.2: sent twice, they do what they do sent once. */
const IDEMPOTENT = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"];

/**
 * Connections to one server, kept alive and shared.
 *
 * A connection that cannot be used again is thrown away when it comes back. A server may close an
 * idle one just as it is being used: then a request that can be repeated, and of which nothing was
 * answered, is sent once more on a new one. RFC 9112 §9.3.1
 *
 * @example
 * ```ts
 * import { blockOn, scope } from "wakeful/runtime";
 * import { HttpPool, serve, TcpListener } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * await blockOn(function* () {
 *   using listener = yield* TcpListener.bind({ port: 0 });
 *   yield* scope(function* (s) {
 *     const server = s.spawn(serve(listener, function* () {
 *       return { body: "hi" };
 *     }));
 *     using pool = new HttpPool(listener.localAddr, { max: 4 });
 *     for (let i = 0; i < 3; i++) {
 *       assertEquals(yield* pool.request({}, (response) => response.text()), "hi");
 *     }
 *     assertEquals(pool.statistics().created, 1);
 *     server.abort();
 *   });
 * });
 * ```
 */
export class HttpPool {
  #pool: Pool<HttpConnection>;

  /** @throws {RangeError} when `max` is not a whole number from 1 up, or a time not above 0 */
  constructor(endpoint: HttpEndpoint, options: HttpPoolOptions) {
    this.#pool = new Pool({
      ...options,
      connect: () => HttpConnection.connect(endpoint, options),
      check: function* (connection) {
        return connection.reusable;
      },
    });
  }

  /**
   * Waits for a connection of one's own, for as long as its `using` block lasts.
   *
   * Cancel safety: as {@link Pool.get}. Errors as well.
   */
  get(): Future<Pooled<HttpConnection>> {
    return this.#pool.get();
  }

  /**
   * Sends a request and lets `use` read the answer; the connection goes back after that.
   *
   * Cancel safety: as {@link HttpConnection.request}.
   *
   * @throws as {@link HttpConnection.request}, and whatever `use` throws
   */
  *request<T>(
    request: HttpRequestInit | EncodedRequest,
    use: (response: HttpResponse) => Spawnable<T>,
  ): Co<T> {
    const first = yield* this.#attempt(request, use, true);
    if (first !== AGAIN) return first;
    return (yield* this.#attempt(request, use, false)) as T;
  }

  /** Closes what has been idle or alive for too long; as {@link Pool.reap}. */
  reap(): number {
    return this.#pool.reap();
  }

  /**
   * As {@link Pool.reaper}.
   *
   * Cancel safety: safe; nobody reaps then.
   */
  reaper(): Co<void> {
    return this.#pool.reaper();
  }

  statistics(): PoolStatistics {
    return this.#pool.statistics();
  }

  /** As {@link Pool.close}. */
  close(): void {
    this.#pool.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  *#attempt<T>(
    request: HttpRequestInit | EncodedRequest,
    use: (response: HttpResponse) => Spawnable<T>,
    mayRepeat: boolean,
  ): Co<T | typeof AGAIN> {
    const pooled = yield* this.#pool.get();
    const connection = pooled.value;
    const encoded = request instanceof EncodedRequest
      ? request
      : encodeRequest(request, connection.host);
    const wasUsed = connection.requests > 0;
    try {
      const response = yield* connection.request(encoded);
      const value = yield* intoFuture(use(response));
      return value;
    } catch (error) {
      if (mayRepeat && wasUsed && isRepeatable(encoded, error)) return AGAIN;
      throw error;
    } finally {
      if (connection.reusable) pooled.release();
      else pooled.discard();
    }
  }
}

const AGAIN = Symbol("again");

function isRepeatable(request: EncodedRequest, error: unknown): boolean {
  if (!(error instanceof RequestFailed) || error.received || !request.replayable) return false;
  const isStale = error.kind === "reset" || error.kind === "early-close" ||
    error.kind === "excess-bytes";
  return isStale && IDEMPOTENT.includes(request.method);
}
