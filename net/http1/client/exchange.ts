import {
  Closed,
  type Co,
  type Context,
  IoError,
  type JoinHandle,
  type Loop,
  Notify,
  Pending,
  type Poll,
  race,
  sleep,
  spawn,
  TimedOut,
  Timer,
} from "../../../runtime/mod.ts";
import type { BodyPort } from "../body_reader.ts";
import type { EncodedRequest } from "../codec/encode_request.ts";
import { HttpFields } from "../codec/fields.ts";
import type { ResponseHead } from "../codec/head.ts";
import type { Incoming } from "../incoming.ts";
import { ProtocolError } from "../codec/refusal.ts";
import { failureFrom, RequestFailed } from "./request_failed.ts";
import type { ResponseParser } from "../codec/response_parser.ts";
import { sendStreamed } from "../send_body.ts";
import type { Transport } from "../transport.ts";

/** RFC 9110 §10.1.1: a client does not wait for ever for a 100. */
const CONTINUE_WAIT_MS = 1_000;
const CONTINUE = 100;

const NOTHING = new Uint8Array(0);
const NO_FIELDS = new HttpFields();

/** Where an exchange happens, and who is told of its end. */
export interface ExchangePlace {
  readonly transport: Transport;
  readonly incoming: Incoming<ResponseParser>;
  readonly loop: Loop;
  readonly connected: number;
  /** Whether there was a request before. */
  readonly isUsed: boolean;
  /** The exchange is over. */
  exchangeEnded(connection: ConnectionFate): void;
}

/** What becomes of a connection after an exchange. */
export type ConnectionFate = "reusable" | "tunnel" | "closed";

/** One request and its answer, from the first byte that is sent to the last that is taken. */
export class Exchange extends Timer implements BodyPort {
  readonly begun: number;
  written: number | undefined;
  firstByte: number | undefined;
  done: number | undefined;
  trailers: HttpFields = NO_FIELDS;
  #place: ExchangePlace;
  #request: EncodedRequest;
  #limit: number;
  /** Sends a body that may have to wait for the answer, or the answer for it. */
  #sender: JoinHandle<void> | undefined;
  #goAhead: Notify | undefined;
  #head: ResponseHead | undefined;
  /** Why nothing more can come of it. */
  #failure: { error: unknown } | undefined;
  #unsent: Uint8Array;
  #isSent = false;
  #sendFailed = false;
  #over = false;

  /** @param limit how long all of it may take, in milliseconds */
  constructor(place: ExchangePlace, request: EncodedRequest, limit: number) {
    super();
    this.#place = place;
    this.#request = request;
    this.#unsent = request.bytes;
    this.#limit = limit;
    const { timers } = place.loop;
    this.begun = timers.read();
    if (limit < Infinity) timers.set(this, this.begun + limit);
    place.incoming.received = false;
    place.incoming.parser.asked(request.method);
  }

  get connected(): number {
    return this.#place.connected;
  }

  get ended(): boolean {
    return this.#over;
  }

  /** Sends the request and waits for the head of the final answer, at the level of polls. */
  pollHead(cx: Context): Poll<ResponseHead> {
    return this.#guarded(() => {
      if (!this.#isSent && this.#pollSend(cx) === Pending) return Pending;
      for (;;) {
        const head = this.#place.incoming.pollHead(cx);
        this.#noteFirstByte();
        if (head === Pending) return Pending;
        if (typeof head === "string") throw new RequestFailed("early-close", false);
        if (head.status === CONTINUE) this.#goAhead?.notifyOne();
        if (head.isInterim && !this.#isTunnel) continue;
        this.#head = head;
        if (this.#place.incoming.ended) this.#finish();
        if (this.#failure !== undefined) throw this.#failure.error;
        return head;
      }
    });
  }

  pollBody(cx: Context): Poll<Uint8Array> {
    if (this.#over && this.#failure === undefined) return NOTHING;
    return this.#guarded(() => {
      const lent = this.#place.incoming.pollBody(cx);
      if (lent === Pending || lent.length > 0) return lent;
      this.#finish();
      if (this.#failure !== undefined) throw this.#failure.error;
      return lent;
    });
  }

  consumeBody(n: number): void {
    this.#place.incoming.consumeBody(n);
    if (this.#place.incoming.ended) this.#finish();
  }

  /** The time is up. */
  fire(): void {
    this.abandon(new TimedOut(this.#limit, "an answer"));
  }

  /** Ends it with an error, and the connection with it; whoever waits is woken by that. */
  abandon(error: unknown): void {
    if (this.#over) return;
    this.#failure ??= { error };
    this.#end("closed");
  }

  /** Sends what can be sent at once; the rest goes out beside the wait for the answer. */
  #pollSend(cx: Context): Poll<void> {
    const { rest, streamed, expectsContinue } = this.#request;
    if (this.#place.isUsed && this.#unsent === this.#request.bytes) this.#assertQuiet(cx);
    try {
      while (this.#unsent.length > 0) {
        const n = this.#place.transport.pollWrite(cx, this.#unsent);
        if (n === Pending) return Pending;
        this.#unsent = this.#unsent.subarray(n);
      }
    } catch (error) {
      this.#noteSendError(error);
    }
    this.#isSent = true;
    if (this.#sendFailed) return;
    if (rest === undefined && streamed === undefined) this.written = this.#now();
    else {
      if (expectsContinue) this.#goAhead = new Notify(); // before the 100 can come
      this.#sender = spawn(() => this.#sendRest());
    }
  }

  /** Nothing has come since the last answer: RFC 9112 §9.2 lets nobody use that. */
  #assertQuiet(cx: Context): void {
    const lent = this.#place.transport.pollFill(cx);
    if (lent === Pending) return;
    if (lent.length > 0) throw new ProtocolError("unasked-answer");
    throw new RequestFailed("early-close", false);
  }

  #guarded<T>(poll: () => Poll<T>): Poll<T> {
    try {
      if (this.#failure !== undefined) throw this.#failure.error;
      return poll();
    } catch (error) {
      this.#noteFirstByte();
      // A wait that our own closing has ended fails for the reason of the closing.
      const reason = error instanceof Closed && this.#failure ? this.#failure.error : error;
      this.abandon(reason);
      throw failureFrom(reason, this.firstByte !== undefined);
    }
  }

  #noteFirstByte(): void {
    if (this.#place.incoming.received) this.firstByte ??= this.#now();
  }

  /** The answer has come whole. What lies behind it, unless it is a tunnel's, nobody asked for. */
  #finish(): void {
    if (this.#over) return;
    this.done = this.#now();
    const { incoming } = this.#place;
    this.trailers = incoming.trailers;
    if (this.#isTunnel) return this.#end("tunnel");
    if (incoming.behind > 0) return this.abandon(new ProtocolError("unasked-answer"));
    const isWritten = this.written !== undefined && !this.#sendFailed;
    const mayGoOn = incoming.parser.state === "start-line" && !this.#request.close;
    this.#end(isWritten && mayGoOn ? "reusable" : "closed");
  }

  #end(fate: ConnectionFate): void {
    this.#over = true;
    this.#place.loop.timers.cancel(this);
    this.#sender?.abort("the answer is over");
    this.#place.exchangeEnded(fate);
  }

  get #isTunnel(): boolean {
    return this.#place.incoming.parser.state === "tunnel";
  }

  *#sendRest(): Co<void> {
    const { rest, streamed } = this.#request;
    const { transport } = this.#place;
    try {
      if (this.#goAhead !== undefined) {
        yield* race(this.#goAhead.notified(), sleep(CONTINUE_WAIT_MS));
        if (this.#head !== undefined) return;
      }
      if (rest !== undefined) yield* transport.writeAll(rest);
      if (streamed !== undefined) {
        const write = (bytes: Uint8Array) => transport.writeAll(bytes);
        yield* sendStreamed(write, streamed, this.#request.encoder());
      }
      this.written = this.#now();
    } catch (error) {
      this.#noteSendError(error);
    }
  }

  /** A server that has answered may close without having read all: its answer counts, if it came. */
  #noteSendError(error: unknown): void {
    this.#sendFailed = true;
    if (!(error instanceof IoError) && !(error instanceof Closed)) this.abandon(error);
  }

  #now(): number {
    return this.#place.loop.timers.read();
  }
}
