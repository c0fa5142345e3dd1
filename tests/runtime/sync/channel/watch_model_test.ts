import fc from "../../../support/fast_check.ts";
import { Closed, Pending, SendFailed, watch, type WatchReceiver } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../../support/assert.ts";
import { type HandPoll, handPoll } from "../../../support/hand_poll.ts";

const ACTS = [
  "send",
  "send",
  "sendIfModified",
  "subscribe",
  "clone",
  "look",
  "changed",
  "changed",
  "waitForEven",
  "drop",
  "closeReceiver",
  "awaitClosed",
] as const;

const command = fc.record({ act: fc.constantFrom(...ACTS), pick: fc.nat(20) });
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

interface Watcher {
  readonly receiver: WatchReceiver<number>;
  /** Whether there is a value it has not seen. */
  fresh: boolean;
  wait: { readonly hand: HandPoll<number | void>; readonly even: boolean } | undefined;
}

const isEven = (value: number) => value % 2 === 0;

/** The channel beside one value, and a mark for each receiver. */
class Rig {
  readonly sender;
  value = 1;
  closed = false;
  watchers: Watcher[];
  nobody: HandPoll<void> | undefined;

  constructor() {
    const [sender, receiver] = watch(this.value);
    this.sender = sender;
    this.watchers = [{ receiver, fresh: false, wait: undefined }];
  }

  run({ act, pick }: Command): void {
    const watcher = this.watchers[pick % this.watchers.length];
    if (act === "send" || act === "sendIfModified") this[act](pick % 4);
    else if (act === "subscribe" || act === "awaitClosed") this[act]();
    else if (watcher !== undefined) this[act](watcher);
    this.check();
  }

  send(value: number): void {
    if (this.closed) return void assertThrows(() => this.sender.send(value), SendFailed);
    this.sender.send(value);
    this.#changed(value);
  }

  sendIfModified(value: number): void {
    const send = () => this.sender.sendIfModified(() => value);
    if (this.closed) return void assertThrows(send, Closed);
    assertEquals(send(), value !== this.value);
    if (value !== this.value) this.#changed(value);
  }

  #changed(value: number): void {
    this.value = value;
    for (const watcher of this.watchers) watcher.fresh = true;
  }

  subscribe(): void {
    if (this.closed) return void assertThrows(() => this.sender.subscribe(), Closed);
    this.watchers.push({ receiver: this.sender.subscribe(), fresh: false, wait: undefined });
  }

  clone({ receiver, fresh }: Watcher): void {
    this.watchers.push({ receiver: receiver.clone(), fresh, wait: undefined });
  }

  look(watcher: Watcher): void {
    if (watcher.wait !== undefined) return;
    assertEquals(watcher.receiver.borrowAndUpdate(), this.value);
    watcher.fresh = false;
  }

  changed(watcher: Watcher): void {
    watcher.wait ??= { hand: handPoll<number | void>(watcher.receiver.changed()), even: false };
    this.#poll(watcher);
  }

  waitForEven(watcher: Watcher): void {
    watcher.wait ??= {
      hand: handPoll<number | void>(watcher.receiver.waitFor(isEven)),
      even: true,
    };
    this.#poll(watcher);
  }

  #poll(watcher: Watcher): void {
    const { hand, even } = watcher.wait!;
    const done = even ? isEven(this.value) : watcher.fresh;
    if (done) assertEquals(hand.poll(), even ? this.value : undefined);
    else if (this.closed) assertThrows(() => hand.poll(), Closed);
    else assertEquals(hand.poll(), Pending);
    if (done || even) watcher.fresh = false;
    if (done || this.closed) watcher.wait = undefined;
  }

  drop(watcher: Watcher): void {
    watcher.wait?.hand.drop();
    watcher.wait = undefined;
  }

  closeReceiver(watcher: Watcher): void {
    this.watchers.splice(this.watchers.indexOf(watcher), 1);
    watcher.receiver.close();
    if (watcher.wait !== undefined) assertThrows(() => watcher.wait!.hand.poll(), Closed);
  }

  awaitClosed(): void {
    this.nobody ??= handPoll(this.sender.closed());
    const polled = this.nobody.poll();
    assertEquals(polled, this.watchers.length === 0 ? undefined : Pending);
    if (polled !== Pending) this.nobody = undefined;
  }

  close(): void {
    this.closed = true;
    this.sender.close();
    this.check();
  }

  check(): void {
    assertEquals([this.sender.borrow(), this.sender.receiverCount], [
      this.value,
      this.watchers.length,
    ]);
    if (this.nobody !== undefined && this.watchers.length === 0) assert(this.nobody.woken);
    for (const { receiver, fresh, wait } of this.watchers) {
      assertEquals([receiver.borrow(), receiver.hasChanged()], [this.value, fresh]);
      if (wait === undefined) continue;
      assertEquals(wait.hand.woken, fresh || this.closed, "a lost wake");
      assertEquals(wait.hand.kept, wait.hand.woken ? 0 : 1);
    }
  }
}

Deno.test("watch: nobody misses that the value changed, whatever comes in whatever order", () => {
  const commands = fc.array(command, { maxLength: 40, size: "max" });
  fc.assert(
    fc.property(commands, commands, (before, after) => {
      const rig = new Rig();
      for (const command of before) rig.run(command);
      rig.close();
      for (const command of after) rig.run(command);
    }),
    { numRuns: 1000 },
  );
});
