import { Ring } from "../../collections/ring.ts";
import type { IoErrorKind } from "../../core/errors.ts";
import type { Kernel, SimEvent } from "./kernel.ts";
import type { Path } from "./link.ts";

/** What one end of a connection is for the flow that leads to it, or comes from it. */
export interface FlowEnd {
  /** Bytes that have come and were not taken. */
  readonly unread: number;
  /** Whether the machine answers at all. */
  readonly reachable: boolean;
  /** Whether there still is a socket for what comes. */
  readonly open: boolean;
  receive(bytes: Uint8Array): void;
  receiveEnd(): void;
  /** More may be written. */
  hasRoom(): void;
  /** The connection is broken as this end sees it. */
  fail(kind: IoErrorKind): void;
}

/** What the system buffers for a writer, and for a reader. */
const SEND_BUFFER_BYTES = 64 * 1024;
const RECEIVE_BUFFER_BYTES = 64 * 1024;
const LONGEST_SEGMENT_BYTES = 16 * 1024;

/** A segment that was not answered is sent again after this long, twice as long each time. */
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 10_000;
/** Linux gives up after about a quarter of an hour; a minute shows the same sooner. */
const GIVE_UP_MS = 60_000;

const END = new Uint8Array(0);

/**
 * One direction of a connection, as TCP does it: in order, never more than the receiver has room
 * for, again and again until it is answered.
 *
 * Loss shows as delay; a way that stays shut breaks the connection after a while, for whoever has
 * something to send. Whoever has not never learns of it.
 */
export class Flow {
  #kernel: Kernel;
  #from: FlowEnd;
  #to: FlowEnd;
  #path: Path;
  #back: Path;
  #queue = new Ring<Uint8Array>();
  #queued = 0;
  #transit = new Ring<{ bytes: Uint8Array; at: number }>();
  #inTransit = 0;
  #latestArrival: number;
  #event: SimEvent | undefined;
  #windowEvent: SimEvent | undefined;
  #endAsked = false;
  #endSent = false;
  /** Since when the segment at the head has not got through, and how long to wait next. */
  #stuckSince: number | undefined;
  #retry = FIRST_RETRY_MS;
  /** Whether the head has arrived and only its answer has not come back. */
  #unanswered = false;
  #stopped = false;

  /** @param opensAt when the connection exists for both ends: nothing arrives before */
  constructor(
    kernel: Kernel,
    ends: [from: FlowEnd, to: FlowEnd],
    paths: [Path, Path],
    opensAt: number,
  ) {
    this.#kernel = kernel;
    [this.#from, this.#to] = ends;
    [this.#path, this.#back] = paths;
    this.#latestArrival = opensAt;
  }

  get #room(): number {
    return SEND_BUFFER_BYTES - this.#queued;
  }

  /** Takes a copy of the first of `bytes`, and answers how many; none when there is no room. */
  write(bytes: Uint8Array): number {
    const room = Math.min(bytes.length, this.#room);
    if (room <= 0) return 0;
    const taken = this.#path.piece(room);
    this.#queue.push(bytes.slice(0, taken));
    this.#queued += taken;
    this.#send();
    return taken;
  }

  /** Nothing more will be written. */
  end(): void {
    this.#endAsked = true;
    this.#send();
  }

  /** The receiver has taken bytes: when that is known here, more can go out. */
  windowOpens(): void {
    if (this.#windowEvent?.run || this.#queued === 0) return;
    this.#windowEvent = this.#kernel.at(this.#back.arrival(0), () => this.#send());
  }

  /** Breaks the connection for the receiver, if word of it gets through. */
  reset(): void {
    this.stop();
    this.#kernel.at(this.#path.arrival(0), () => {
      if (this.#path.up && this.#to.reachable) this.#to.fail("connection-reset");
    });
  }

  /** Nothing arrives any more. */
  stop(): void {
    this.#stopped = true;
    for (const event of [this.#event, this.#windowEvent]) if (event) event.run = undefined;
  }

  /** Sends as much as the receiver has room for. */
  #send(): void {
    if (this.#stopped) return;
    const before = this.#room;
    while (this.#queue.length > 0) {
      const window = RECEIVE_BUFFER_BYTES - this.#to.unread - this.#inTransit;
      if (window <= 0) break;
      this.#launch(this.#nextSegment(window));
    }
    if (this.#queue.length === 0 && this.#endAsked && !this.#endSent) {
      this.#endSent = true;
      this.#launch(END);
    }
    if (before <= 0 && this.#room > 0) this.#from.hasRoom();
  }

  /** The first of what is queued, at most as much as fits, and now and then less. */
  #nextSegment(window: number): Uint8Array {
    const first = this.#queue.shift()!;
    const length = this.#path.piece(Math.min(first.length, window, LONGEST_SEGMENT_BYTES));
    if (length < first.length) this.#queue.unshift(first.subarray(length));
    this.#queued -= length;
    this.#inTransit += length;
    return first.subarray(0, length);
  }

  #launch(bytes: Uint8Array): void {
    let at = this.#path.arrival(bytes.length);
    for (let retry = FIRST_RETRY_MS; this.#path.loses(); retry *= 2) at += retry;
    this.#latestArrival = at = Math.max(at, this.#latestArrival);
    this.#transit.push({ bytes, at });
    if (!this.#event?.run) this.#schedule(at);
  }

  #schedule(at: number): void {
    this.#event = this.#kernel.at(at, this.#arrive);
  }

  #arrive = (): void => {
    if (!this.#unanswered) {
      if (!this.#path.up || !this.#to.reachable) return this.#tryLater();
      if (!this.#deliver(this.#transit.peek()!.bytes)) return;
      this.#unanswered = true;
    }
    if (!this.#back.up) return this.#tryLater();
    this.#answered();
  };

  /** False when nobody was there for it, and the connection is no more. */
  #deliver(bytes: Uint8Array): boolean {
    const to = this.#to;
    if (bytes === END) {
      if (to.open) to.receiveEnd();
      return true;
    }
    if (to.open) {
      to.receive(bytes);
      return true;
    }
    this.stop();
    if (this.#back.up) {
      this.#kernel.at(this.#back.arrival(0), () => this.#from.fail("connection-reset"));
    }
    return false;
  }

  #answered(): void {
    this.#unanswered = false;
    this.#stuckSince = undefined;
    this.#retry = FIRST_RETRY_MS;
    this.#inTransit -= this.#transit.shift()!.bytes.length;
    const next = this.#transit.peek();
    if (next !== undefined) this.#schedule(next.at);
    this.#send();
  }

  #tryLater(): void {
    this.#stuckSince ??= this.#kernel.now;
    if (this.#kernel.now - this.#stuckSince > GIVE_UP_MS) {
      this.stop();
      return this.#from.fail("timed-out");
    }
    this.#schedule(this.#kernel.now + this.#retry);
    this.#retry = Math.min(2 * this.#retry, LONGEST_RETRY_MS);
  }
}
