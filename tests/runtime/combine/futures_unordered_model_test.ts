import fc from "../../support/fast_check.ts";
import { End, FuturesUnordered, Pending } from "wakeful/runtime";
import { assert, assertEquals } from "../../support/assert.ts";
import { Gate } from "../../support/gate.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";

type Command = { act: "push" | "poll" | "give up" } | { act: "open" | "nudge"; pick: number };

const pick = fc.nat(20);
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom<Command>({ act: "push" }, { act: "poll" }, { act: "give up" }),
  fc.record({ act: fc.constantFrom("open" as const, "nudge" as const), pick }),
);

/** The set beside a queue of those that were woken. */
class Rig {
  readonly set = new FuturesUnordered<number>();
  readonly gates: Gate<number>[] = [];
  readonly polls: number[] = [];
  readonly opened = new Set<number>();
  readonly done = new Set<number>();
  woken: number[] = [];
  next: HandPoll<number | typeof End> | undefined;

  run(command: Command): void {
    if ("pick" in command) this.#touch(command.act, command.pick);
    else if (command.act === "push") this.#push();
    else if (command.act === "poll") this.#poll();
    else this.#giveUp();
    this.#check();
  }

  #push(): void {
    const gate = new Gate<number>();
    this.set.push(gate);
    this.woken.push(this.gates.push(gate) - 1);
    this.polls.push(0);
  }

  #touch(act: "open" | "nudge", pick: number): void {
    const place = pick % this.gates.length;
    if (this.gates.length === 0 || this.opened.has(place)) return;
    if (act === "open") this.opened.add(place);
    const heard = this.polls[place] > 0 && !this.woken.includes(place);
    if (heard) this.woken.push(place);
    if (act === "open") this.gates[place].open(place);
    else this.gates[place].nudge();
  }

  /** The first of the queue that is open; those before it are polled in vain. */
  #poll(): void {
    this.next ??= handPoll(this.set.next());
    const polled = this.next.poll();
    if (polled !== Pending) this.next = undefined;
    assertEquals(polled, this.#expected());
  }

  #expected(): number | typeof End | typeof Pending {
    for (let place = this.woken.shift(); place !== undefined; place = this.woken.shift()) {
      this.polls[place]++;
      if (!this.opened.has(place)) continue;
      this.done.add(place);
      return place;
    }
    return this.done.size === this.gates.length ? End : Pending;
  }

  #giveUp(): void {
    this.next?.drop();
    assertEquals(this.next?.kept ?? 0, 0);
    this.next = undefined;
  }

  #check(): void {
    assertEquals(this.gates.map((gate) => gate.polls), this.polls);
    assertEquals(this.set.size, this.gates.length - this.done.size);
    if (this.next !== undefined) assertEquals(this.next.woken, this.woken.length > 0);
  }

  finish(): void {
    this.#giveUp();
    this.set.drop();
    this.gates.forEach((gate, place) => {
      assertEquals(gate.dropped, this.done.has(place) ? 0 : 1);
      assert(gate.waker === undefined);
    });
  }
}

Deno.test("FuturesUnordered: only the woken are polled, in their order, and each value comes once", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const rig = new Rig();
      for (const command of commands) rig.run(command);
      rig.finish();
    }),
    { numRuns: 500 },
  );
});
