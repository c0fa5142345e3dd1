import {
  Closed,
  type Context,
  Future,
  Pending,
  type Poll,
  TimedOut,
  Timer,
  type Timers,
} from "../../../runtime/mod.ts";
import {
  type EncodedRequest,
  type HttpLimits,
  ProtocolError,
  ResponseParser,
  type Transport,
} from "../../../net/mod.ts";
import { exchangeFailure, RequestError, ServerClosed } from "../measure/failure_class.ts";

const NOTHING = new Uint8Array(0);
const SWITCHING_PROTOCOLS = 101;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/**
 * A connection to a server, and the one exchange that is going on over it.
 *
 * It drives the parser itself and keeps no head, which is half of what an exchange of
 * `HttpConnection` costs. The same object is awaited for each request; what the answer was is
 * found in it afterwards.
 */
export class Line extends Future<void> {
  /** When the first byte of the answer came. */
  firstByte = 0;
  /** When the last byte came, or when it went wrong. */
  done = 0;
  status = 0;
  /** How many bytes the answer had, interim ones included. */
  bytes = 0;
  /** Where the answer leads to, if it says so. */
  location: string | undefined;
  #transport: Transport;
  #timers: Timers;
  #parser: ResponseParser;
  #limit: TimeLimit;
  #unsent: Uint8Array = NOTHING;
  #rest: Uint8Array | undefined;
  #closesAfter = false;
  #waiting = false;
  #used = false;
  #open = true;

  constructor(transport: Transport, timers: Timers, options: LineOptions) {
    super();
    transport.setNoDelay?.(true);
    this.#transport = transport;
    this.#timers = timers;
    this.#parser = new ResponseParser(options.limits);
    this.#limit = new TimeLimit(options.timeout, timers, () => this.#transport.close());
  }

  /** Whether another request can be sent. */
  get isOpen(): boolean {
    return this.#open && !this.#waiting;
  }

  /** Whether an exchange is going on, or was dropped in the middle. */
  get isWaiting(): boolean {
    return this.#waiting;
  }

  /** Whether nothing of the request has gone out. */
  isUnsent = true;

  /** Whether a request was answered over it before. */
  get isUsed(): boolean {
    return this.#used;
  }

  /** Begins an exchange; await it. It fails with {@link RequestError}. */
  exchange(request: EncodedRequest, begun: number): this {
    this.#unsent = request.bytes;
    this.#rest = request.rest;
    this.#closesAfter = request.close;
    this.#waiting = true;
    this.isUnsent = true;
    this.firstByte = 0;
    this.bytes = 0;
    this.status = 0;
    this.location = undefined;
    this.#parser.asked(request.method);
    this.#limit.begin(begun);
    return this;
  }

  poll(cx: Context): Poll<void> {
    try {
      if (this.isUnsent && this.#used) this.#assertQuiet(cx);
      this.#send(cx);
      for (;;) {
        const lent = this.#transport.pollFill(cx);
        if (lent === Pending) return Pending;
        const isOver = lent.length === 0 ? this.#takeEnd() : this.#take(lent);
        if (isOver) return this.#finish();
      }
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** The answer is not waited for any more: then the connection is of no use. */
  override drop(): void {
    this.close();
  }

  close(): void {
    this.#open = false;
    this.#limit.cancel();
    this.#transport.close();
  }

  /** Nothing has come since the last answer: not the end, nor what nobody has asked for. */
  #assertQuiet(cx: Context): void {
    const lent = this.#transport.pollFill(cx);
    if (lent === Pending) return;
    throw lent.length === 0 ? new ServerClosed() : new ProtocolError("unasked-answer");
  }

  /** As much as the other side takes now; answers may come before all of it went out. */
  #send(cx: Context): void {
    while (this.#unsent.length > 0) {
      const n = this.#transport.pollWrite(cx, this.#unsent);
      if (n === Pending) return;
      this.isUnsent = false;
      this.#unsent = n === this.#unsent.length ? NOTHING : this.#unsent.subarray(n);
      if (this.#unsent.length > 0 || this.#rest === undefined) continue;
      this.#unsent = this.#rest;
      this.#rest = undefined;
    }
  }

  /** Whether the answer is whole. The clock is read as bytes come, once for a small answer. */
  #take(lent: Uint8Array): boolean {
    const parser = this.#parser;
    this.done = this.#timers.read();
    if (this.bytes === 0) this.firstByte = this.done;
    parser.feed(lent);
    const isOver = this.#parse();
    if (isOver && parser.taken < lent.length) throw new ProtocolError("unasked-answer");
    this.bytes += parser.taken;
    this.#transport.consume(parser.taken);
    return isOver;
  }

  #parse(): boolean {
    const parser = this.#parser;
    for (;;) {
      switch (parser.next()) {
        case "more":
          return false;
        case "head":
          this.status = parser.head.status;
          if (isRedirect(this.status)) this.location = parser.head.fields.get("Location");
          break;
        case "end":
          if (!parser.head.isInterim || this.status === SWITCHING_PROTOCOLS) return true;
          break;
        case "closed":
        case "tunnel":
          return true;
      }
    }
  }

  /** The server has finished sending: the end of some answers, and too early for others. */
  #takeEnd(): boolean {
    this.done = this.#timers.read();
    if (this.bytes === 0) throw new ServerClosed();
    if (this.#parser.finish() === "closed") throw new ProtocolError("incomplete-head");
    return true;
  }

  #finish(): void {
    this.#waiting = false;
    this.#used = true;
    this.#limit.end();
    const isSent = this.#unsent.length === 0 && this.#rest === undefined;
    const goesOn = this.#parser.state === "start-line" && isSent && !this.#closesAfter;
    if (!goesOn) this.close();
  }

  #fail(error: unknown): RequestError {
    this.done = this.#timers.read();
    this.#waiting = false;
    // A wait that our own closing has ended fails because the time was up.
    const reason = error instanceof Closed && this.#limit.passed
      ? new TimedOut(this.#limit.milliseconds, "an answer")
      : error;
    this.close();
    return new RequestError(exchangeFailure(reason), reason);
  }
}

function isRedirect(status: number): boolean {
  return REDIRECTS.includes(status);
}

export interface LineOptions {
  /** How long an answer may take, in milliseconds. */
  readonly timeout: number;
  readonly limits?: Partial<HttpLimits>;
}

/**
 * A deadline that is moved with every request. The timer stays set and looks again when it fires
 * early, so that a request that is answered in time costs two stores.
 */
class TimeLimit extends Timer {
  passed = false;
  #deadline = Infinity;

  constructor(
    readonly milliseconds: number,
    readonly timers: Timers,
    readonly onPassed: () => void,
  ) {
    super();
  }

  begin(at: number): void {
    this.#deadline = at + this.milliseconds;
    if (!this.isSet && this.#deadline < Infinity) this.timers.set(this, this.#deadline);
  }

  end(): void {
    this.#deadline = Infinity;
  }

  cancel(): void {
    this.#deadline = Infinity;
    this.timers.cancel(this);
  }

  fire(): void {
    if (this.#deadline === Infinity) return;
    if (this.timers.now < this.#deadline) return this.timers.set(this, this.#deadline);
    this.passed = true;
    this.onPassed();
  }
}
