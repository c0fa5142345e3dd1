import fc from "../../../support/fast_check.ts";
import {
  End,
  Full,
  type Item,
  mpsc,
  Pending,
  type Poll,
  type Sender,
  SendFailed,
  type SendPermit,
} from "wakeful/runtime";
import { assert, assertEquals, assertInstanceOf, assertThrows } from "../../../support/assert.ts";
import { type HandPoll, handPoll } from "../../../support/hand_poll.ts";
import { thrownBy } from "../../../support/recorder.ts";

const ACTS = {
  send: 6,
  trySend: 2,
  reserve: 3,
  pollWait: 5,
  dropWait: 3,
  usePermit: 3,
  releasePermit: 2,
  clone: 1,
  closeSender: 1,
  recv: 6,
  dropRecv: 2,
  tryRecv: 2,
  recvMany: 2,
  closeReceiver: 1,
} as const;

type Command = { act: keyof typeof ACTS; pick: number };

function commandOf([act, weight]: [string, number]) {
  const arbitrary = fc.record({
    act: fc.constant(act as Command["act"]),
    pick: fc.nat(20),
  });
  return { weight, arbitrary };
}

const command: fc.Arbitrary<Command> = fc.oneof(...Object.entries(ACTS).map(commandOf));

/** A send or a reserve that stands in the queue, or has been called out of it. */
interface Wait {
  readonly hand: HandPoll<void | SendPermit<number>>;
  readonly value: number;
  readonly wantsPermit: boolean;
  state: "waiting" | "granted" | "closed";
}

/** The channel beside three lists and a number of slots. */
class Rig {
  senders: Sender<number>[];
  readonly receiver;
  values: number[] = [];
  waits: Wait[] = [];
  permits: SendPermit<number>[] = [];
  recvWait: HandPoll<Item<number>> | undefined;
  free: number;
  closed = false;
  #lastValue = 0;

  constructor(readonly capacity: number) {
    const [sender, receiver] = mpsc<number>(capacity);
    this.senders = [sender];
    this.receiver = receiver;
    this.free = capacity;
  }

  get promised(): number {
    return this.permits.length + this.waits.filter(({ state }) => state === "granted").length;
  }

  get waiting(): Wait[] {
    return this.waits.filter(({ state }) => state === "waiting");
  }

  get finished(): boolean {
    const mayCome = this.senders.length + this.promised + this.waiting.length > 0;
    return this.closed || !mayCome;
  }

  run({ act, pick }: Command): void {
    this[act](pick);
    this.check();
  }

  send(pick: number): void {
    this.#ask(pick, false);
  }

  reserve(pick: number): void {
    this.#ask(pick, true);
  }

  #ask(pick: number, wantsPermit: boolean): void {
    const sender = pickFrom(this.senders, pick);
    if (sender === undefined) return;
    const value = ++this.#lastValue;
    const future = wantsPermit ? sender.reserve() : sender.send(value);
    const hand = handPoll<void | SendPermit<number>>(future);
    const wait: Wait = { hand, value, wantsPermit, state: "waiting" };
    if (this.closed) wait.state = "closed";
    else if (this.free > 0) this.free--, wait.state = "granted";
    this.waits.push(wait);
    this.#poll(wait);
  }

  trySend(pick: number): void {
    const sender = pickFrom(this.senders, pick);
    if (sender === undefined) return;
    const value = ++this.#lastValue;
    if (this.closed) return assertFails(() => sender.trySend(value), value);
    if (this.free === 0) return void assertThrows(() => sender.trySend(value), Full);
    this.free--;
    sender.trySend(value);
    this.values.push(value);
  }

  pollWait(pick: number): void {
    const wait = pickFrom(this.waits, pick);
    if (wait !== undefined) this.#poll(wait);
  }

  #poll(wait: Wait): void {
    if (wait.state === "waiting") return wait.hand.assertPending();
    this.waits.splice(this.waits.indexOf(wait), 1);
    if (wait.state === "closed") {
      if (wait.wantsPermit) assertThrows(() => wait.hand.poll());
      else assertFails(() => wait.hand.poll(), wait.value);
      return;
    }
    const outcome = wait.hand.take();
    if (outcome === undefined) this.values.push(wait.value);
    else this.permits.push(outcome);
  }

  dropWait(pick: number): void {
    const wait = pickFrom(this.waits, pick);
    if (wait === undefined) return;
    this.waits.splice(this.waits.indexOf(wait), 1);
    if (wait.state === "granted") this.#release();
    wait.hand.drop();
    wait.hand.drop();
  }

  usePermit(pick: number): void {
    const permit = this.#takePermit(pick);
    if (permit === undefined) return;
    const value = ++this.#lastValue;
    if (this.closed) return assertFails(() => permit.send(value), value);
    permit.send(value);
    this.values.push(value);
  }

  releasePermit(pick: number): void {
    const permit = this.#takePermit(pick);
    if (permit === undefined) return;
    this.#release();
    permit.release();
    permit.release();
  }

  #takePermit(pick: number): SendPermit<number> | undefined {
    return this.permits.splice(pick % Math.max(this.permits.length, 1), 1)[0];
  }

  clone(pick: number): void {
    const sender = pickFrom(this.senders, pick);
    if (sender !== undefined) this.senders.push(sender.clone());
  }

  closeSender(pick: number): void {
    const [sender] = this.senders.splice(pick % Math.max(this.senders.length, 1), 1);
    sender?.close();
    sender?.close();
  }

  recv(): void {
    this.recvWait ??= handPoll(this.receiver.recv());
    const polled = this.recvWait.poll();
    this.#assertTaken(polled);
    if (polled !== Pending) this.recvWait = undefined;
  }

  dropRecv(): void {
    this.recvWait?.drop();
    this.recvWait = undefined;
  }

  tryRecv(): void {
    this.#assertTaken(this.receiver.tryRecv());
  }

  recvMany(pick: number): void {
    if (this.recvWait !== undefined) return;
    const into: number[] = [];
    const limit = pick % 3 + 1;
    const hand = handPoll(this.receiver.recvMany(into, limit));
    const polled = hand.poll();
    hand.drop();
    if (this.values.length === 0) return assertEquals(polled, this.finished ? 0 : Pending);
    const wanted = Math.min(limit, this.values.length);
    assertEquals(polled, wanted);
    assertEquals(into, this.values.splice(0, wanted));
    for (let i = 0; i < wanted; i++) this.#release();
  }

  closeReceiver(): void {
    this.closed = true;
    for (const wait of this.waits) wait.state = "closed";
    this.receiver.close();
  }

  #assertTaken(polled: Poll<Item<number>>): void {
    if (this.values.length === 0) return assertEquals(polled, this.finished ? End : Pending);
    assertEquals(polled, this.values.shift());
    this.#release();
  }

  #release(): void {
    const [next] = this.waiting;
    if (next === undefined) this.free++;
    else next.state = "granted";
  }

  check(): void {
    assertEquals(this.receiver.length, this.values.length);
    assertEquals(this.receiver.isClosed, this.finished);
    for (const { hand, state } of this.waits) {
      assertEquals(hand.woken, state !== "waiting", `woken when ${state}`);
      assertEquals(hand.kept, state === "waiting" ? 1 : 0);
    }
    if (this.recvWait === undefined) return;
    if (this.values.length > 0 || this.finished) assert(this.recvWait.woken, "a lost wake");
    assertEquals(this.recvWait.kept, this.recvWait.woken ? 0 : 1);
  }

  /** Everybody gives up: all slots are free, what was sent is received, then nothing is left. */
  finish(): void {
    while (this.waits.length > 0) this.run({ act: "dropWait", pick: 0 });
    while (this.permits.length > 0) this.run({ act: "releasePermit", pick: 0 });
    this.dropRecv();
    if (!this.closed) assertEquals(this.free + this.values.length, this.capacity);
    while (this.senders.length > 0) this.run({ act: "closeSender", pick: 0 });
    while (this.values.length > 0) this.run({ act: "tryRecv", pick: 0 });
    assertEquals(this.receiver.tryRecv(), End);
  }
}

function pickFrom<T>(list: T[], pick: number): T | undefined {
  return list[pick % list.length];
}

function assertFails(act: () => unknown, value: number): void {
  const error = thrownBy(act);
  assertInstanceOf(error, SendFailed);
  assertEquals(error.value, value);
}

for (
  const [name, capacity] of [["mpsc", fc.integer({ min: 1, max: 3 })], [
    "unbounded",
    fc.constant(Infinity),
  ]] as const
) {
  Deno.test(`${name}: no value, wake or slot is lost, whatever comes in whatever order`, () => {
    fc.assert(
      fc.property(
        capacity,
        fc.array(command, { maxLength: 80, size: "max" }),
        (slots, commands) => {
          const rig = new Rig(slots);
          for (const command of commands) rig.run(command);
          rig.finish();
        },
      ),
      { numRuns: 1000 },
    );
  });
}
