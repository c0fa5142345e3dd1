import fc from "../../support/fast_check.ts";
import { Closed, Pending, type Permit, Semaphore } from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";

const PERMITS = 4;

type Command =
  | { act: "acquire" | "try" | "forgetPermits"; count: number }
  | { act: "poll" | "drop" | "release" | "split" | "merge" | "forget"; pick: number }
  | { act: "close" };

const count = fc.nat(PERMITS);
const pick = fc.nat(20);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: fc.constant("acquire" as const), count }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("try" as const), count }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant("poll" as const), pick }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("drop" as const), pick }) },
  { weight: 6, arbitrary: fc.record({ act: fc.constant("release" as const), pick }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom("split", "merge"), pick }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("forget" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("forgetPermits" as const), count }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("close" as const) }) },
);

interface Waiter {
  readonly acquire: HandPoll<Permit>;
  readonly count: number;
  state: "waiting" | "granted" | "closed";
}

/** The semaphore beside a list of those who wait and a number of permits. */
class Rig {
  readonly semaphore = new Semaphore(PERMITS);
  waiters: Waiter[] = [];
  held: Permit[] = [];
  free = PERMITS;
  total = PERMITS;
  closed = false;

  run(command: Command): void {
    if ("count" in command) this[command.act](command.count);
    else if ("pick" in command) this.#pick(command.act, command.pick);
    else this.#close();
    this.check();
  }

  #pick(act: "poll" | "drop" | "release" | "split" | "merge" | "forget", pick: number): void {
    if (act === "release") return this.#release(pick);
    if (act === "poll" || act === "drop") {
      const waiter = this.waiters[pick % this.waiters.length];
      if (waiter !== undefined) act === "poll" ? this.#poll(waiter) : this.#drop(waiter);
    } else {
      const permit = this.held[pick % this.held.length];
      if (permit !== undefined) this.#reshape(act, permit);
    }
  }

  /** None of these changes what is free. */
  #reshape(act: "split" | "merge" | "forget", permit: Permit): void {
    if (act === "split") return void this.held.push(permit.split(permit.count >> 1));
    if (act === "forget") this.total -= permit.count;
    const [other] = this.held;
    if (act === "merge" && other !== permit) other.merge(permit);
    if (act === "forget") permit.forget();
  }

  forgetPermits(count: number): void {
    const forgotten = Math.min(count, this.free);
    assertEquals(this.semaphore.forgetPermits(count), forgotten);
    this.free -= forgotten;
    this.total -= forgotten;
  }

  #mayTake(count: number): boolean {
    return this.free >= count && !this.waiters.some(({ state }) => state === "waiting");
  }

  acquire(count: number): void {
    const acquire = handPoll(this.semaphore.acquireMany(count));
    if (this.closed) return void assertThrows(() => acquire.poll(), Closed);
    const atOnce = this.#mayTake(count);
    const polled = acquire.poll();
    assertEquals(polled !== Pending, atOnce);
    if (polled === Pending) this.waiters.push({ acquire, count, state: "waiting" });
    else this.held.push(polled), this.free -= count;
  }

  try(count: number): void {
    if (this.closed) return void assertThrows(() => this.semaphore.tryAcquire(count), Closed);
    const allowed = this.#mayTake(count);
    const permit = this.semaphore.tryAcquire(count);
    assertEquals(permit !== undefined, allowed);
    if (permit !== undefined) this.held.push(permit), this.free -= count;
  }

  #poll(waiter: Waiter): void {
    if (waiter.state === "waiting") return waiter.acquire.assertPending();
    this.waiters = this.waiters.filter((other) => other !== waiter);
    if (waiter.state === "closed") assertThrows(() => waiter.acquire.poll(), Closed);
    else this.held.push(waiter.acquire.take());
  }

  #drop(waiter: Waiter): void {
    this.waiters = this.waiters.filter((other) => other !== waiter);
    if (waiter.state === "granted") this.free += waiter.count;
    waiter.acquire.drop();
    this.#grant();
  }

  #release(pick: number): void {
    const [permit] = this.held.splice(pick % Math.max(this.held.length, 1), 1);
    if (permit === undefined) return;
    this.free += permit.count;
    permit.release();
    this.#grant();
  }

  #close(): void {
    this.closed = true;
    for (const waiter of this.waiters) if (waiter.state === "waiting") waiter.state = "closed";
    this.semaphore.close();
  }

  /** In order, as far as the permits reach, and not past the first who has to wait. */
  #grant(): void {
    for (const waiter of this.waiters) {
      if (waiter.state !== "waiting") continue;
      if (waiter.count > this.free) return;
      this.free -= waiter.count;
      waiter.state = "granted";
    }
  }

  check(): void {
    assertEquals(this.semaphore.available, this.free);
    const waiting = this.waiters.filter(({ state }) => state === "waiting");
    assertEquals(this.semaphore.waiting, waiting.length);
    for (const { acquire, state } of this.waiters) {
      assertEquals(acquire.woken, state !== "waiting", `woken when ${state}`);
      assertEquals(acquire.kept, state === "waiting" ? 1 : 0);
    }
  }

  /** Everybody gives up: all permits are back. */
  finish(): void {
    while (this.waiters.length > 0) this.#drop(this.waiters[0]);
    while (this.held.length > 0) this.#release(0);
    assertEquals(this.free, this.total);
    this.check();
  }
}

Deno.test("Semaphore: no permit is lost and nobody overtakes, whatever comes in whatever order", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const rig = new Rig();
      for (const command of commands) rig.run(command);
      rig.finish();
    }),
    { numRuns: 1000 },
  );
});
