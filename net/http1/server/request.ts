import { type Address, CancellationToken } from "../../../runtime/mod.ts";
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
  ) {}

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
