import fc from "../../../support/fast_check.ts";
import {
  broadcast,
  type BroadcastReceiver,
  type BroadcastSender,
  End,
  type Item,
  Lagged,
  Pending,
  type Poll,
  SendFailed,
} from "wakeful/runtime";
import { assert, assertEquals, assertInstanceOf, assertThrows } from "../../../support/assert.ts";
import { type HandPoll, handPoll } from "../../../support/hand_poll.ts";
import { thrownBy } from "../../../support/recorder.ts";

const ACTS = [
  "send",
  "send",
  "send",
  "recv",
  "recv",
  "recv",
  "tryRecv",
  "dropRecv",
  "subscribe",
  "resubscribe",
  "closeReceiver",
  "clone",
  "closeSender",
] as const;

const command = fc.record({ act: fc.constantFrom(...ACTS), pick: fc.nat(20) });
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

/** A receiver, and what it has still to see: all of it, also what was lost meanwhile. */
interface Listener {
  readonly receiver: BroadcastReceiver<number>;
  ahead: number[];
  recv: HandPoll<Item<number>> | undefined;
}

/** The channel beside one unlimited list for each receiver. */
class Rig {
  senders: BroadcastSender<number>[];
  listeners: Listener[];
  #lastValue = 0;

  constructor(readonly capacity: number) {
    const [sender, receiver] = broadcast<number>(capacity);
    this.senders = [sender];
    this.listeners = [listening(receiver)];
  }

  run({ act, pick }: Command): void {
    const sender = this.senders[pick % this.senders.length];
    const listener = this.listeners[pick % this.listeners.length];
    if (act === "send" || act === "subscribe" || act === "clone" || act === "closeSender") {
      if (sender !== undefined) this[act](sender);
    } else if (listener !== undefined) this[act](listener);
    this.check();
  }

  send(sender: BroadcastSender<number>): void {
    const value = ++this.#lastValue;
    if (this.listeners.length === 0) return void assertThrows(() => sender.send(value), SendFailed);
    for (const { ahead } of this.listeners) ahead.push(value);
    assertEquals(sender.send(value), this.listeners.length);
  }

  subscribe(sender: BroadcastSender<number>): void {
    this.listeners.push(listening(sender.subscribe()));
  }

  resubscribe({ receiver }: Listener): void {
    this.listeners.push(listening(receiver.resubscribe()));
  }

  clone(sender: BroadcastSender<number>): void {
    this.senders.push(sender.clone());
  }

  closeSender(sender: BroadcastSender<number>): void {
    this.senders.splice(this.senders.indexOf(sender), 1);
    sender.close();
  }

  recv(listener: Listener): void {
    const recv = listener.recv ??= handPoll(listener.receiver.recv());
    const pending = this.#assertTakes(listener, () => recv.poll());
    if (!pending) listener.recv = undefined;
  }

  tryRecv(listener: Listener): void {
    this.#assertTakes(listener, () => listener.receiver.tryRecv());
  }

  dropRecv(listener: Listener): void {
    listener.recv?.drop();
    listener.recv = undefined;
  }

  closeReceiver(listener: Listener): void {
    this.listeners.splice(this.listeners.indexOf(listener), 1);
    listener.receiver.close();
    listener.recv?.assertReady(End);
    assertEquals(listener.receiver.tryRecv(), End);
  }

  /** Whether the answer was Pending, rightly. */
  #assertTakes({ ahead }: Listener, take: () => Poll<Item<number>>): boolean {
    const missed = ahead.length - this.capacity;
    if (missed > 0) {
      const error = thrownBy(take);
      assertInstanceOf(error, Lagged);
      assertEquals(error.missed, missed);
      ahead.splice(0, missed);
      return false;
    }
    const empty = this.senders.length === 0 ? End : Pending;
    const expected = ahead.length === 0 ? empty : ahead.shift();
    assertEquals(take(), expected);
    return expected === Pending;
  }

  check(): void {
    const furthest = Math.max(0, ...this.listeners.map(({ ahead }) => ahead.length));
    const [sender] = this.senders;
    if (sender !== undefined) assertEquals(sender.length, Math.min(furthest, this.capacity));
    for (const { receiver, ahead, recv } of this.listeners) {
      assertEquals(receiver.length, ahead.length);
      if (recv === undefined) continue;
      if (ahead.length > 0 || this.senders.length === 0) assert(recv.woken, "a lost wake");
      assertEquals(recv.kept, recv.woken ? 0 : 1);
    }
  }
}

function listening(receiver: BroadcastReceiver<number>): Listener {
  return { receiver, ahead: [], recv: undefined };
}

Deno.test("broadcast: all see all but what they are told they missed, in whatever order", () => {
  const capacity = fc.integer({ min: 1, max: 4 });
  fc.assert(
    fc.property(
      capacity,
      fc.array(command, { maxLength: 80, size: "max" }),
      (capacity, commands) => {
        const rig = new Rig(capacity);
        for (const command of commands) rig.run(command);
      },
    ),
    { numRuns: 1000 },
  );
});
