import type { Parsed } from "./field_lines.ts";
import { ResponseHead } from "./head.ts";
import { MessageParser } from "./parser.ts";
import type { ParserState } from "./parser_state.ts";
import { refuse } from "./refusal.ts";
import { parseStatusLine } from "./start_line.ts";

const SWITCHING_PROTOCOLS = 101;
const NO_CONTENT = 204;
const NOT_MODIFIED = 304;
const OK = 200;
const MULTIPLE_CHOICES = 300;

/**
 * Parses what servers send, one answer after the other.
 *
 * An answer to HEAD has no body whatever its fields say, so `asked` tells which request the next
 * one is for; a GET unless it is told. Interim answers are messages of their own: a head whose
 * `isInterim` is true, and an end.
 *
 * @example
 * ```ts
 * import { ResponseParser } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * const parser = new ResponseParser();
 * parser.asked("HEAD");
 * parser.feed(new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"));
 * assertEquals([parser.next(), parser.next(), parser.next()], ["head", "end", "more"]);
 * assertEquals(parser.head.contentLength, 1000);
 * ```
 */
export class ResponseParser extends MessageParser {
  readonly head: ResponseHead = new ResponseHead();
  protected readonly startLineTooLong = "status-line-too-long";
  #method = "GET";
  #interim = 0;

  /** The next answer is for a request with that method. */
  asked(method: string): void {
    this.#method = method;
  }

  protected parseStartLine(): Parsed {
    return parseStatusLine(this.pieces, this.head);
  }

  /** RFC 9112 §6.3, in its order. */
  protected stateAfterHead(): ParserState {
    const { status, isInterim } = this.head;
    if (isInterim && ++this.#interim > this.limits.interimCount) refuse("too-many-interim");
    if (!isInterim) this.#interim = 0;
    const isEmpty = isInterim || status === NO_CONTENT || status === NOT_MODIFIED;
    if (isEmpty || this.#method === "HEAD" || this.#opensTunnel) return "message-end";
    return this.stateOfBody("body-until-close");
  }

  protected override stateAfterMessage(): ParserState {
    if (this.#opensTunnel) return "tunnel";
    return this.head.isInterim ? "start-line" : super.stateAfterMessage();
  }

  get #opensTunnel(): boolean {
    const { status } = this.head;
    return status === SWITCHING_PROTOCOLS ||
      (this.#method === "CONNECT" && status >= OK && status < MULTIPLE_CHOICES);
  }
}
