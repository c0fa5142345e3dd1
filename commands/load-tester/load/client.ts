import { type Co, currentLoop, random, Sleep, type Timers } from "../../../runtime/mod.ts";
import type { EncodedRequest } from "../../../net/mod.ts";
import { FollowError, RequestError } from "../measure/failure_class.ts";
import type { Attempt, Meter } from "../measure/meter.ts";
import type { Origin, Routes } from "../target/route.ts";
import type { Target } from "../target/target.ts";
import type { Filling } from "../target/template.ts";
import type { Line } from "./line.ts";
import { type ConnectionOptions, type Opened, openLine } from "./open_line.ts";
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
 * Its fields are the attempt that is going on, so that nothing is made anew for each request.
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
    if (begins > this.#timers.now) yield* this.#rest(begins);
    for (;;) {
      const ticket = work.take();
      if (ticket === NONE) return;
      this.ticket = ticket;
      this.target = ticket % this.#options.targets.length;
      if (work.schedule === undefined) this.due = this.begun = this.#timers.read();
      else if (!(yield* this.#waitUntilDue(work, work.schedule, meter))) return;
      yield* this.#attempt(meter);
      if (meter.isHopeless) work.stop();
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

  /** Whether the request is to be sent; false when the run was stopped meanwhile. */
  *#waitUntilDue(work: Work, schedule: Schedule, meter: Meter): Co<boolean> {
    this.due = meter.start + schedule.due(this.ticket);
    this.step = schedule.stretchOf(this.ticket);
    this.begun = this.#timers.read();
    if (this.begun >= this.due) return true;
    yield* this.#rest(this.due);
    if (work.stopped) return false;
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

  *#attempt(meter: Meter): Co<void> {
    const { targets } = this.#options;
    const target = targets[this.target];
    const filling = { seq: this.ticket + 1, random: random() };
    const request = target.request(filling);
    meter.begun(this, request.bytes.length + (request.rest?.length ?? 0));
    this.busy = true;
    this.bytes = this.firstByte = this.status = 0;
    try {
      let line = yield* this.#exchange(target.origin, request, meter);
      if (line.location !== undefined && this.#options.redirects > 0) {
        line = yield* this.#follow(target, filling, line, meter);
      }
      this.status = line.status;
      this.done = line.done;
      this.busy = false;
      meter.answered(this);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.busy = false;
      this.done = this.#timers.read();
      meter.failed(this, error);
    }
  }

  /** Sends a request and takes its answer, over a connection that is kept. */
  *#exchange(origin: Origin, request: EncodedRequest, meter: Meter): Co<Line> {
    let line = this.#lines[origin.id];
    if (line === undefined || !line.isOpen) line = yield* this.#lineTo(origin, meter);
    const wasUsed = line.isUsed;
    try {
      yield* line.exchange(request, this.begun);
    } catch (error) {
      if (!(wasUsed && isStale(error, line) && IDEMPOTENT.includes(request.method))) throw error;
      meter.retried++;
      line = yield* this.#lineTo(origin, meter);
      yield* line.exchange(request, this.begun);
    }
    this.firstByte ||= line.firstByte;
    this.bytes += line.bytes;
    return line;
  }

  *#lineTo(origin: Origin, meter: Meter): Co<Line> {
    let opened: Opened | undefined;
    try {
      opened = yield* openLine(origin, this.#options);
    } finally {
      if (opened === undefined) meter.unconnected++;
    }
    meter.connected(opened.connectMs, opened.tlsMs);
    return this.#lines[origin.id] = opened.line;
  }

  *#follow(target: Target, filling: Filling, line: Line, meter: Meter): Co<Line> {
    const { redirects, routes } = this.#options;
    let from = { url: target.absolute, method: target.method };
    for (let followed = 0; line.location !== undefined; followed++) {
      if (followed === redirects) throw new FollowError(`more than ${redirects} redirects`);
      const to = hop(from, line, routes);
      meter.redirects++;
      line = yield* this.#exchange(to.origin, target.redirected(filling, to), meter);
      from = to;
    }
    return line;
  }
}

/** The server closed a connection while the request was on its way: nobody's fault. */
function isStale(error: unknown, line: Line): boolean {
  if (!(error instanceof RequestError) || line.bytes > 0) return false;
  return error.failure === "closed" || error.failure === "reset";
}
