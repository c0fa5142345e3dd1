import {
  type Address,
  type Co,
  type Context,
  currentLoop,
  intoFuture,
  IoError,
  type Loop,
  Pending,
  type Poll,
  pollFn,
  TimedOut,
  timeout,
  TooLong,
} from "../../../runtime/mod.ts";
import { BodyReader } from "../body_reader.ts";
import {
  type EncodedResponse,
  encodeResponse,
  type HttpResponseInit,
} from "../codec/encode_response.ts";
import type { RequestHead } from "../codec/head.ts";
import { HttpDate } from "./http_date.ts";
import { Incoming } from "../incoming.ts";
import { Patience } from "./patience.ts";
import { PatientWriter } from "./patient_writer.ts";
import { ProtocolError } from "../codec/refusal.ts";
import { HttpRequest } from "./request.ts";
import { RequestParser } from "../codec/request_parser.ts";
import { sendStreamed } from "../send_body.ts";
import type { HttpHandler, ServeSettings } from "./serve_options.ts";
import { ServerBody } from "./server_body.ts";
import type { Transport } from "../transport.ts";

const REQUEST_TIMEOUT = 408;
const CONTENT_TOO_LARGE = 413;
const INTERNAL_SERVER_ERROR = 500;
const NOT_IMPLEMENTED = 501;

/** A body that nobody read is read on to its end up to here; beyond, closing is cheaper. */
const MAX_DISCARDED_BYTES = 256 * 1024;
/** How long a closing connection listens, so that the last answer is not lost: RFC 9112 §9.6 */
const LINGER_MS = 1_000;

const date = new HttpDate();

/** One client of a server: its requests, one after the other. */
export class ServerConnection {
  #transport: Transport;
  #handler: HttpHandler;
  #settings: ServeSettings;
  #loop: Loop;
  #incoming: Incoming<RequestParser>;
  /** For what comes in. */
  #patience: Patience;
  /** For what goes out, which may be beside the other. */
  #outPatience: Patience;
  #writer: PatientWriter;
  #requests = 0;
  /** Whether its client may be in the middle of sending. */
  #linger = false;
  /** Whether it ends early for a reason that was told already, or is the client's own. */
  #broken = false;
  /** Whether an end in good order would look like the end of a body. */
  #resets = false;

  constructor(transport: Transport, handler: HttpHandler, settings: ServeSettings) {
    this.#transport = transport;
    transport.setNoDelay?.(true);
    this.#handler = handler;
    this.#settings = settings;
    this.#loop = currentLoop();
    this.#incoming = new Incoming(transport, new RequestParser(settings.limits));
    this.#patience = new Patience(this.#loop.timers);
    this.#outPatience = new Patience(this.#loop.timers);
    this.#writer = new PatientWriter(transport, this.#outPatience, settings.writeTimeout);
  }

  /**
   * Serves it to its end, and closes it.
   *
   * Cancel safety: dropped, it closes the connection.
   */
  *run(): Co<void> {
    const { stopping } = this.#settings;
    const unsubscribe = stopping?.subscribe(() => this.#patience.wake());
    try {
      while (yield* this.#serveNext());
      if (this.#linger) yield* this.#lingerOn();
    } catch (error) {
      const { broken } = this.#writer;
      const isTold = broken || this.#broken;
      if (!isTold) this.#loop.orphan({ name: "an HTTP connection", error, claimed: false });
      if (broken || this.#resets) this.#transport.abort?.();
    } finally {
      unsubscribe?.();
      this.#patience.end();
      this.#outPatience.end();
      this.#transport.close();
    }
  }

  /** Whether there may be another. */
  *#serveNext(): Co<boolean> {
    let head: RequestHead | undefined;
    try {
      head = yield* this.#nextHead();
    } catch (error) {
      return yield* this.#refuse(error);
    }
    if (head === undefined) return false;
    this.#requests++;
    return yield* this.#serve(head);
  }

  /** The next head; undefined when none is to be waited for. */
  *#nextHead(): Co<RequestHead | undefined> {
    const { idleTimeout, headTimeout, stopping } = this.#settings;
    const incoming = this.#incoming;
    incoming.received = false;
    let begun = false;
    const poll = (cx: Context): Poll<RequestHead | undefined> => {
      const head = incoming.pollHead(cx);
      if (head !== Pending) return typeof head === "string" ? undefined : head;
      if (!incoming.received && stopping?.isCancelled) return undefined;
      if (incoming.received && !begun) {
        begun = true;
        this.#patience.begin(headTimeout);
      }
      if (!this.#patience.pollPassed(cx)) return Pending;
      if (begun) throw new TimedOut(headTimeout, "a head");
      return undefined;
    };
    this.#patience.begin(idleTimeout);
    try {
      return yield* pollFn(poll);
    } finally {
      this.#patience.end();
    }
  }

  *#serve(head: RequestHead): Co<boolean> {
    const body = new ServerBody({
      incoming: this.#incoming,
      transport: this.#transport,
      patience: this.#patience,
      timeout: this.#settings.bodyTimeout,
      expectsContinue: head.expectsContinue,
    });
    const peer = (this.#transport as { peerAddr?: Address }).peerAddr;
    const { stopping } = this.#settings;
    const leaving = () => pollFn((cx) => body.pollGone(cx));
    const request = new HttpRequest(head, new BodyReader(body), stopping, peer, leaving);
    const answer = yield* this.#answer(request, body);
    const mayGoOn = body.failure === undefined && !body.unasked && this.#mayGoOn(head);
    const encoded = this.#encode(answer, request, mayGoOn);
    body.answerBegins();
    yield* this.#send(encoded, request, body);
    this.#linger = !body.ended || head.form === "authority";
    return !encoded.close && (yield* this.#readOn(body));
  }

  #mayGoOn(head: RequestHead): boolean {
    const { maxRequests, stopping } = this.#settings;
    const isTunnel = head.form === "authority"; // what follows is not HTTP, wanted or not
    return !isTunnel && head.keepAlive && this.#requests < maxRequests && !stopping?.isCancelled;
  }

  /** What the handler answers, or what its error comes to. */
  *#answer(request: HttpRequest, body: ServerBody): Co<HttpResponseInit> {
    if (request.head.form === "authority") return this.#plain(NOT_IMPLEMENTED, "no tunnels here");
    try {
      return yield* intoFuture(this.#handler(request));
    } catch (error) {
      if (error === body.failure) return this.#answerTo(error);
      if (error instanceof TooLong) return this.#plain(CONTENT_TOO_LARGE, error.message);
      this.#report(error, request);
      return this.#plain(INTERNAL_SERVER_ERROR, "the server failed");
    }
  }

  /** An answer that cannot be sent is an error of its handler. */
  #encode(answer: HttpResponseInit, request: HttpRequest, keepAlive: boolean): EncodedResponse {
    const { method, head: { minor } } = request;
    const context = { method, minor, keepAlive, date: this.#date() };
    try {
      return encodeResponse(answer, context);
    } catch (error) {
      this.#report(error, request);
      return encodeResponse(plain(INTERNAL_SERVER_ERROR, "the server failed"), context);
    }
  }

  /** @throws whatever ends the connection; also the error of a body, for nothing else shows it */
  *#send(encoded: EncodedResponse, request: HttpRequest, body: ServerBody): Co<void> {
    yield* this.#writer.write(encoded.bytes);
    if (encoded.rest !== undefined) yield* this.#writer.write(encoded.rest);
    if (encoded.streamed === undefined) return;
    try {
      yield* sendStreamed((bytes) => this.#writer.write(bytes), encoded.streamed, encoded.encoder);
    } catch (error) {
      if (!this.#writer.broken && error !== body.failure) this.#report(error, request);
      this.#broken = true;
      this.#resets = encoded.encoder.untilClose;
      throw error;
    }
  }

  /** Reads what is left of a body, so that the next request can be found behind it. */
  *#readOn(body: ServerBody): Co<boolean> {
    const rest = new BodyReader(body);
    let discarded = 0;
    while (!body.ended && discarded <= MAX_DISCARDED_BYTES) {
      try {
        const lent = yield* rest.fill();
        discarded += lent.length;
        rest.consume(lent.length);
      } catch {
        return false;
      }
    }
    this.#linger = !body.ended;
    return body.ended;
  }

  /** Answers what is no request, and ends. */
  *#refuse(error: unknown): Co<false> {
    const isCutShort = error instanceof ProtocolError && error.kind === "incomplete-head";
    this.#broken = error instanceof IoError || isCutShort;
    const isRefusal = error instanceof ProtocolError || error instanceof TimedOut;
    if (!isRefusal || isCutShort) throw error;
    const context = { method: "GET", minor: 1, keepAlive: false, date: this.#date() } as const;
    this.#linger = true;
    yield* this.#writer.write(encodeResponse(this.#answerTo(error), context).bytes);
    return false;
  }

  /** Closing with bytes unread resets the connection, and the answer may be lost with it. */
  *#lingerOn(): Co<void> {
    try {
      yield* timeout(LINGER_MS, this.#untilEnd());
    } catch {
      // It had its time, or is gone.
    }
  }

  *#untilEnd(): Co<void> {
    yield* this.#transport.shutdown();
    for (;;) {
      const lent = yield* this.#transport.fill();
      if (lent.length === 0) return;
      this.#transport.consume(lent.length);
    }
  }

  #answerTo(error: unknown): HttpResponseInit {
    if (error instanceof ProtocolError) return this.#plain(error.status, error.message);
    return this.#plain(REQUEST_TIMEOUT, error instanceof Error ? error.message : String(error));
  }

  #plain(status: number, text: string): HttpResponseInit {
    return (this.#settings.refusal ?? plain)(status, text);
  }

  #report(error: unknown, request: HttpRequest): void {
    const { onError } = this.#settings;
    if (onError !== undefined) return onError(error, request);
    const name = `the handler of ${request.method} ${request.path}`;
    this.#loop.orphan({ name, error, claimed: false });
  }

  #date(): string {
    return date.at(this.#loop.timers.wall());
  }
}

function plain(status: number, text: string): HttpResponseInit {
  return { status, fields: { "Content-Type": "text/plain; charset=utf-8" }, body: `${text}\n` };
}
