import type { Co } from "../../../runtime/mod.ts";
import type { BodyWriter } from "../codec/body_source.ts";
import type { HttpResponseInit } from "../codec/encode_response.ts";
import type { FieldsInit } from "../codec/field_text.ts";

/** One event that a server sends. */
export interface ServerEvent {
  /** What it tells; each of its lines is sent as one. */
  readonly data: string;
  /** What kind it is; a browser calls it "message" unless it is said. */
  readonly event?: string;
  /** A client that comes back tells the last it has seen in `Last-Event-ID`. */
  readonly id?: string;
  /** How long a client is to wait before it comes back, in milliseconds. */
  readonly retry?: number;
}

/** Where the coroutine of an event stream sends them. */
export interface EventWriter {
  /** @throws {TypeError} when `event` or `id` has a line end, or `id` a NUL */
  send(event: ServerEvent): Co<void>;
  /** Sends a line that clients overlook: it keeps the connection from looking dead. */
  comment(text: string): Co<void>;
}

/**
 * An answer of server-sent events, as browsers take them with `EventSource`. It lasts until its
 * coroutine ends or the client is gone, which a write finds out.
 *
 * Source: the HTML standard, §9.2 "Server-sent events".
 *
 * @example
 * ```ts
 * import { blockOn, scope } from "wakeful/runtime";
 * import { duplex, eventStream, HttpConnection, serveConnection } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * await blockOn(function* () {
 *   const [client, server] = duplex();
 *   yield* scope(function* (s) {
 *     s.spawn(serveConnection(server, function* () {
 *       return eventStream(function* (events) {
 *         yield* events.send({ event: "count", data: "1" });
 *         yield* events.send({ id: "2", data: "two\nlines" });
 *       });
 *     }));
 *     using connection = HttpConnection.over(client);
 *     const response = yield* connection.request();
 *     assertEquals(
 *       yield* response.text(),
 *       "event: count\ndata: 1\n\nid: 2\ndata: two\ndata: lines\n\n",
 *     );
 *   });
 * });
 * ```
 */
export function eventStream(
  body: (events: EventWriter) => Co<void>,
  fields: FieldsInit = {},
): HttpResponseInit {
  const pairs = Symbol.iterator in fields ? [...fields as Iterable<[string, string]>] : [
    ...Object.entries(fields).flatMap(([name, values]) =>
      [values].flat().map((value): [string, string] => [name, String(value)])
    ),
  ];
  return {
    fields: [["Content-Type", "text/event-stream"], ["Cache-Control", "no-store"], ...pairs],
    body: (out) => body(new EncodedEvents(out)),
  };
}

class EncodedEvents implements EventWriter {
  #out: BodyWriter;

  constructor(out: BodyWriter) {
    this.#out = out;
  }

  send(event: ServerEvent): Co<void> {
    return this.#out.write(encodeEvent(event));
  }

  comment(text: string): Co<void> {
    return this.#out.write(lines("", text) + "\n");
  }
}

const LINE_END = /\r\n|\r|\n/;
const NOT_ON_ONE_LINE = /[\r\n\0]/;

/** The text of one event. @throws {TypeError} as {@link EventWriter.send} */
export function encodeEvent({ data, event, id, retry }: ServerEvent): string {
  let text = "";
  if (event !== undefined) text += oneLine("event", event);
  if (id !== undefined) text += oneLine("id", id);
  if (retry !== undefined) text += `retry: ${Math.round(retry)}\n`;
  return `${text}${lines("data", data)}\n`;
}

function oneLine(name: string, value: string): string {
  if (!NOT_ON_ONE_LINE.test(value)) return `${name}: ${value}\n`;
  throw new TypeError(`Expected the ${name} of an event on one line, got ${JSON.stringify(value)}`);
}

function lines(name: string, text: string): string {
  return text.split(LINE_END).map((line) => `${name}: ${line}\n`).join("");
}
