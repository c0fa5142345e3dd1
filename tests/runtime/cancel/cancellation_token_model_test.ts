import fc from "../../support/fast_check.ts";
import { CancellationToken, Pending } from "wakeful/runtime";
import { assertEquals } from "../../support/assert.ts";
import { FakeAbortSignal } from "../../support/fake_abort_signal.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";

type Command =
  | { act: "child" | "wait" | "subscribe" | "cancel"; token: number }
  | { act: "poll" | "drop"; wait: number }
  | { act: "abort" };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constantFrom("child" as const, "wait" as const, "subscribe" as const),
      token: fc.nat(20),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("cancel" as const), token: fc.nat(20) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constantFrom("poll" as const, "drop" as const),
      wait: fc.nat(20),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Command>({ act: "abort" }) },
);

/** A token beside its parent's number and what it is expected to say. */
interface Node {
  readonly token: CancellationToken;
  readonly parent: number | undefined;
  reason: string | undefined;
}

/** Someone who waits: a future, or a callback that counts its calls. */
interface Waiter {
  readonly on: number;
  readonly future?: HandPoll<string>;
  calls: number;
  undo(): void;
}

class Rig {
  readonly signal = new FakeAbortSignal();
  readonly nodes: Node[] = [
    {
      token: CancellationToken.fromSignal(this.signal.signal),
      parent: undefined,
      reason: undefined,
    },
  ];
  waiters: Waiter[] = [];
  cancels = 0;

  run(command: Command): void {
    if (command.act === "abort") this.#abort();
    else if ("token" in command) this.#onToken(command.act, command.token % this.nodes.length);
    else if (this.waiters.length > 0) this.#onWait(command.act, command.wait % this.waiters.length);
    this.check();
  }

  #abort(): void {
    if (this.signal.aborted) return;
    this.signal.abort("signal");
    this.#cancel(0, "signal");
  }

  #onToken(act: "child" | "wait" | "subscribe" | "cancel", on: number): void {
    const { token, reason } = this.nodes[on];
    if (act === "child") this.nodes.push({ token: token.child(), parent: on, reason });
    else if (act === "wait") this.#wait(on);
    else if (act === "subscribe") this.#subscribe(on);
    else {
      token.cancel(`${++this.cancels}`);
      this.#cancel(on, `${this.cancels}`);
    }
  }

  /** The reason goes down the tree, to those that have none yet. */
  #cancel(on: number, reason: string): void {
    if (this.nodes[on].reason !== undefined) return;
    this.nodes[on].reason = reason;
    this.nodes.forEach(({ parent }, child) => parent === on && this.#cancel(child, reason));
  }

  #wait(on: number): void {
    const { token, reason } = this.nodes[on];
    const future = handPoll(token.cancelled());
    assertEquals(future.poll(), reason ?? Pending);
    if (reason !== undefined) return;
    this.waiters.push({ on, future, calls: 0, undo: () => future.drop() });
  }

  #subscribe(on: number): void {
    const waiter: Waiter = { on, calls: 0, undo: () => {} };
    waiter.undo = this.nodes[on].token.subscribe(() => void waiter.calls++);
    if (this.nodes[on].reason === undefined) this.waiters.push(waiter);
    else assertEquals(waiter.calls, 1);
  }

  #onWait(act: "poll" | "drop", place: number): void {
    const { on, future, undo } = this.waiters[place];
    if (act === "poll") {
      const { reason } = this.nodes[on];
      if (future === undefined) return;
      assertEquals(future.poll(), reason ?? Pending);
      if (reason === undefined) return;
    } else undo();
    assertEquals(future?.kept ?? 0, 0);
    this.waiters.splice(place, 1);
  }

  check(): void {
    const waiting = this.nodes.map((_, i) => this.waiters.filter((w) => w.on === i).length);
    for (let i = this.nodes.length - 1; i >= 0; i--) {
      const { token, parent, reason } = this.nodes[i];
      if (reason !== undefined) waiting[i] = 0;
      assertEquals(token.reason, reason);
      assertEquals(token.waiting, waiting[i]);
      if (parent !== undefined && waiting[i] > 0) waiting[parent]++;
    }
    assertEquals(this.signal.listeners, waiting[0] > 0 ? 1 : 0);
    for (const { on, future, calls } of this.waiters) {
      const told = this.nodes[on].reason !== undefined;
      if (future === undefined) assertEquals(calls, told ? 1 : 0);
      else assertEquals(future.woken, told);
    }
  }
}

Deno.test("CancellationToken: a cancel reaches those below and no others; lists hold only who waits", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const rig = new Rig();
      for (const command of commands) rig.run(command);
      for (const { undo } of rig.waiters) undo();
      rig.waiters = [];
      rig.check();
    }),
    { numRuns: 500 },
  );
});
