import { type Context, Pending, type Poll } from "../../runtime/mod.ts";
import type { AsyncRead } from "../bytes/async_read.ts";
import { HttpFields } from "./codec/fields.ts";
import type { MessageParser } from "./codec/parser.ts";
import type { ParserEvent } from "./codec/parser_state.ts";

const NOTHING = new Uint8Array(0);
const NO_FIELDS = new HttpFields();

/**
 * A parser at the end of a stream: it hands the parser what the stream lends, and lends the bodies
 * to its user where they lie.
 *
 * Bytes are taken from the stream no sooner than they are used, so whatever comes after a message
 * stays in the stream, and a poll that is never repeated has lost nothing.
 */
export class Incoming<P extends MessageParser> {
  /** The fields after the body, once it has ended. */
  trailers: HttpFields = NO_FIELDS;
  /** Whether the message that was begun last is over. */
  ended = true;
  /** Whether anything has come since this was set to false. */
  received = false;
  /** How many bytes lay behind the message when its end was seen. */
  behind = 0;
  #reader: AsyncRead;
  /** How many bytes of the body lie at the start of what the stream lends. */
  #available = 0;
  #head: P["head"] | undefined;

  constructor(reader: AsyncRead, readonly parser: P) {
    this.#reader = reader;
  }

  /** The next head, the caller's own, or why there is none. */
  pollHead(cx: Context): Poll<P["head"] | "closed" | "tunnel"> {
    for (;;) {
      const event = this.#pollEvent(cx);
      if (event === Pending) return Pending;
      if (event === "closed" || event === "tunnel") return event;
      if (event !== "head") continue;
      this.ended = false;
      this.trailers = NO_FIELDS;
      const head = this.#head!;
      this.#endIfOver();
      return head;
    }
  }

  /** Lends what has come of the body; none means its end. */
  pollBody(cx: Context): Poll<Uint8Array> {
    while (!this.ended) {
      if (this.#available > 0) return this.#pollAvailable(cx);
      if (this.#pollEvent(cx) === Pending) return Pending;
    }
    return NOTHING;
  }

  /** Takes the first `n` bytes that `pollBody` lent. */
  consumeBody(n: number): void {
    this.#reader.consume(n);
    this.#available -= n;
    this.#endIfOver();
  }

  #pollAvailable(cx: Context): Poll<Uint8Array> {
    const lent = this.#reader.pollFill(cx);
    return lent === Pending ? Pending : lent.subarray(0, this.#available);
  }

  #pollEvent(cx: Context): Poll<ParserEvent> {
    const { parser } = this;
    for (;;) {
      const lent = this.#reader.pollFill(cx);
      if (lent === Pending) return Pending;
      if (lent.length === 0) return this.#note(parser.finish(), 0);
      this.received = true;
      parser.feed(lent);
      const event = parser.next();
      this.behind = lent.length - parser.taken;
      this.#note(event, parser.taken);
      if (event !== "more") return event;
    }
  }

  /** What the event lends is kept before the bytes it lies in are given back. */
  #note(event: ParserEvent, taken: number): ParserEvent {
    const { parser } = this;
    if (event === "head") this.#head = parser.head.keep();
    if (event === "end") this.#end();
    if (event === "body") this.#available = parser.bodyLength;
    const used = taken - this.#available;
    if (used > 0) this.#reader.consume(used);
    return event;
  }

  /** A message whose last byte was taken ends without another look at the stream. */
  #endIfOver(): void {
    if (this.#available > 0 || this.parser.state !== "message-end") return;
    this.parser.next();
    this.#end();
  }

  #end(): void {
    const { trailers } = this.parser;
    if (trailers.size > 0) this.trailers = trailers.keep();
    this.ended = true;
  }
}
