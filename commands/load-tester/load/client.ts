import { type Co, currentLoop, random, Sleep, type Timers } from "../../../runtime/mod.ts";
import type { EncodedRequest } from "../../../net/mod.ts";
import { FollowError, RequestError } from "../measure/failure_class.ts";
import type { Attempt, Meter } from "../measure/meter.ts";
import type { Origin, Routes } from "../target/route.ts";
import type { Target } from "../target/target.ts";
import type { Filling } from "../target/template.ts";
import type { Line } from "./line.ts";
import { type ConnectionOptions, openLine } from "./open_line.ts";
import { hop } from "./redirect.ts";
import type { Schedule } from "./schedule.ts";
import { NONE, type Work } from "./work.ts";

/** What every client of a run works with. */
export interface ClientOptions extends ConnectionOptions {
  readonly targets: readonly Target[];
  readonly routes: Routes;
  /** How many redirects are followed. */
  readonly redirects: number;
}

/** RFC 9110 §9.2.2: what may be sent once more without being asked for twice. */
const IDEMPOTENT = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"];

/**
 * One of the clients of a run: it takes a request, waits until it is due, sends it over a
 * connection it keeps for each origin, and takes the next.
 *
 * Its fields are the attempt that is going on, so that nothing is made anew for each request. The
 * usual way of a request is all in `run`, since each `yield*` in between costs as much as reading
 * the clock; what is seldom has coroutines of its own.
 */
export class Client implements Attempt {
  ticket = 0;
  target = 0;
  step = 0;
  due = 0;
  begun = 0;
  firstByte = 0;
  done = 0;
  status = 0;
  bytes = 0;
  /** Whether a request is under way. */
  busy = false;
  #options: ClientOptions;
  #lines: (Line | undefined)[] = [];
  #timers: Timers;
  #sleep: Sleep;
  #asleep = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#timers = currentLoop().timers;
    this.#sleep = new Sleep(0);
  }

  /**
   * Works from `begins` on until there is nothing more to do. It may be dropped at any moment:
   * `busy` then tells whether a request was cut off, and its connection is closed.
   */
  *run(work: Work, meter: Meter, begins: number): Co<void> {
    const { targets, redirects } = this.#options;
    if (begins > this.#timers.now) yield* this.#rest(begins);
    this.done = this.#timers.read();
    for (;;) {
      const ticket = work.take();
      if (ticket === NONE) return;
      this.ticket = ticket;
      this.target = ticket % targets.length;
      if (work.schedule === undefined) this.due = this.begun = this.done; // the last one's end
      else if (!(yield* this.#waitUntilDue(work, work.schedule, meter))) return;
      const target = targets[this.target];
      const request = target.constant ?? target.request(this.#filling());
      let line = this.#lines[target.origin.id];
      this.#begin(request, meter);
      try {
        if (line?.isOpen !== true) line = yield* this.#connect(target.origin, meter);
        const wasUsed = line.isUsed;
        try {
          yield* line.exchange(request, this.begun);
        } catch (error) {
          if (!(wasUsed && mayBeSentAgain(request, line, error))) throw error;
          line = yield* this.#again(request, target.origin, meter);
        }
        if (line.location === undefined || redirects === 0) this.#take(line);
        else yield* this.#follow(target, line, meter);
        this.busy = false;
        meter.answered(this);
      } catch (error) {
        this.#fail(error, meter, work);
      }
    }
  }

  /** Wakes it when it waits for a request to be due, so that it finds that there is no more work. */
  nudge(): void {
    if (this.#asleep) this.#sleep.reset(this.#timers.now);
  }

  /** Closes its connections. */
  close(): void {
    for (const line of this.#lines) line?.close();
    this.#lines = [];
    this.busy = false;
  }

  /** Whether the request is to be sent; false when the run has ended meanwhile. */
  *#waitUntilDue(work: Work, schedule: Schedule, meter: Meter): Co<boolean> {
    this.due = meter.start + schedule.due(this.ticket);
    this.step = schedule.stretchOf(this.ticket);
    this.begun = this.done = this.#timers.read();
    if (this.begun >= this.due) return true;
    yield* this.#rest(this.due);
    if (work.stopped || this.due >= meter.end) return false;
    this.begun = this.#timers.read();
    meter.lag.record(this.begun - this.due);
    return true;
  }

  *#rest(until: number): Co<void> {
    this.#sleep.reset(until);
    this.#asleep = true;
    yield* this.#sleep;
    this.#asleep = false;
  }

  #begin(request: EncodedRequest, meter: Meter): void {
    this.busy = true;
    this.bytes = this.firstByte = this.status = 0;
    meter.begun(this, request.bytes.length + (request.rest?.length ?? 0));
  }

  /** An answer has come, the last one or one on the way to it. */
  #take(line: Line): void {
    this.firstByte ||= line.firstByte;
    this.bytes += line.bytes;
    this.status = line.status;
    this.done = line.done;
  }

  #fail(error: unknown, meter: Meter, work: Work): void {
    if (!(error instanceof RequestError)) throw error;
    this.busy = false;
    this.done = this.#timers.read();
    meter.failed(this, error);
    if (meter.isHopeless) work.stop();
  }

  *#connect(origin: Origin, meter: Meter): Co<Line> {
    let line: Line | undefined;
    try {
      const opened = yield* openLine(origin, this.#options);
      line = opened.line;
      meter.connected(opened.connectMs, opened.tlsMs);
    } finally {
      if (line === undefined) meter.unconnected++;
    }
    return this.#lines[origin.id] = line;
  }

  *#again(request: EncodedRequest, origin: Origin, meter: Meter): Co<Line> {
    meter.retried++;
    const line = yield* this.#connect(origin, meter);
    yield* line.exchange(request, this.begun);
    return line;
  }

  *#follow(target: Target, line: Line, meter: Meter): Co<void> {
    const { redirects, routes } = this.#options;
    let from = { url: target.absolute, method: target.method };
    this.#take(line);
    for (let followed = 0; line.location !== undefined; followed++) {
      if (followed === redirects) throw new FollowError(`more than ${redirects} redirects`);
      const to = hop(from, line, routes);
      const kept = this.#lines[to.origin.id];
      line = kept?.isOpen === true ? kept : yield* this.#connect(to.origin, meter);
      yield* line.exchange(target.redirected(this.#filling(), to), this.begun);
      this.#take(line);
      meter.redirects++;
      from = to;
    }
  }

  #filling(): Filling {
    return { seq: this.ticket + 1, random: random() };
  }
}

/** The server closed a kept connection while the request was on its way: nobody's fault. */
function mayBeSentAgain(request: EncodedRequest, line: Line, error: unknown): boolean {
  if (!(error instanceof RequestError) || line.bytes > 0) return false;
  const isStale = error.failure === "closed" || error.failure === "reset";
  return isStale && (line.isUnsent || IDEMPOTENT.includes(request.method));
}
