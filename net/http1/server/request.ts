import { type Address, CancellationToken, type Future, pending } from "../../../runtime/mod.ts";
import type { BodyReader } from "../body_reader.ts";
import type { HttpFields } from "../codec/fields.ts";
import type { RequestHead } from "../codec/head.ts";

/** A request as a handler gets it. */
export class HttpRequest {
  constructor(
    readonly head: RequestHead,
    /** Comes as it is read. A client that waits for a 100 gets it at the first look. */
    readonly body: BodyReader,
    /** Cancelled when the server is to stop: a long answer should come to its end then. */
    readonly stopping: CancellationToken = new CancellationToken(),
    /** Who sent it, where the transport knows. */
    readonly peer: Address | undefined = undefined,
    private readonly leaving: () => Future<void> = pending,
  ) {}

  /**
   * Waits until the client has gone, or has finished sending: for handlers that wait for something
   * on its behalf. It begins to look when the body has been read; of a client that has sent its next
   * request already nothing is known, and the wait never ends.
   *
   * Cancel safety: safe; nothing is taken.
   *
   * @example A handler that waits for news, as long as anybody wants them
   * ```ts
   * import { race, sleep } from "wakeful/runtime";
   * import type { HttpHandler } from "wakeful/net";
   *
   * const news: HttpHandler = function* (request) {
   *   yield* request.body.discard();
   *   yield* race<void>(sleep(30_000), request.gone());
   *   return { body: "nothing new" };
   * };
   * ```
   */
  gone(): Future<void> {
    return this.leaving();
  }

  get method(): string {
    return this.head.method;
  }

  /** Path and query; as {@link RequestHead.path}. */
  get path(): string {
    return this.head.path;
  }

  get fields(): HttpFields {
    return this.head.fields;
  }
}
