import fc from "../../support/fast_check.ts";
import { TimerWheel, WheelEntry } from "../../../runtime/collections/timer_wheel.ts";
import { assert, assertEquals } from "../../support/assert.ts";

const ENTRIES = 8;

type Command =
  | { kind: "set"; entry: number; delay: number }
  | { kind: "cancel"; entry: number }
  | { kind: "advance"; by: number }
  | { kind: "jump" };

/** Delays around the widths of every level, and before the present. */
const delay = fc.oneof(
  fc.integer({ min: -5, max: 130 }),
  fc.tuple(fc.nat(6), fc.integer({ min: 1, max: 64 }), fc.integer({ min: -2, max: 2 }))
    .map(([level, slots, edge]) => slots * 64 ** level + edge),
);
const entry = fc.nat(ENTRIES - 1);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("set" as const), entry, delay }) },
  fc.record({ kind: fc.constant("cancel" as const), entry }),
  fc.record({ kind: fc.constant("advance" as const), by: delay }),
  { weight: 2, arbitrary: fc.constant({ kind: "jump" as const }) },
);

/** The wheel beside a plain map from entry to tick. */
class Rig {
  readonly wheel: TimerWheel<WheelEntry>;
  readonly entries = Array.from({ length: ENTRIES }, () => new WheelEntry());
  readonly model = new Map<WheelEntry, number>();
  now: number;

  constructor(start: number) {
    this.now = start;
    this.wheel = new TimerWheel(start);
  }

  run(command: Command): void {
    if (command.kind === "set") {
      const tick = this.now + command.delay;
      this.wheel.set(this.entries[command.entry], tick);
      this.model.set(this.entries[command.entry], tick);
    } else if (command.kind === "cancel") {
      const entry = this.entries[command.entry];
      assertEquals(this.wheel.cancel(entry), this.model.delete(entry));
    } else {
      const next = this.wheel.next();
      this.advance(command.kind === "advance" ? this.now + command.by : next);
    }
    this.check();
  }

  /** Everything due comes, and nothing else. What was set for the past comes at the present. */
  advance(tick: number): void {
    if (tick === Infinity) return;
    const came: WheelEntry[] = [];
    const start = this.now;
    this.wheel.advance(tick, (entry) => came.push(entry));
    this.now = Math.max(this.now, tick + 1);
    const due = [...this.model].filter(([, at]) => Math.max(at, start) <= tick);
    assertEquals(came.length, due.length, "as many as are due");
    let last = -Infinity;
    for (const entry of came) {
      const at = Math.max(this.model.get(entry)!, start);
      assert(at <= tick, "never early");
      assert(at >= last, "earliest first");
      last = at;
      this.model.delete(entry);
    }
  }

  check(): void {
    assertEquals(this.wheel.size, this.model.size);
    const earliest = Math.min(...[...this.model.values()].map((at) => Math.max(at, this.now)));
    assert(this.wheel.next() <= earliest, "next() is never later than the earliest entry");
    if (this.model.size === 0) assertEquals(this.wheel.next(), Infinity);
    else assert(this.wheel.next() >= this.now, "next() is not in the past");
  }

  /** Follows next() until the wheel is empty: nothing is lost, and it takes few steps. */
  drain(): void {
    for (let steps = 0; this.model.size > 0; steps++) {
      assert(steps < 40 * ENTRIES, "next() makes progress");
      this.run({ kind: "jump" });
    }
    assertEquals(this.wheel.next(), Infinity);
  }
}

Deno.test("TimerWheel: agrees with a sorted list, whatever is set, moved, cancelled, passed", () => {
  const start = fc.oneof(fc.nat(200), fc.nat(64 ** 4), fc.nat(64 ** 6));
  fc.assert(
    fc.property(start, fc.array(command, { maxLength: 60 }), (start, commands) => {
      const rig = new Rig(start);
      for (const command of commands) rig.run(command);
      rig.drain();
    }),
    { numRuns: 1000 },
  );
});
