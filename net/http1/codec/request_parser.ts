import type { Parsed } from "./field_lines.ts";
import { RequestHead } from "./head.ts";
import { MessageParser } from "./parser.ts";
import type { ParserState } from "./parser_state.ts";
import { refuse } from "./refusal.ts";
import { parseRequestLine } from "./start_line.ts";

/**
 * Parses what clients send, one request after the other.
 *
 * After a request that ends the connection it answers "closed", after a CONNECT "tunnel": a server
 * that refuses the tunnel closes the connection.
 *
 * @example Two requests in a row, cut anywhere
 * ```ts
 * import { RequestParser } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * const parser = new RequestParser();
 * const seen: string[] = [];
 * for (const piece of ["POST /a HTTP/1.1\r\nHost: x\r\nCont", "ent-Length: 2\r\n\r\nhi", "GET /b "]) {
 *   parser.feed(new TextEncoder().encode(piece));
 *   for (let event = parser.next(); event !== "more"; event = parser.next()) {
 *     if (event === "head") seen.push(`${parser.head.method} ${parser.head.target}`);
 *     if (event === "body") seen.push(new TextDecoder().decode(parser.body));
 *   }
 * }
 * assertEquals(seen, ["POST /a", "hi"]);
 * assertEquals(parser.state, "start-line");
 * ```
 */
export class RequestParser extends MessageParser {
  readonly head: RequestHead = new RequestHead();
  protected readonly startLineTooLong = "target-too-long";

  protected parseStartLine(): Parsed {
    return parseRequestLine(this.pieces, this.head);
  }

  protected stateAfterHead(): ParserState {
    const { framing: { hosts }, minor } = this.head;
    if (hosts > 1 || (hosts === 0 && minor === 1)) refuse("host");
    return this.stateOfBody("message-end");
  }

  protected override stateAfterMessage(): ParserState {
    return this.head.form === "authority" ? "tunnel" : super.stateAfterMessage();
  }
}
