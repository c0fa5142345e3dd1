import fc from "../../support/fast_check.ts";
import { Barrier, type BarrierWaitResult, Pending } from "wakeful/runtime";
import { assertEquals } from "../../support/assert.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";

type Command = { act: "wait" } | { act: "poll" | "drop"; pick: number };

const pick = fc.nat(20);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant("wait" as const) }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("poll" as const), pick }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("drop" as const), pick }) },
);

interface Waiter {
  readonly wait: HandPoll<BarrierWaitResult>;
  released: boolean;
}

/** The barrier beside a list of those who have come and not gone on. */
class Rig {
  readonly barrier: Barrier;
  waiters: Waiter[] = [];

  constructor(readonly parties: number) {
    this.barrier = new Barrier(parties);
  }

  get waiting(): number {
    return this.waiters.filter(({ released }) => !released).length;
  }

  run(command: Command): void {
    if (command.act === "wait") this.#wait();
    else {
      const waiter = this.waiters[command.pick % this.waiters.length];
      if (waiter !== undefined) this[command.act](waiter);
    }
    assertEquals(this.barrier.waiting, this.waiting);
    for (const { wait, released } of this.waiters) {
      assertEquals([wait.woken, wait.kept], [released, released ? 0 : 1]);
    }
  }

  #wait(): void {
    const wait = handPoll(this.barrier.wait());
    const last = this.waiting + 1 === this.parties;
    const polled = wait.poll();
    assertEquals(polled, last ? { leader: true } : Pending);
    if (last) { for (const waiter of this.waiters) waiter.released = true; }
    else this.waiters.push({ wait, released: false });
  }

  poll(waiter: Waiter): void {
    if (!waiter.released) return waiter.wait.assertPending();
    waiter.wait.assertReady({ leader: false });
    this.waiters = this.waiters.filter((other) => other !== waiter);
  }

  drop(waiter: Waiter): void {
    waiter.wait.drop();
    this.waiters = this.waiters.filter((other) => other !== waiter);
  }
}

Deno.test("Barrier: every generation is complete and has one leader, whoever gives up", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(command), (parties, commands) => {
      const rig = new Rig(parties);
      for (const command of commands) rig.run(command);
    }),
    { numRuns: 500 },
  );
});
