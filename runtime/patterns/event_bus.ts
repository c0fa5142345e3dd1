import { Closed, Lagged } from "../core/errors.ts";
import type { Co } from "../core/future.ts";
import { End, type Item } from "../core/poll.ts";
import {
  broadcast,
  type BroadcastReceiver,
  type BroadcastSender,
} from "../sync/channel/broadcast.ts";
import { type Answer, settle } from "./settle.ts";

/** How many events are kept for the slowest subscriber of a topic, unless it is said otherwise. */
const DEFAULT_CAPACITY = 64;

export interface EventBusOptions {
  /** How far a subscriber may fall behind, in events of its topic, before it loses some; 64 by default. */
  readonly capacity?: number;
}

/** What is done about events, and about those that were missed. */
export interface Follower<T> {
  /** Called with one event at a time; what it answers is waited for. */
  onEvent(event: T): Answer<void>;
  /** Called with how many events were lost since the one before. */
  onLag(missed: number): Answer<void>;
}

/**
 * Topics that anybody may publish to, and anybody may subscribe to; neither knows the other.
 *
 * `Topics` is an interface: the names of the topics and the type of their events. Publishing never
 * waits, so that a slow subscriber holds back nobody. It loses the oldest events instead, and is
 * told how many.
 *
 * @example
 * ```ts
 * import { blockOn, EventBus, follow } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * interface Topics {
 *   joined: { name: string };
 *   load: number;
 * }
 *
 * const seen: string[] = [];
 * await blockOn(function* () {
 *   const bus = new EventBus<Topics>({ capacity: 2 });
 *   using guests = bus.subscribe("joined");
 *   for (const name of ["Ada", "Ben", "Cleo"]) bus.publish("joined", { name });
 *   assertEquals(bus.publish("load", 0.5), 0); // nobody listens
 *   bus.close();
 *   yield* follow(guests, {
 *     onEvent: ({ name }) => void seen.push(name),
 *     onLag: (missed) => void seen.push(`missed ${missed}`),
 *   });
 * });
 * assertEquals(seen, ["missed 1", "Ben", "Cleo"]);
 * ```
 */
export class EventBus<Topics extends object> {
  #capacity: number;
  #topics = new Map<keyof Topics, BroadcastSender<unknown>>();
  #closed = false;

  /** @throws {RangeError} when the capacity is not a whole number from 1 up */
  constructor(options: EventBusOptions = {}) {
    this.#capacity = options.capacity ?? DEFAULT_CAPACITY;
    this.#open().close(); // so that a bad capacity is refused here
  }

  /** Whether {@link close} was called. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /**
   * Hands `event` to all who subscribe to `topic` now, and answers how many that are. It never
   * waits.
   *
   * @throws {Closed} when the bus is closed
   */
  publish<K extends keyof Topics>(topic: K, event: Topics[K]): number {
    this.#assertOpen();
    const sender = this.#topics.get(topic);
    if (sender === undefined) return 0;
    if (sender.receiverCount > 0) return sender.send(event);
    this.#topics.delete(topic); // nobody is left: a bus of many topics keeps those in use only
    return 0;
  }

  /**
   * A receiver of everything that is published to `topic` from now on. Its `recv` throws `Lagged`,
   * with how many events it missed, when it was too slow; {@link follow} is a loop around that.
   *
   * It is unsubscribed when it is closed (`using` does it).
   *
   * @throws {Closed} when the bus is closed
   */
  subscribe<K extends keyof Topics>(topic: K): BroadcastReceiver<Topics[K]> {
    this.#assertOpen();
    let sender = this.#topics.get(topic);
    if (sender === undefined) this.#topics.set(topic, sender = this.#open());
    return (sender as BroadcastSender<Topics[K]>).subscribe();
  }

  /** How many subscribe to `topic`. */
  subscribers(topic: keyof Topics): number {
    return this.#topics.get(topic)?.receiverCount ?? 0;
  }

  /** Nothing more is published: subscribers come to their end when they have seen the rest. */
  close(): void {
    this.#closed = true;
    for (const sender of this.#topics.values()) sender.close();
    this.#topics.clear();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #open(): BroadcastSender<unknown> {
    const [sender, receiver] = broadcast<unknown>(this.#capacity);
    receiver.close();
    return sender;
  }

  #assertOpen(): void {
    if (this.#closed) throw new Closed("the event bus");
  }
}

/**
 * Hands every event of a subscription to its follower, and every gap, until the bus or the
 * subscription is closed.
 *
 * Cancel safety: safe, as far as the follower is; an event is taken just before it is handed over.
 *
 * @throws whatever the follower throws
 */
export function* follow<T>(events: BroadcastReceiver<T>, follower: Follower<T>): Co<void> {
  for (;;) {
    const next = yield* nextOrGap(events);
    if (next === End) return;
    if (next instanceof Lagged) yield* settle(follower.onLag(next.missed));
    else yield* settle(follower.onEvent(next));
  }
}

function* nextOrGap<T>(events: BroadcastReceiver<T>): Co<Item<T> | Lagged> {
  try {
    return yield* events.recv();
  } catch (error) {
    if (error instanceof Lagged) return error;
    throw error;
  }
}
