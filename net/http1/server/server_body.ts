import { type Context, IoError, Pending, type Poll, TimedOut } from "../../../runtime/mod.ts";
import type { BodyPort } from "../body_reader.ts";
import { encodeText } from "../codec/body_encoder.ts";
import type { HttpFields } from "../codec/fields.ts";
import type { Incoming } from "../incoming.ts";
import type { Patience } from "./patience.ts";
import type { RequestParser } from "../codec/request_parser.ts";
import type { Transport } from "../transport.ts";

const CONTINUE = encodeText("HTTP/1.1 100 Continue\r\n\r\n");
const NOTHING = new Uint8Array(0);

/** The body of one request as its handler reads it: with a 100 before, and a limit on each wait. */
export class ServerBody implements BodyPort {
  /** What the last look threw: the client's doing, and not the handler's. */
  failure: unknown;
  #incoming: Incoming<RequestParser>;
  #transport: Transport;
  #patience: Patience;
  #timeout: number;
  #waiting = false;
  /** What is left to send of the 100 that the client waits for. */
  #interim: Uint8Array;

  constructor(parts: {
    incoming: Incoming<RequestParser>;
    transport: Transport;
    patience: Patience;
    timeout: number;
    expectsContinue: boolean;
  }) {
    this.#incoming = parts.incoming;
    this.#transport = parts.transport;
    this.#patience = parts.patience;
    this.#timeout = parts.timeout;
    this.#interim = parts.expectsContinue && !this.ended ? CONTINUE : NOTHING;
  }

  get ended(): boolean {
    return this.#incoming.ended;
  }

  get trailers(): HttpFields {
    return this.#incoming.trailers;
  }

  /** Whether the client may still be waiting to be told that it shall send the body. */
  get unasked(): boolean {
    return this.#interim.length > 0;
  }

  pollBody(cx: Context): Poll<Uint8Array> {
    try {
      const polled = this.#pollInterim(cx) ?? this.#incoming.pollBody(cx);
      if (polled === Pending) this.#wait(cx);
      else this.#stopWaiting();
      return polled;
    } catch (error) {
      this.#stopWaiting();
      this.failure = error;
      throw error;
    }
  }

  consumeBody(n: number): void {
    this.#incoming.consumeBody(n);
  }

  /** Whether the client has gone or finished sending, once its body was read; a poll of that. */
  pollGone(cx: Context): Poll<void> {
    if (!this.ended) return Pending;
    try {
      const lent = this.#transport.pollFill(cx);
      if (lent === Pending || lent.length > 0) return Pending;
    } catch (error) {
      if (!(error instanceof IoError)) throw error;
    }
  }

  /** The answer begins: RFC 9110 §10.1.1 lets no 100 come after it. */
  answerBegins(): void {
    this.#interim = NOTHING;
    this.#stopWaiting();
  }

  /** Pending while the 100 is not out; otherwise nothing. */
  #pollInterim(cx: Context): typeof Pending | undefined {
    while (this.#interim.length > 0) {
      const n = this.#transport.pollWrite(cx, this.#interim);
      if (n === Pending) return Pending;
      this.#interim = this.#interim.subarray(n);
    }
  }

  #wait(cx: Context): void {
    if (!this.#waiting) this.#patience.begin(this.#timeout);
    this.#waiting = true;
    if (this.#patience.pollPassed(cx)) throw new TimedOut(this.#timeout, "more of a body");
  }

  #stopWaiting(): void {
    if (this.#waiting) this.#patience.end();
    this.#waiting = false;
  }
}
