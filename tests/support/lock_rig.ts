import fc from "./fast_check.ts";
import { type Future, Pending } from "wakeful/runtime";
import { assert, assertEquals } from "./assert.ts";
import { type HandPoll, handPoll } from "./hand_poll.ts";

export type Kind = "read" | "write";

/** What every guard has. */
export interface AnyGuard {
  readonly value: Ledger;
  unlock(): void;
}

/** What the lock protects: who is inside, as those see it who are inside. */
export interface Ledger {
  readers: number;
  writers: number;
}

/** A lock under test, whatever its class. */
export interface AnyLock {
  lock(kind: Kind): Future<AnyGuard>;
  tryLock(kind: Kind): AnyGuard | undefined;
  /** A write guard as a read guard. */
  downgrade(guard: AnyGuard): AnyGuard;
}

export type LockCommand =
  | { act: "lock" | "try"; kind: Kind }
  | { act: "poll" | "drop" | "unlock" | "downgrade"; pick: number };

interface Waiter {
  readonly wait: HandPoll<AnyGuard>;
  readonly kind: Kind;
  granted: boolean;
}

interface Holder {
  readonly guard: AnyGuard;
  kind: Kind;
}

const pick = fc.nat(20);

/** Commands for a lock that knows these kinds of access. */
export function lockCommands(...kinds: Kind[]): fc.Arbitrary<LockCommand[]> {
  const kind = fc.constantFrom(...kinds);
  const command: fc.Arbitrary<LockCommand> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ act: fc.constant("lock" as const), kind }) },
    { weight: 2, arbitrary: fc.record({ act: fc.constant("try" as const), kind }) },
    { weight: 5, arbitrary: fc.record({ act: fc.constant("poll" as const), pick }) },
    { weight: 3, arbitrary: fc.record({ act: fc.constant("drop" as const), pick }) },
    { weight: 6, arbitrary: fc.record({ act: fc.constant("unlock" as const), pick }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant("downgrade" as const), pick }) },
  );
  return fc.array(command, { maxLength: 60 });
}

/** A lock beside its model: one queue, and those who hold it. */
export class LockRig {
  #lock: AnyLock;
  #waiters: Waiter[] = [];
  #holders: Holder[] = [];

  constructor(lock: AnyLock) {
    this.#lock = lock;
  }

  run(command: LockCommand): void {
    switch (command.act) {
      case "lock":
        return this.#begin(command.kind);
      case "try":
        return this.#try(command.kind);
      case "poll":
        return this.#poll(this.#waiters[command.pick % this.#waiters.length]);
      case "drop":
        return this.#drop(this.#waiters[command.pick % this.#waiters.length]);
      case "unlock":
        return this.#unlock(this.#holders[command.pick % this.#holders.length]);
      case "downgrade":
        return this.#downgrade(this.#holders[command.pick % this.#holders.length]);
    }
  }

  /** Everybody leaves; then it is free again. */
  finish(kind: Kind): void {
    while (this.#waiters.length > 0) this.#drop(this.#waiters[0]);
    while (this.#holders.length > 0) this.#unlock(this.#holders[0]);
    assert(this.#lock.tryLock(kind) !== undefined, "nobody holds it, and yet it is locked");
  }

  /** Whether the lock could be given to one more, beside those who have it or were granted it. */
  #free(kind: Kind): boolean {
    const inside = [...this.#holders, ...this.#waiters.filter((waiter) => waiter.granted)];
    return kind === "read" ? inside.every((one) => one.kind === "read") : inside.length === 0;
  }

  #mayEnter(kind: Kind): boolean {
    return this.#free(kind) && this.#waiters.every((waiter) => waiter.granted);
  }

  #begin(kind: Kind): void {
    const wait = handPoll(this.#lock.lock(kind));
    const atOnce = this.#mayEnter(kind);
    const polled = wait.poll();
    assertEquals(polled !== Pending, atOnce, `${kind} at once`);
    if (polled === Pending) this.#waiters.push({ wait, kind, granted: false });
    else this.#enter(polled, kind);
    this.#check();
  }

  #try(kind: Kind): void {
    const allowed = this.#mayEnter(kind);
    const guard = this.#lock.tryLock(kind);
    assertEquals(guard !== undefined, allowed, `try to ${kind}`);
    if (guard !== undefined) this.#enter(guard, kind);
    this.#check();
  }

  #poll(waiter: Waiter | undefined): void {
    if (waiter === undefined) return;
    if (!waiter.granted) return waiter.wait.assertPending();
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    this.#enter(waiter.wait.take(), waiter.kind);
    this.#check();
  }

  #drop(waiter: Waiter | undefined): void {
    if (waiter === undefined) return;
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    waiter.wait.drop();
    this.#grant();
  }

  #enter(guard: AnyGuard, kind: Kind): void {
    this.#holders.push({ guard, kind });
    const ledger = guard.value;
    kind === "read" ? ledger.readers++ : ledger.writers++;
    assert(ledger.writers === 0 || ledger.writers + ledger.readers === 1, JSON.stringify(ledger));
  }

  #unlock(holder: Holder | undefined): void {
    if (holder === undefined) return;
    this.#holders = this.#holders.filter((other) => other !== holder);
    const ledger = holder.guard.value;
    holder.kind === "read" ? ledger.readers-- : ledger.writers--;
    holder.guard.unlock();
    this.#grant();
  }

  #downgrade(holder: Holder | undefined): void {
    if (holder?.kind !== "write") return;
    const ledger = holder.guard.value;
    ledger.writers--;
    ledger.readers++;
    const guard = this.#lock.downgrade(holder.guard);
    this.#holders = [{ guard, kind: "read" }];
    this.#grant();
  }

  /** In order, and not past the first who has to wait. */
  #grant(): void {
    for (const waiter of this.#waiters) {
      if (waiter.granted) continue;
      if (!this.#free(waiter.kind)) break;
      waiter.granted = true;
    }
    this.#check();
  }

  /** Exactly those whose turn it is were woken; the others, and nobody else, are kept in mind. */
  #check(): void {
    for (const { wait, granted } of this.#waiters) {
      assertEquals([wait.woken, wait.kept], [granted, granted ? 0 : 1]);
    }
  }
}
