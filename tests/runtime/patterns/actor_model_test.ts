import fc from "../../support/fast_check.ts";
import { actor, Closed, Coroutine, Pending } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";

const CAPACITY = 3;

type Command =
  | { act: "ask"; how: "answer" | "fail" | "wait" }
  | { act: "poll" | "drop"; pick: number }
  | { act: "run" | "open" | "stop" | "abort" };

const pick = fc.nat(20);
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constant("ask" as const),
      how: fc.constantFrom("answer" as const, "fail" as const, "wait" as const),
    }),
  },
  { weight: 8, arbitrary: fc.record({ act: fc.constantFrom("poll", "drop"), pick }) },
  { weight: 8, arbitrary: fc.record({ act: fc.constantFrom("run", "open") }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constantFrom("stop", "abort") }) },
);

interface Asker {
  readonly id: number;
  readonly how: "answer" | "fail" | "wait";
  readonly ask: HandPoll<number>;
  state: "asking" | "dropped" | "done";
}

/** The actor beside a list of those who asked: whom it has handled, in which order. */
class Rig {
  readonly loop = new FakeLoop();
  readonly handled: number[] = [];
  gate = new Gate();
  busy = 0;
  readonly address = this.loop.inside(() => actor(this.#behaviour(), { capacity: CAPACITY }));
  askers: Asker[] = [];
  /** Whose messages got into the mailbox, in that order. */
  readonly sent: number[] = [];
  refusing = false;
  aborted = false;
  #lastId = 0;

  run(command: Command): void {
    if (command.act === "ask") this.#ask(command.how);
    else if ("pick" in command) this.#pick(command.act, command.pick);
    else if (command.act === "run") this.loop.runAll();
    else if (command.act === "open") this.#open();
    else this.#end(command.act);
    assert(this.address.length <= CAPACITY);
    assert(this.busy <= 1);
  }

  #behaviour() {
    // deno-lint-ignore no-this-alias -- the methods' own `this` is the behaviour
    const rig = this;
    return {
      *serve(id: number, how: Asker["how"]) {
        rig.busy++;
        rig.handled.push(id);
        try {
          if (how === "wait") yield* (rig.gate = new Gate());
          if (how === "fail") throw new RangeError(`${id}`);
          return id;
        } finally {
          rig.busy--;
        }
      },
    };
  }

  #ask(how: Asker["how"]): void {
    const id = ++this.#lastId;
    const ask = handPoll(new Coroutine(this.address.ask("serve", id, how)), this.loop);
    if (this.refusing) return void assertThrows(() => ask.poll(), Closed);
    const asker: Asker = { id, how, ask, state: "asking" };
    this.askers.push(asker);
    this.#poll(asker);
  }

  #pick(act: "poll" | "drop", pick: number): void {
    const asker = this.askers[pick % this.askers.length];
    if (asker?.state !== "asking") return;
    if (act === "drop") {
      asker.ask.drop();
      asker.state = "dropped";
      assertEquals(asker.ask.kept, 0);
    } else this.#poll(asker);
  }

  /** The answer is the asker's own, or the error is, or the actor has ended. */
  #poll(asker: Asker): void {
    const before = this.address.length;
    try {
      const polled = asker.ask.poll();
      if (this.address.length > before) this.sent.push(asker.id);
      if (polled === Pending) return;
      assertEquals(polled, asker.id);
      assert(asker.how !== "fail" && this.handled.includes(asker.id));
    } catch (error) {
      if (error instanceof RangeError) {
        assertEquals([error.message, asker.how], [`${asker.id}`, "fail"]);
      } else assert(error instanceof Closed && this.refusing, `${error}`);
    }
    asker.state = "done";
  }

  #open(): void {
    this.gate.open();
    this.loop.runAll();
  }

  #end(act: "stop" | "abort"): void {
    this.address[act]();
    this.refusing = true;
    this.aborted ||= act === "abort";
  }

  /** Everybody comes to an end, and nothing is left. */
  finish(): void {
    this.#end("stop");
    for (let round = 0; round <= 2 * this.askers.length; round++) {
      this.#open();
      this.askers.forEach((_, pick) => this.#pick("poll", pick));
    }
    assert(this.askers.every(({ state }) => state !== "asking"));
    const served = this.sent.slice(0, this.handled.length);
    assertEquals(this.handled, served, "once each, first come, first served");
    if (!this.aborted) assertEquals(this.handled.length, this.sent.length, "stop forgets nobody");
    assertEquals([this.loop.alive.size, this.busy], [0, 0]);
  }
}

Deno.test("Actor: every asker gets its own answer or is refused, whatever comes in whatever order", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const rig = new Rig();
      for (const command of commands) rig.run(command);
      rig.finish();
    }),
    { numRuns: 500 },
  );
});
