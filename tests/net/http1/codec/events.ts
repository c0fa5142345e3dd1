/** What a parser says of some bytes, as plain data that can be compared. */
import { type MessageParser, ProtocolError, RequestParser, ResponseParser } from "wakeful/net";
import { textAt } from "../../../../net/http1/codec/octets.ts";

export type Seen = readonly [what: string, ...details: unknown[]];

/** A parser for what `method` was asked, or of requests. */
export function parserFor(side: "request" | "response", method = "GET"): MessageParser {
  if (side === "request") return new RequestParser();
  const parser = new ResponseParser();
  parser.asked(method);
  return parser;
}

/** Feeds the pieces, with what was not taken before the next, and lists the events to the end. */
export function eventsOf(parser: MessageParser, pieces: Iterable<Uint8Array>): Seen[] {
  const seen: Seen[] = [];
  try {
    for (const piece of pieces) {
      parser.feed(piece);
      if (!drain(parser, seen)) return seen;
    }
    seen.push([parser.finish()]);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    seen.push(["refused", error.kind]);
  }
  return seen;
}

/** False when nothing more will be looked at. */
function drain(parser: MessageParser, seen: Seen[]): boolean {
  for (;;) {
    const event = parser.next();
    if (event === "more") return true;
    if (event === "body") addBody(seen, parser.body);
    else seen.push([event, ...detailsOf(event, parser)]);
    if (event === "closed" || event === "tunnel") return false;
  }
}

/** However a body was cut, it is one event. */
function addBody(seen: Seen[], bytes: Uint8Array): void {
  const text = textAt(bytes, 0, bytes.length);
  const last = seen.at(-1);
  if (last?.[0] === "body") seen[seen.length - 1] = ["body", `${last[1]}${text}`];
  else seen.push(["body", text]);
}

function detailsOf(event: string, { head, trailers }: MessageParser): unknown[] {
  if (event === "end") return trailers.size > 0 ? [[...trailers]] : [];
  if (event !== "head") return [];
  return [startLine(head), [...head.fields], head.keepAlive ? "keep-alive" : "close"];
}

function startLine(head: MessageParser["head"]): string {
  const { method, target, status, reason, version } = head as unknown as Record<string, unknown>;
  return method === undefined ? `${version} ${status} ${reason}` : `${method} ${target} ${version}`;
}
