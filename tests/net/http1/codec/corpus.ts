/** Messages that every parser must take, in the words of RFC 9112, and what they come to. */
import type { Seen } from "./events.ts";

export interface Sample {
  readonly name: string;
  readonly side: "request" | "response";
  /** What the answers are for. */
  readonly method?: string;
  readonly text: string;
  /** What is seen; heads by their start line. */
  readonly events: readonly string[];
}

/** The events in short, as a sample has them. */
export function short([what, detail, ...more]: Seen): string {
  if (what === "head") return `head ${detail} ${more.at(-1)}`;
  if (detail === undefined) return what;
  return `${what} ${typeof detail === "string" ? detail : JSON.stringify(detail)}`;
}

const LINES = (...lines: string[]) => lines.join("\r\n") + "\r\n\r\n";

export const CORPUS: readonly Sample[] = [
  {
    name: "a request without a body",
    side: "request",
    text: LINES("GET /a?b=c HTTP/1.1", "Host: example.org", "Accept:*/*", "X-Empty:"),
    events: ["head GET /a?b=c 1.1 keep-alive", "end", "closed"],
  },
  {
    name: "a request with a body, and the next one behind it",
    side: "request",
    text: LINES("POST / HTTP/1.1", "host: x", "content-LENGTH: 5") + "hello" +
      LINES("GET /2 HTTP/1.1", "Host:\t x \t"),
    events: [
      "head POST / 1.1 keep-alive",
      "body hello",
      "end",
      "head GET /2 1.1 keep-alive",
      "end",
      "closed",
    ],
  },
  {
    name: "a chunked request with extensions and trailers",
    side: "request",
    text: LINES("PUT /c HTTP/1.1", "Host: x", "Transfer-Encoding: Chunked") +
      '5;name=value;q="a;b"\r\nhello\r\n00A \t; x\r\n, chunked!\r\n0\r\nDigest: abc\r\nX: y\r\n\r\n',
    events: [
      "head PUT /c 1.1 keep-alive",
      "body hello, chunked!",
      'end [["Digest","abc"],["X","y"]]',
      "closed",
    ],
  },
  {
    name: "an empty chunked body",
    side: "request",
    text: LINES("POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked") + "0\r\n\r\n",
    events: ["head POST / 1.1 keep-alive", "end", "closed"],
  },
  {
    name: "an empty line before the request line",
    side: "request",
    text: "\r\n" + LINES("GET / HTTP/1.1", "Host: x"),
    events: ["head GET / 1.1 keep-alive", "end", "closed"],
  },
  {
    name: "the same length told twice",
    side: "request",
    text: LINES("POST / HTTP/1.1", "Host: x", "Content-Length: 2", "Content-Length: 2") + "ab",
    events: ["head POST / 1.1 keep-alive", "body ab", "end", "closed"],
  },
  {
    name: "what follows a request that ends the connection is not looked at",
    side: "request",
    text: LINES("GET / HTTP/1.1", "Host: x", "Connection: Upgrade, CLOSE") + "\x00garbage",
    events: ["head GET / 1.1 close", "end", "closed"],
  },
  {
    name: "HTTP/1.0 ends the connection unless it is told otherwise",
    side: "request",
    text: LINES("GET / HTTP/1.0", "Connection: keep-alive") + LINES("GET / HTTP/1.0"),
    events: ["head GET / 1.0 keep-alive", "end", "head GET / 1.0 close", "end", "closed"],
  },
  {
    name: "the other three forms of a target",
    side: "request",
    text: LINES("GET http://x/y HTTP/1.1", "Host: x") + LINES("OPTIONS * HTTP/1.1", "Host: x") +
      LINES("CONNECT x:443 HTTP/1.1", "Host: x:443") + "\x16\x03\x01",
    events: [
      "head GET http://x/y 1.1 keep-alive",
      "end",
      "head OPTIONS * 1.1 keep-alive",
      "end",
      "head CONNECT x:443 1.1 keep-alive",
      "end",
      "tunnel",
    ],
  },
  {
    name: "two answers in a row, one without a reason",
    side: "response",
    text: LINES("HTTP/1.1 200 OK", "Content-Length: 2") + "hi" +
      LINES("HTTP/1.1 404", "Content-Length: 0"),
    events: [
      "head 1.1 200 OK keep-alive",
      "body hi",
      "end",
      "head 1.1 404  keep-alive",
      "end",
      "closed",
    ],
  },
  {
    name: "interim answers before the final one",
    side: "response",
    text: LINES("HTTP/1.1 100 Continue") + LINES("HTTP/1.1 103 Early Hints", "Link: </a>") +
      LINES("HTTP/1.1 204 No Content", "Connection: close"),
    events: [
      "head 1.1 100 Continue keep-alive",
      "end",
      "head 1.1 103 Early Hints keep-alive",
      "end",
      "head 1.1 204 No Content close",
      "end",
      "closed",
    ],
  },
  {
    name: "a body that ends with the connection",
    side: "response",
    text: LINES("HTTP/1.1 200 OK", "Content-Type: text/plain") + "until\r\n\r\nthe end",
    events: ["head 1.1 200 OK keep-alive", "body until\r\n\r\nthe end", "end"],
  },
  {
    name: "answers that have no body whatever they say",
    side: "response",
    text: LINES("HTTP/1.1 304 Not Modified", "Content-Length: 100") +
      LINES("HTTP/1.1 204 x", "Transfer-Encoding: chunked"),
    events: [
      "head 1.1 304 Not Modified keep-alive",
      "end",
      "head 1.1 204 x keep-alive",
      "end",
      "closed",
    ],
  },
  {
    name: "an answer to HEAD",
    side: "response",
    method: "HEAD",
    text: LINES("HTTP/1.1 200 OK", "Content-Length: 1000"),
    events: ["head 1.1 200 OK keep-alive", "end", "closed"],
  },
  {
    name: "a tunnel",
    side: "response",
    method: "CONNECT",
    text: LINES("HTTP/1.1 200 OK", "Content-Length: 1000") + "not a body",
    events: ["head 1.1 200 OK keep-alive", "end", "tunnel"],
  },
  {
    name: "another protocol",
    side: "response",
    text: LINES("HTTP/1.1 101 Switching", "Upgrade: websocket") + "\x81\x00",
    events: ["head 1.1 101 Switching keep-alive", "end", "tunnel"],
  },
  {
    name: "bytes beyond ASCII in values and reasons",
    side: "response",
    text: LINES("HTTP/1.1 200 \xdcbrig", "X: \xe9\xff", "Content-Length: 1") + "\x00",
    events: ["head 1.1 200 \xdcbrig keep-alive", "body \x00", "end", "closed"],
  },
];

/** A byte for each character. */
export function octets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
