import type { Co } from "../../../runtime/mod.ts";
import type { BodyReader } from "../body_reader.ts";
import type { HttpFields } from "../codec/fields.ts";
import type { ResponseHead } from "../codec/head.ts";

/** When a request came how far, in milliseconds of the runtime's clock. */
export interface RequestTimes {
  /** When it was begun. */
  readonly begun: number;
  /** When the connection was there: before `begun`, unless it was made for this request. */
  readonly connected: number;
  /** When all of it was written; undefined while it is not. */
  readonly written: number | undefined;
  /** When the first byte of an answer came, an interim one included. */
  readonly firstByte: number | undefined;
  /** When the answer's last byte was taken. */
  readonly done: number | undefined;
}

/** An answer whose head has come; its body comes as it is read. */
export class HttpResponse {
  constructor(
    readonly head: ResponseHead,
    /** To be read to its end, or discarded, before the connection takes another request. */
    readonly body: BodyReader,
    /** They go on being filled in until the body's end. */
    readonly times: RequestTimes,
  ) {}

  get status(): number {
    return this.head.status;
  }

  get fields(): HttpFields {
    return this.head.fields;
  }

  /**
   * The whole body as text; as {@link BodyReader.text}.
   *
   * Cancel safety: not safe; what it had read is lost with it.
   */
  text(maxBytes?: number): Co<string> {
    return this.body.text(maxBytes);
  }

  /**
   * The whole body as the JSON that it is; what it holds is up to its user to check.
   *
   * Cancel safety: not safe; what it had read is lost with it.
   *
   * @throws {SyntaxError} when it is no JSON
   */
  *json(maxBytes?: number): Co<unknown> {
    return JSON.parse(yield* this.body.text(maxBytes));
  }
}
