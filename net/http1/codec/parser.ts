import { BodyMeter } from "./body_meter.ts";
import { NO_CHUNK, parseChunkLine } from "./chunk_line.ts";
import { EMPTY_LINE, INCOMPLETE, type Parsed, parseFieldLine } from "./field_lines.ts";
import { HttpFields } from "./fields.ts";
import { type FramingFields, NO_LENGTH } from "./framing_fields.ts";
import type { MessageHead } from "./head.ts";
import { type HttpLimits, limitsFrom } from "./limits.ts";
import { CR, LF } from "./octets.ts";
import type { ParserEvent, ParserState } from "./parser_state.ts";
import { Pieces } from "./pieces.ts";
import { type RefusalKind, refuse } from "./refusal.ts";

/**
 * What the parsers of both sides have in common: fields, bodies, the way from one message to the
 * next. It is fed pieces of any size and asked for one event after the other; it never waits.
 *
 * Nothing is copied as long as a head lies in one piece. What `head`, `trailers` and `body` lend is
 * good until the next call.
 */
export abstract class MessageParser {
  abstract readonly head: MessageHead;
  /** The fields after a chunked body. They are no part of the head: RFC 9110 §6.5.1 */
  readonly trailers: HttpFields = new HttpFields();
  readonly limits: HttpLimits;
  protected readonly pieces: Pieces = new Pieces();
  #state: ParserState = "start-line";
  #failure: unknown;
  #fieldsAt = 0;
  #skipped = false;
  #meter: BodyMeter;
  #lentFrom = 0;

  constructor(limits: Partial<HttpLimits> = {}) {
    this.limits = limitsFrom(limits);
    this.#meter = new BodyMeter(this.limits);
  }

  /** Takes the start line into the head, or an empty line. */
  protected abstract parseStartLine(): Parsed;
  protected abstract readonly startLineTooLong: RefusalKind;

  /** The head is whole: what comes after it. */
  protected abstract stateAfterHead(): ParserState;

  get state(): ParserState {
    return this.#state;
  }

  /** How many bytes of the last piece were taken, those that `body` lends included. */
  get taken(): number {
    return this.pieces.taken;
  }

  /** After "body": how many bytes that are. */
  get bodyLength(): number {
    return this.pieces.at - this.#lentFrom;
  }

  /** After "body": the bytes, where they lie. */
  get body(): Uint8Array {
    return this.pieces.bytes.subarray(this.#lentFrom, this.pieces.at);
  }

  /** The next piece; whatever of the one before was not taken has to begin it. */
  feed(piece: Uint8Array): void {
    this.pieces.feed(piece);
  }

  /**
   * The next event in the piece, or "more".
   *
   * @throws {ProtocolError} when the message breaks a rule or a limit; from then on always
   */
  next(): ParserEvent {
    try {
      return this.#step();
    } catch (error) {
      this.#state = "failed";
      this.#failure = error;
      throw error;
    }
  }

  /**
   * The peer has finished sending: "end" of a body that the connection delimits, "closed" between
   * messages.
   *
   * @throws {ProtocolError} when a message is cut short
   */
  finish(): ParserEvent {
    switch (this.#state) {
      case "failed":
        throw this.#failure;
      case "start-line":
        if (this.pieces.pending > 0) refuse("incomplete-head");
        return this.#state = "closed";
      case "field-line":
        return refuse("incomplete-head");
      case "message-end":
      case "closed":
      case "tunnel":
        return this.next();
      case "body-until-close":
        this.#state = "closed";
        return "end";
      default:
        return refuse("incomplete-body");
    }
  }

  #step(): ParserEvent {
    const pieces = this.pieces;
    for (;;) {
      switch (this.#state) {
        case "start-line":
          if (!this.#startLine()) return "more";
          break;
        case "field-line":
          return this.#fieldLines() ? "head" : "more";
        case "fixed-body":
          return this.#lend("message-end");
        case "chunk-size":
          if (!this.#chunkLine()) return "more";
          break;
        case "chunk-data":
          return this.#lend("chunk-cr");
        case "chunk-cr":
        case "chunk-lf":
          if (pieces.at === pieces.end) return "more";
          this.#chunkEnd(pieces.bytes[pieces.at++]);
          break;
        case "trailer-line":
          if (!this.#trailerLines()) return "more";
          break;
        case "body-until-close":
          return this.#lendAll();
        case "message-end":
          this.#enter(this.stateAfterMessage());
          return "end";
        case "failed":
          throw this.#failure;
        case "closed":
        case "tunnel":
          return this.#state;
      }
    }
  }

  protected stateAfterMessage(): ParserState {
    return this.head.keepAlive ? "start-line" : "closed";
  }

  /** The body that the fields tell of, or `otherwise`. RFC 9112 §6.3 */
  protected stateOfBody(otherwise: ParserState): ParserState {
    const { contentLength, chunked } = this.head.framing;
    if (chunked) return "chunk-size";
    if (contentLength === NO_LENGTH) return otherwise;
    this.#meter.announce(contentLength);
    return contentLength === 0 ? "message-end" : "fixed-body";
  }

  #startLine(): boolean {
    const { pieces, head, limits } = this;
    for (;;) {
      const from = pieces.at;
      const parsed = this.parseStartLine();
      if (parsed === INCOMPLETE) {
        if (!this.#moreOfLine(from, limits.startLineBytes, this.startLineTooLong)) return false;
        continue;
      }
      if (pieces.at - from > limits.startLineBytes) refuse(this.startLineTooLong);
      if (parsed === EMPTY_LINE) {
        this.#skipEmptyLine();
        continue;
      }
      this.#skipped = false;
      head.clear();
      this.#fieldsAt = pieces.at - pieces.origin;
      this.#state = "field-line";
      return true;
    }
  }

  /** RFC 9112 §2.2: one is overlooked; a peer that sends nothing else shall not go on for ever. */
  #skipEmptyLine(): void {
    if (this.#skipped) refuse("request-line");
    this.#skipped = true;
    this.pieces.begin();
  }

  #fieldLines(): boolean {
    const { pieces, head, limits } = this;
    const { fields, framing } = head;
    if (!this.#section(fields, framing, limits.fieldBytes, "fields-too-long")) return false;
    head.lieIn(pieces.bytes, pieces.origin);
    head.length = pieces.at - pieces.origin;
    this.trailers.clear();
    this.#meter.clear();
    if (framing.chunked && head.minor === 0) refuse("chunked-in-1.0");
    if (framing.chunked && framing.contentLength !== NO_LENGTH) refuse("both-lengths");
    this.#enter(this.stateAfterHead());
    return true;
  }

  #trailerLines(): boolean {
    const { pieces, trailers, limits } = this;
    if (!this.#section(trailers, undefined, limits.trailerBytes, "trailers-too-long")) return false;
    trailers.lieIn(pieces.bytes, pieces.origin);
    this.#enter("message-end");
    return true;
  }

  /** Field lines up to the empty one; false when more has to come. */
  #section(
    fields: HttpFields,
    framing: FramingFields | undefined,
    limit: number,
    kind: RefusalKind,
  ): boolean {
    const { pieces, limits: { fieldCount } } = this;
    for (;;) {
      const parsed = parseFieldLine(pieces, fields, framing);
      if (parsed === INCOMPLETE) {
        if (!this.#moreOfLine(pieces.origin + this.#fieldsAt, limit, kind)) return false;
        continue;
      }
      if (pieces.at - pieces.origin - this.#fieldsAt > limit) refuse(kind);
      if (parsed === EMPTY_LINE) return true;
      if (fields.size > fieldCount) refuse("too-many-fields");
    }
  }

  #chunkLine(): boolean {
    const { pieces, limits: { chunkLineBytes } } = this;
    for (;;) {
      const from = pieces.at;
      const size = parseChunkLine(pieces);
      if (size !== NO_CHUNK) {
        this.#meter.announceChunk(size, pieces.at - from);
        this.#fieldsAt = 0;
        this.#enter(size === 0 ? "trailer-line" : "chunk-data");
        return true;
      }
      if (!this.#moreOfLine(from, chunkLineBytes, "chunk-line-too-long")) return false;
    }
  }

  #chunkEnd(byte: number): void {
    if (byte !== (this.#state === "chunk-cr" ? CR : LF)) refuse("chunk-end");
    if (this.#state === "chunk-cr") this.#state = "chunk-lf";
    else this.#enter("chunk-size");
  }

  /** Lends what has come of the body or chunk; at its end comes `next`. */
  #lend(next: ParserState): ParserEvent {
    const pieces = this.pieces;
    const meter = this.#meter;
    const length = Math.min(pieces.end - pieces.at, meter.remaining);
    if (length === 0) return "more";
    this.#lentFrom = pieces.at;
    pieces.at += length;
    meter.remaining -= length;
    if (meter.remaining === 0) this.#state = next;
    return "body";
  }

  #lendAll(): ParserEvent {
    const pieces = this.pieces;
    if (pieces.at === pieces.end) return "more";
    this.#meter.pass(pieces.end - pieces.at);
    this.#lentFrom = pieces.at;
    pieces.at = pieces.end;
    return "body";
  }

  #enter(state: ParserState): void {
    this.pieces.begin();
    this.#state = state;
  }

  /** The bytes ran out in a line of what began at `from`; false when another piece is needed. */
  #moreOfLine(from: number, limit: number, kind: RefusalKind): boolean {
    const { pieces } = this;
    const before = pieces.origin;
    if (pieces.end - from > limit) refuse(kind);
    if (pieces.moreOfLine()) return true;
    if (pieces.end - (from - before + pieces.origin) > limit) refuse(kind);
    return false;
  }
}
