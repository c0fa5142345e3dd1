import {
  Closed,
  type Co,
  End,
  IoError,
  type Item,
  now,
  pending,
  race,
  select,
  type Sender,
  Sleep,
  sleep,
  sleepUntil,
} from "../../runtime/mod.ts";
import type { Stream } from "../../net/mod.ts";
import type { ClientId } from "./client_id.ts";
import type { ChatEvent, Why } from "./event.ts";
import { FloodBudget, type Pace } from "./flood_budget.ts";
import type { Inbox, Put } from "./inbox.ts";
import type { Ledger } from "./ledger.ts";
import { type Heard, LineCutter } from "./line_cutter.ts";
import { linesIn, pack, type Parcel, parcel } from "./parcel.ts";
import { readRequest } from "./protocol.ts";
import { notice } from "./wording.ts";

/** What a client's task has to know. */
export interface ClientRules {
  readonly pace: Pace;
  readonly maxLine: number;
  readonly idleTimeout: number;
}

/** What a client works with. */
export interface ClientParts {
  readonly rules: ClientRules;
  readonly ledger: Ledger;
  readonly events: Sender<ChatEvent>;
  /** Called when a client has said something for the first time. */
  onFirstLine(): void;
}

/** How long a client whose end is decided may take to read its last lines. */
const LINGER_MS = 5_000;
/** How long its own end of the stream is waited for, so that nothing unread resets the connection. */
const FAREWELL_MS = 500;

/**
 * One client: what it says becomes events, and what lies in its inbox goes out.
 *
 * Both happen in one task, each at its own pace: a client that does not read is still heard, and
 * one that writes too fast is still told.
 */
export class Client {
  readonly id: ClientId;
  readonly inbox: Inbox;
  #stream: Stream;
  #parts: ClientParts;
  #cutter: LineCutter;
  #budget: FloodBudget;
  /** Until the client is silent for too long or, once it was dismissed, lingers too long. */
  #patience: Sleep;
  #hasSpoken = false;
  #isHeldUp = false;
  /** Lines that are being written. */
  #leaving = 0;
  /** Of those, what did not go out at once. */
  #unsent: Uint8Array | undefined;
  #failure: IoError | undefined;

  constructor(id: ClientId, stream: Stream, inbox: Inbox, parts: ClientParts) {
    this.id = id;
    this.inbox = inbox;
    this.#stream = stream;
    this.#parts = parts;
    this.#cutter = new LineCutter(parts.rules.maxLine);
    this.#budget = new FloodBudget(parts.rules.pace, now());
    this.#patience = new Sleep(this.#idleDeadline());
  }

  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  /** Takes a parcel for the client, as {@link Inbox.put}. */
  tell(parcel: Parcel): Put {
    return this.inbox.put(parcel);
  }

  /** What it was told goes out, then the connection ends; not later than after a while. */
  dismiss(last?: Parcel): void {
    this.inbox.close(last);
    this.#patience.reset(now() + LINGER_MS);
  }

  /**
   * Speaks and listens until the chat has dismissed the client, or its connection is no more.
   * Answers whether everything has gone out that it was told.
   *
   * Cancel safety: not safe; the chat is not told that the client is gone.
   */
  *serve(address: string): Co<boolean> {
    let told = false;
    let failure: { error: unknown } | undefined;
    try {
      yield* this.#parts.events.send({ kind: "arrive", id: this.id, address });
      const { key } = yield* select({
        told: () => this.#speak(),
        overdue: () => this.#watch(),
        heard: () => this.#listen(),
      });
      told = key === "told";
      if (told) yield* race<unknown>(this.#drainInput(), sleep(FAREWELL_MS));
    } catch (error) {
      if (!(error instanceof IoError || error instanceof Closed)) failure = { error };
    } finally {
      this.#patience.drop();
      this.inbox.discard();
      this.#parts.ledger.gone += this.#leaving;
    }
    // Nothing new to the chat if it has dismissed the client.
    yield* this.#leave("lost");
    if (failure !== undefined) throw failure.error;
    return told;
  }

  /** Writes what is in the inbox, if it can be done at once. For the audience. */
  flush(): void {
    if (this.#leaving === 0 && !this.inbox.isClosed) this.#write();
    if (this.#leaving > 0 || this.inbox.isClosed) this.inbox.wake();
  }

  /** Sends what is in the inbox, all that waits in one write, until it is closed and empty. */
  *#speak(): Co<void> {
    const { inbox } = this;
    for (;;) {
      if (this.#leaving === 0) this.#write();
      if (this.#leaving > 0) yield* this.#finishWriting();
      else if (inbox.isClosed) break;
      else yield* inbox.changed();
    }
    yield* this.#stream.shutdown();
  }

  /** All that waits in one write, as far as it goes out at once; an error is left to the task. */
  #write(): void {
    const parcels = this.inbox.takeAll();
    if (parcels.length === 0) return;
    this.#leaving = linesIn(parcels);
    const bytes = pack(parcels);
    try {
      const sent = this.#stream.tryWrite(bytes);
      if (sent === bytes.length) return this.#written();
      this.#unsent = bytes.slice(sent); // what others pack meanwhile takes the same place
    } catch (error) {
      if (!(error instanceof IoError)) throw error;
      this.#failure = error;
    }
  }

  *#finishWriting(): Co<void> {
    if (this.#failure !== undefined) throw this.#failure;
    yield* this.#stream.writeAll(this.#unsent!);
    this.#unsent = undefined;
    this.#written();
  }

  #written(): void {
    this.#parts.ledger.delivered += this.#leaving;
    this.#leaving = 0;
  }

  /** Turns lines into events, then says that the client has left. */
  *#listen(): Co<never> {
    for (;;) {
      const line = yield* this.#nextLine();
      if (line === End) break;
      this.#patience.reset(this.inbox.isClosed ? this.#patience.deadline : this.#idleDeadline());
      yield* this.#heed(line);
    }
    yield* this.#leave("left");
    return yield* pending();
  }

  *#nextLine(): Co<Item<Heard>> {
    for (;;) {
      const chunk = yield* this.#stream.fill();
      if (chunk.length === 0) return this.#cutter.finish() ?? End;
      this.#stream.consume(this.#cutter.feed(chunk));
      if (this.#cutter.heard !== undefined) return this.#cutter.heard;
    }
  }

  *#heed(line: Heard): Co<void> {
    const { command, cost } = readRequest(line, this.#parts.rules.maxLine);
    yield* this.#afford(cost);
    if (command === undefined) return;
    if (!this.#hasSpoken) this.#parts.onFirstLine();
    this.#hasSpoken = true;
    yield* this.#parts.events.send({ kind: "ask", id: this.id, command });
    if (command.kind === "quit") yield* pending();
  }

  /** Waits until the flood budget allows it; meanwhile the client is not read from. */
  *#afford(cost: number): Co<void> {
    if (this.#isHeldUp && this.#budget.isFull(now())) this.#isHeldUp = false;
    while (!this.#budget.tryTake(cost, now())) {
      if (!this.#isHeldUp) this.tell(this.#heldUpNotice());
      this.#isHeldUp = true;
      yield* sleepUntil(this.#budget.readyAt(cost, now()));
    }
  }

  /** Tells the chat of a client that says nothing; ends when it has lingered too long. */
  *#watch(): Co<void> {
    yield* this.#patience;
    if (this.inbox.isClosed) return;
    this.#patience.reset(now() + LINGER_MS);
    yield* this.#leave("idle");
    yield* this.#patience;
  }

  /** A connection that is closed with something unread in it is reset, and the last lines lost. */
  *#drainInput(): Co<void> {
    for (;;) {
      const chunk = yield* this.#stream.fill();
      if (chunk.length === 0) return;
      this.#stream.consume(chunk.length);
    }
  }

  *#leave(why: Why): Co<void> {
    yield* this.#parts.events.send({ kind: "leave", id: this.id, why });
  }

  #idleDeadline(): number {
    const { idleTimeout } = this.#parts.rules;
    return idleTimeout === 0 ? NEVER : now() + idleTimeout;
  }

  #heldUpNotice(): Parcel {
    const { rate } = this.#parts.rules.pace;
    return parcel([notice(`you write faster than ${rate} lines a second: they wait; see /limits`)]);
  }
}

/** Later than any server lives, and still a number that a timer can have. */
const NEVER = Number.MAX_SAFE_INTEGER;
