import {
  type Co,
  mpsc,
  now,
  race,
  type Receiver,
  type Sender,
  sleepUntil,
  yieldNow,
} from "../../runtime/mod.ts";
import type { Audience } from "./audience.ts";
import { Chat } from "./chat.ts";
import type { ChatEvent, Effect } from "./event.ts";
import type { ChatRules } from "./hall.ts";
import type { Journal } from "./journal.ts";
import type { LedgerFigures } from "./ledger.ts";
import { parcel } from "./parcel.ts";
import { counted, notice, span } from "./wording.ts";

/** What the broker works with. */
export interface BrokerParts {
  readonly rules: ChatRules;
  readonly ledger: LedgerFigures;
  readonly audience: Audience;
  readonly journal: Journal;
  /** An operator wants the server to end. */
  onShutdown(delay: number, reason: string): void;
}

/** How many events may wait for the broker; who has another one waits as well. */
const MOST_WAITING = 1_024;
/**
 * How many events are handled at most before the clients have their turn: many enough to go out in
 * one write. What each of them is told has to fit into its inbox, of which a part may be in use.
 */
const LARGEST_BATCH = 120;
const BATCH_SHARE = 0.45;
/**
 * So long the broker rests for each of those who were told the same: about what it costs to write to
 * one of them. What is said meanwhile goes out in one write with the rest; without that, a room of
 * five hundred has twice as many writes, and each line costs half as much again.
 */
const REST_PER_RECIPIENT_MS = 0.01;
const LONGEST_REST_MS = 20;
/** Shorter than the clock's own steps, a rest is none. */
const SHORTEST_REST_MS = 1;

/** Owns the chat: one task hears all events and tells everyone, in one order. */
export class Broker {
  readonly #chat: Chat;
  readonly #parts: BrokerParts;
  readonly #sender: Sender<ChatEvent>;
  readonly #receiver: Receiver<ChatEvent>;
  #startedAt = 0;
  #messages = 0;
  readonly #batchSize: number;
  /** The most who were told one thing in this batch. */
  #widest = 0;

  constructor(parts: BrokerParts) {
    this.#parts = parts;
    this.#batchSize = Math.max(1, Math.min(LARGEST_BATCH, parts.rules.inbox * BATCH_SHARE | 0));
    this.#chat = new Chat(parts.rules);
    [this.#sender, this.#receiver] = mpsc<ChatEvent>(MOST_WAITING);
  }

  /** Where events go. */
  get events(): Sender<ChatEvent> {
    return this.#sender;
  }

  /** How many people there are, how many rooms, and how many messages there were. */
  get figures(): { people: number; rooms: number; messages: number } {
    const { hall } = this.#chat;
    return { people: hall.size, rooms: hall.rooms.size, messages: this.#messages };
  }

  /** Handles events for ever. */
  *run(): Co<never> {
    this.#startedAt = now();
    const batch: ChatEvent[] = [];
    for (;;) {
      batch.length = 0;
      yield* this.#next(batch);
      const at = now();
      this.#apply(this.#chat.tick(at));
      for (const event of batch) {
        this.#handle(event, at);
        const pause = this.#parts.audience.catchUp();
        if (pause !== undefined) yield* pause;
      }
      this.#parts.journal.flush();
      yield* yieldNow();
      if (batch.length < this.#batchSize) yield* this.#rest(at);
    }
  }

  /** Lets more be said to many, unless there is enough already. */
  *#rest(since: number): Co<void> {
    const rest = Math.min(this.#widest * REST_PER_RECIPIENT_MS, LONGEST_REST_MS);
    this.#widest = 0;
    if (rest >= SHORTEST_REST_MS) yield* sleepUntil(since + rest);
  }

  /** Waits for events, or for what the chat has to tell without one. */
  *#next(batch: ChatEvent[]): Co<void> {
    const received = this.#receiver.recvMany(batch, this.#batchSize);
    const { dueAt } = this.#chat;
    if (dueAt === undefined) yield* received;
    else yield* race<unknown>(received, sleepUntil(dueAt));
  }

  #handle(event: ChatEvent, at: number): void {
    this.#apply(this.#chat.handle(event, at));
    for (const id of this.#parts.audience.takeOverflowed()) {
      this.#apply(this.#chat.handle({ kind: "leave", id, why: "slow" }, at));
    }
  }

  #apply(effects: readonly Effect[]): void {
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: Effect): void {
    switch (effect.kind) {
      case "tell":
        this.#widest = Math.max(this.#widest, effect.to.length);
        return this.#parts.audience.tell(effect.to, parcel(effect.lines), effect.except);
      case "dismiss": {
        const last = effect.last === undefined ? undefined : parcel([effect.last]);
        return this.#parts.audience.dismiss(effect.id, last);
      }
      case "record":
        if (effect.event === "message") this.#messages++;
        return this.#parts.journal.record(effect.event, effect.fields);
      case "shutdown":
        return this.#parts.onShutdown(effect.delay, effect.reason);
      case "statistics":
        return this.#parts.audience.tell([effect.id], parcel(this.#statistics()), undefined);
    }
  }

  #statistics(): string[] {
    const { people, rooms, messages } = this.figures;
    const { told, delivered, dropped, gone } = this.#parts.ledger;
    return [
      `up for ${span(now() - this.#startedAt)}, ${people} connected, ${counted(rooms, "room")}`,
      `${counted(messages, "message")}; of ${counted(told, "line")} told ${delivered} delivered, ` +
      `${dropped} dropped, ${gone} to people who had gone`,
    ].map(notice);
  }
}
