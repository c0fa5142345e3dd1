import fc from "../../support/fast_check.ts";
import { type Interval, interval, type MissedTicks, Pending } from "wakeful/runtime";
import { assertEquals } from "../../support/assert.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";

type Command =
  | { act: "poll" | "drop" }
  | { act: "advance" | "work" | "reset"; milliseconds: number };

const milliseconds = fc.nat(40);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ act: fc.constant("poll" as const) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("drop" as const) }) },
  { weight: 6, arbitrary: fc.record({ act: fc.constantFrom("advance", "work"), milliseconds }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("reset" as const), milliseconds }) },
);

/** The interval beside the one moment it has to know: when the next tick is due. */
class Rig {
  readonly loop = new FakeLoop();
  readonly ticks: Interval;
  tick: HandPoll<number> | undefined;
  due: number;

  constructor(readonly period: number, readonly missed: MissedTicks, immediate: boolean) {
    this.ticks = this.loop.inside(() => interval(period, { missed, immediate }));
    this.due = immediate ? 0 : period;
  }

  run(command: Command): void {
    if ("milliseconds" in command) this[command.act](command.milliseconds);
    else this[command.act]();
    assertEquals(this.loop.timers.size, this.#armed ? 1 : 0);
    if (this.tick !== undefined && this.loop.timers.now >= this.due) {
      assertEquals(this.tick.woken, true, "due, and not woken");
    }
  }

  /** Whether a timer must be set: somebody waits, and was not woken for the present deadline. */
  get #armed(): boolean {
    return this.tick !== undefined && this.loop.timers.now < this.due;
  }

  poll(): void {
    const tick = this.tick ?? handPoll(this.ticks.tick(), this.loop);
    const { due, loop: { clock: { time: now } } } = this;
    const polled = tick.poll();
    assertEquals(polled, now < due ? Pending : due);
    this.tick = polled === Pending ? tick : undefined;
    if (polled !== Pending) this.due = this.#next(due, now);
  }

  drop(): void {
    this.tick?.drop();
    this.tick = undefined;
  }

  /** Time goes by and the loop takes a turn. */
  advance(milliseconds: number): void {
    this.loop.advance(milliseconds);
  }

  /** Time goes by in the midst of a turn. */
  work(milliseconds: number): void {
    this.loop.clock.time += milliseconds;
  }

  reset(milliseconds: number): void {
    const after = milliseconds + 1; // the wheel is done with the present tick
    this.ticks.reset(after);
    this.due = this.loop.clock.time + after;
  }

  #next(due: number, now: number): number {
    if (now - due <= 5 || this.missed === "burst") return due + this.period;
    if (this.missed === "delay") return now + this.period;
    let next = due;
    while (next <= now) next += this.period;
    return next;
  }
}

const missed = fc.constantFrom<MissedTicks>("burst", "delay", "skip");

Deno.test("interval: ticks when its policy says, and wakes for it, whatever comes between", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      missed,
      fc.boolean(),
      fc.array(command, { maxLength: 60 }),
      (period, missed, immediate, commands) => {
        const rig = new Rig(period, missed, immediate);
        for (const command of commands) rig.run(command);
      },
    ),
    { numRuns: 1000 },
  );
});
