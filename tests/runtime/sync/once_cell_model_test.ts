import fc from "../../support/fast_check.ts";
import { OnceCell, Pending } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { failing } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";

type Command =
  | { act: "init" | "set" }
  | { act: "poll" | "drop" | "succeed" | "fail"; pick: number };

const pick = fc.nat(20);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: fc.constant("init" as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("set" as const) }) },
  { weight: 6, arbitrary: fc.record({ act: fc.constant("poll" as const), pick }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("drop" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("succeed" as const), pick }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("fail" as const), pick }) },
);

interface Caller {
  readonly id: number;
  readonly init: HandPoll<number>;
  readonly gate: Gate<boolean>;
  /** Its turn has come when it is `next`; then it is polled and runs, until its gate is open. */
  state: "waiting" | "next" | "running" | "succeeded" | "failed";
}

/** The cell beside a queue of callers, of whom the first may run its body. */
class Rig {
  readonly cell = new OnceCell<number>();
  callers: Caller[] = [];
  value: number | undefined;
  bodies = 0;
  #calls = 0;

  run(command: Command): void {
    if (command.act === "init") this.#init();
    else if (command.act === "set") this.#set();
    else if ("pick" in command) {
      const caller = this.callers[command.pick % this.callers.length];
      if (caller !== undefined) this[command.act](caller);
    }
    this.#check();
  }

  #init(): void {
    const id = ++this.#calls;
    const gate = new Gate<boolean>();
    const init = handPoll(this.cell.getOrInit(() => this.#body(id, gate)));
    const polled = init.poll();
    if (this.value !== undefined) return assertEquals(polled, this.value);
    assertEquals(polled, Pending);
    this.callers.push({ id, init, gate, state: this.callers.length === 0 ? "running" : "waiting" });
  }

  *#body(id: number, gate: Gate<boolean>) {
    assertEquals(++this.bodies, 1, "two bodies at a time");
    try {
      if (yield* gate) return id;
      return yield* failing();
    } finally {
      this.bodies--;
    }
  }

  #set(): void {
    const allowed = this.value === undefined && this.callers.length === 0;
    assertEquals(this.cell.set(0), allowed);
    if (allowed) this.value = 0;
  }

  succeed(caller: Caller): void {
    if (caller.state !== "running") return;
    caller.state = "succeeded";
    caller.gate.open(true);
  }

  fail(caller: Caller): void {
    if (caller.state !== "running") return;
    caller.state = "failed";
    caller.gate.open(false);
  }

  poll(caller: Caller): void {
    if (caller.state === "failed") {
      assertThrows(() => caller.init.poll(), RangeError, "own");
      return this.#gone(caller);
    }
    if (caller.state === "succeeded") this.#succeeded(caller.id);
    else if (this.value === undefined) {
      caller.init.assertPending();
      if (caller.state === "next") caller.state = "running";
      return;
    }
    caller.init.assertReady(this.value!);
    this.#gone(caller);
  }

  drop(caller: Caller): void {
    caller.init.drop();
    this.#gone(caller);
  }

  #succeeded(value: number): void {
    this.value = value;
    for (const caller of this.callers) if (caller.state === "waiting") caller.state = "next";
  }

  #gone(caller: Caller): void {
    this.callers = this.callers.filter((other) => other !== caller);
    if (this.callers[0]?.state === "waiting") this.callers[0].state = "next";
  }

  #check(): void {
    assertEquals(this.cell.get(), this.value);
    for (const { init, state } of this.callers) {
      assertEquals(init.woken, state !== "waiting" && state !== "running", state);
    }
  }

  /** Whoever is left gives up: the cell is as usable as at first. */
  finish(): void {
    while (this.callers.length > 0) this.drop(this.callers[0]);
    assertEquals(this.bodies, 0);
    assert(this.value !== undefined || this.cell.set(0));
  }
}

Deno.test("OnceCell: one body at a time, one value, nobody forgotten, whatever comes", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const rig = new Rig();
      for (const command of commands) rig.run(command);
      rig.finish();
    }),
    { numRuns: 1000 },
  );
});
