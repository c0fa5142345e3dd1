import fc from "fast-check";
import { assertEquals, assertLessOrEqual } from "../../../support/assert.ts";
import { firstWrong, numbered } from "../../../support/bytes.ts";
import { outcomeOf, type Pair, SimRig } from "../../../support/sim_rig.ts";

/** What may happen to a connection: mostly bytes, now and then trouble. */
type Step =
  | { readonly do: "write" | "read"; readonly bytes: number }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "shut" | "open"; readonly way: 0 | 1 }
  | { readonly do: "loss"; readonly loss: number }
  | { readonly do: "end" };

const amount = fc.integer({ min: 1, max: 100_000 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant("write" as const), bytes: amount }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant("read" as const), bytes: amount }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant("pass" as const),
        ms: fc.nat(450),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom("shut" as const, "open" as const),
        way: fc.constantFrom(0 as const, 1 as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("loss" as const),
        loss: fc.constantFrom(0, 0.3, 0.6),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ do: "end" as const }) },
  ),
  { maxLength: 60 },
);

/** A connection whose sender numbers its bytes and whose receiver checks the numbers. */
class Transfer {
  sent = 0;
  received = 0;
  last = "";
  constructor(readonly rig: SimRig, readonly pair: Pair) {}

  write(count: number): void {
    const bytes = numbered(this.sent, this.sent + count);
    this.sent += Number(outcomeOf(() => this.pair.one.tryWrite(bytes))) || 0;
  }

  read(count: number): void {
    const into = new Uint8Array(count);
    this.last = outcomeOf(() => this.pair.other.tryRead(into));
    const n = Number(this.last) || 0;
    assertEquals(firstWrong(into.subarray(0, n), this.received), -1, `after ${this.received}`);
    this.received += n;
    assertLessOrEqual(this.received, this.sent);
  }

  /** Answers what to wait for, if anything: time goes on during an await, and only then. */
  take(step: Step): Promise<void> | undefined {
    const { rig, pair: { here, there, one } } = this;
    const paths = rig.paths(here, there);
    if (step.do === "write") this.write(step.bytes);
    if (step.do === "read") this.read(step.bytes);
    if (step.do === "pass") return rig.pass(step.ms);
    if (step.do === "shut") paths[step.way].shut();
    if (step.do === "open") paths[step.way].open();
    if (step.do === "loss") paths[0].worsen({ loss: step.loss });
    if (step.do === "end") outcomeOf(() => one.tryShutdown());
  }

  /** Reads as long as something comes. */
  async drain(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      await this.rig.pass(15_000);
      const before = this.received;
      do this.read(100_000); while (Number(this.last) > 0);
      if (this.received > before) quiet = 0;
    }
  }
}

async function transfer(seed: number): Promise<Transfer> {
  const rig = new SimRig(seed);
  return new Transfer(rig, await rig.pair());
}

Deno.test("Flow: bytes arrive in order and exactly once, whatever the way is like", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), steps, async (seed, course) => {
      const run = await transfer(seed);
      for (const step of course) {
        const wait = run.take(step);
        if (wait) await wait;
      }
      const { rig, pair: { one } } = run;
      rig.network.heal();
      outcomeOf(() => one.tryShutdown());
      await run.drain();
      assertEquals([run.received, run.last], [run.sent, "0"]);
    }),
    { numRuns: 150 },
  );
});

Deno.test("Flow: whoever dies when, what arrives is a beginning of what was sent", async () => {
  const ends = fc.constantFrom("close", "crash", "power");
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      steps,
      ends,
      fc.boolean(),
      steps,
      async (seed, before, end, mine, after) => {
        const run = await transfer(seed);
        const { rig, pair: { here, there, one, other } } = run;
        const [host, stream] = mine ? [here, one] : [there, other];
        for (const step of before) {
          const wait = run.take(step);
          if (wait) await wait;
        }
        if (end === "close") stream.close();
        else host.die(end as "crash" | "power");
        if (mine) run.write = () => {};
        else run.read = () => void (run.last = "");
        for (const step of after.filter((step) => !mine || step.do !== "end")) {
          const wait = run.take(step);
          if (wait) await wait;
        }
        host.machine.reachable = true;
        rig.network.heal();
        await run.drain();
        await rig.idle();
        if (mine && end !== "power") {
          assertEquals(run.last, "0", "with nothing unread the peer sees the end");
          assertEquals(run.received, run.sent);
        }
      },
    ),
    { numRuns: 150 },
  );
});
