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
  /** What comes is taken while it is open; an end in order is still answered; else it is reset. */
  readonly state: "open" | "closed" | "gone";
  /** Something has come for it; false when it has no room to exist, and must not have come. */
  meet(): boolean;
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

const NO_BYTES = new Uint8Array(0);

/** What is under way, and when it arrives. */
interface Segment {
  /** The first and the last word, bytes, or word that the connection is no more. */
  readonly what: "hello" | "bytes" | "end" | "reset" | "probe";
  readonly bytes: Uint8Array;
  readonly at: number;
}

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
  #transit = new Ring<Segment>();
  #inTransit = 0;
  #event: SimEvent | undefined;
  #windowEvent: SimEvent | undefined;
  #endAsked = false;
  #endSent = false;
  /** Since when the segment at the head has not got through, and how long to wait next. */
  #stuckSince: number | undefined;
  #retry = FIRST_RETRY_MS;
  /** Whether the head has arrived and only its answer has not come back. */
  #unanswered = false;
  /** Whether nobody is left who would send again what gets lost. */
  #abandoned = false;
  #stopped = false;

  constructor(kernel: Kernel, ends: [from: FlowEnd, to: FlowEnd], paths: [Path, Path]) {
    this.#kernel = kernel;
    [this.#from, this.#to] = ends;
    [this.#path, this.#back] = paths;
  }

  get #room(): number {
    return SEND_BUFFER_BYTES - this.#queued;
  }

  /** Whether the next write takes something. */
  get hasRoom(): boolean {
    return this.#room > 0;
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

  /** The first word: it brings the other end into being. */
  hello(): void {
    this.#launch("hello");
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

  /** The receiver is gone: a sender that waits for room finds out when it asks. */
  probe(): void {
    if (this.#queued > 0 && this.#transit.length === 0) this.#launch("probe");
  }

  /** Breaks the connection for the receiver, behind what is under way, if word of it gets through. */
  reset(): void {
    this.abandon();
    this.#launch("reset");
  }

  /** The sender is gone. What is under way arrives, or gets lost. */
  abandon(): void {
    this.#abandoned = true;
    if (!this.#unanswered) return;
    this.#event!.run = undefined; // nobody asks again for the answer
    this.#answered();
  }

  /** Nothing arrives any more. */
  stop(): void {
    this.#stopped = true;
    for (const event of [this.#event, this.#windowEvent]) if (event) event.run = undefined;
  }

  /** Sends as much as the receiver has room for. */
  #send(): void {
    if (this.#stopped || this.#abandoned) return;
    const before = this.#room;
    while (this.#queue.length > 0) {
      const window = RECEIVE_BUFFER_BYTES - this.#to.unread - this.#inTransit;
      if (window <= 0) break;
      this.#launch("bytes", this.#nextSegment(window));
    }
    if (this.#queue.length === 0 && this.#endAsked && !this.#endSent) {
      this.#endSent = true;
      this.#launch("end");
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

  #launch(what: Segment["what"], bytes: Uint8Array = NO_BYTES): void {
    if (this.#stopped) return;
    const at = this.#path.arrival(bytes.length);
    this.#transit.push({ what, bytes, at });
    if (!this.#event?.run) this.#schedule(at); // else behind what is under way, even if that is slower
  }

  #schedule(at: number): void {
    this.#event = this.#kernel.at(at, this.#arrive);
  }

  #arrive = (): void => {
    if (!this.#unanswered) {
      const head = this.#transit.peek()!;
      if (!this.#getsThrough()) return this.#tryLater();
      if (head.what === "reset") return this.#to.fail("connection-reset");
      if (!this.#to.meet()) return this.#tryLater();
      if (!this.#deliver(head)) return this.#refused();
      this.#unanswered = true;
    }
    if (!this.#back.up && !this.#abandoned) return this.#tryLater();
    this.#answered();
  };

  #getsThrough(): boolean {
    return this.#path.up && !this.#path.loses() && this.#to.reachable;
  }

  /** False when nobody was there for it. */
  #deliver({ what, bytes }: Segment): boolean {
    const to = this.#to;
    if (to.state === "open") {
      if (what === "bytes") to.receive(bytes);
      if (what === "end") to.receiveEnd();
      return true;
    }
    return to.state === "closed" && what === "end";
  }

  /** The other machine does not know the connection, and says so. */
  #refused(): void {
    this.#event = this.#kernel.at(this.#back.arrival(0), () => {
      if (!this.#back.up) return this.#tryLater();
      this.stop();
      this.#from.fail("connection-reset");
    });
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
    if (this.#abandoned) return this.#skipToReset();
    this.#stuckSince ??= this.#kernel.now;
    if (this.#kernel.now - this.#stuckSince > GIVE_UP_MS && !this.#isIdle) {
      this.stop();
      return this.#from.fail("timed-out");
    }
    this.#schedule(this.#kernel.now + this.#retry);
    this.#retry = Math.min(2 * this.#retry, LONGEST_RETRY_MS);
  }

  /** Whether nothing but the first word waits to get through: its sender does not mind. */
  get #isIdle(): boolean {
    return this.#transit.length === 1 && this.#transit.peek()!.what === "hello";
  }

  /** What comes behind a gap is not for the receiver, except for a reset. */
  #skipToReset(): void {
    this.#transit.shift();
    while (this.#transit.length > 0 && this.#transit.peek()!.what !== "reset") {
      this.#transit.shift();
    }
    const reset = this.#transit.peek();
    if (reset !== undefined) this.#schedule(reset.at);
  }
}
