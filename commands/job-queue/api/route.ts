import type { Co } from "../../../runtime/mod.ts";
import type { HttpRequest, HttpResponseInit } from "../../../net/mod.ts";
import type { Service } from "../engine/service.ts";
import { parseJson } from "./json_text.ts";
import { numberIn } from "./read_query.ts";
import { badRequest, notFound, Refusal } from "./refusal.ts";

/** A schema of JSON, as OpenAPI 3.1 takes it. */
export type Schema = Readonly<Record<string, unknown>>;

/** One call of the service: what it takes, what it answers, and how it is done. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** `/jobs/{id}` has a parameter of that name. */
  readonly path: string;
  readonly about: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Schema;
  /** Set where no body at all is as good as an empty one. */
  readonly isBodyOptional?: boolean;
  /** What it can answer besides what every call can. */
  readonly answers: Readonly<Record<number, string>>;
  /** What the JSON of an answer looks like, where it is no refusal. */
  readonly gives?: Readonly<Record<number, Schema>>;
  /** Set where whoever asks needs no token. */
  readonly isOpen?: boolean;
  /** Set where it begins something new, which a service that stops does not. */
  readonly isRefusedAtTheEnd?: boolean;
  handle(call: Call): Co<HttpResponseInit>;
}

/** A request on its way through a route. */
export class Call {
  constructor(
    readonly service: Service,
    readonly request: HttpRequest,
    readonly params: Readonly<Record<string, string>>,
    readonly query: URLSearchParams,
    readonly maxBody: number,
  ) {}

  /** The number in the path. @throws {Refusal} 404 where no job can have it */
  get id(): number {
    const id = numberIn(this.params.id);
    if (id !== undefined) return id;
    throw notFound(`there is no job ${this.params.id}`);
  }

  /** The body, which has to be JSON and say so: a page elsewhere cannot send that unasked. */
  *json(): Co<unknown> {
    const type = this.request.fields.get("content-type") ?? "none";
    if (!JSON_TYPE.test(type)) {
      throw new Refusal(
        415,
        "unsupported-media-type",
        `expected Content-Type: application/json, got ${type}`,
      );
    }
    const bytes = yield* this.request.body.bytes(this.maxBody);
    return parseJson(decoded(bytes));
  }

  /** As `json`; no body at all is an empty object. */
  *jsonOrNothing(): Co<unknown> {
    const { contentLength, framing } = this.request.head;
    return contentLength === 0 || (contentLength === undefined && !framing.chunked)
      ? {}
      : yield* this.json();
  }
}

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
const UTF8 = new TextDecoder("utf-8", { fatal: true });

function decoded(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw badRequest("the body is not UTF-8");
  }
}
