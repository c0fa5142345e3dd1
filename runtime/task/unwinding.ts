import { type Context, refillBudget, type Rest, swapContext } from "../core/context.ts";
import { YieldedInCleanup } from "../core/errors.ts";
import { type Co, Future } from "../core/future.ts";
import { cutShort, isCutShort, leaveBehind, takeOver } from "../core/leftovers.ts";
import { Pending, type Poll } from "../core/poll.ts";

/** A finally block that waits in a loop is left after this many waits, so that dropping ends. */
const MAX_WAITS_IN_CLEANUP = 64;

/** Polls several to their end, and throws the first error only then; the others are reported. */
export class Rests extends Future<void> {
  #rests: Rest[];
  #failure: { error: unknown } | undefined;

  constructor(rests: Rest[]) {
    super();
    this.#rests = rests;
  }

  poll(cx: Context): Poll<void> {
    this.#rests = this.#rests.filter((rest) => this.#isPending(rest, cx));
    if (this.#rests.length > 0) return Pending;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /**
   * Cleanup cannot be cancelled: somebody else takes it over, unless it has to end at once. Throws
   * the first error only after that.
   */
  override drop(): void {
    let failure = this.#failure;
    const rests = this.#rests;
    this.#rests = [];
    this.#failure = undefined;
    for (const rest of rests) {
      try {
        if (!leaveBehind(rest)) rest.drop();
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== undefined) throw failure.error;
  }

  #isPending(rest: Rest, cx: Context): boolean {
    try {
      return rest.poll(cx) === Pending;
    } catch (error) {
      if (this.#failure === undefined) this.#failure = { error };
      else cx.loop.orphan({ name: "cleanup", error, claimed: false });
      return false;
    }
  }
}

/**
 * The rest of a coroutine that was dropped while something in it is shielded: it waits for that,
 * goes on unwinding, and so on until the last finally block has run, inner first.
 */
export class Unwinding extends Future<void> {
  #generator: Co<unknown>;
  /** How to go on once what was left behind is done. */
  #resume: "return" | "next" = "return";
  #waitsFor: Rests | undefined;
  /** What its last finally block threw, while it waits for what was left behind in there. */
  #failure: { error: unknown } | undefined;

  constructor(generator: Co<unknown>) {
    super();
    this.#generator = generator;
  }

  /** Unwinds as far as it goes now; true when there is nothing to wait for. */
  step(): boolean {
    const rests: Rest[] = [];
    const before = refillBudget(Infinity);
    try {
      const done = this.#advance(rests);
      if (rests.length === 0) return this.#end(done);
    } finally {
      refillBudget(before);
    }
    // A shielded part of a finally block has put itself in the list, and goes on where it stands.
    this.#resume = rests.some((rest) => rest instanceof ShieldedCleanup) ? "next" : "return";
    this.#waitsFor = new Rests(rests);
    return false;
  }

  poll(cx: Context): Poll<void> {
    const outer = swapContext(cx);
    try {
      do {
        if (this.#isHeldUp(cx)) return Pending;
      } while (!this.step());
    } finally {
      swapContext(outer);
    }
  }

  /** Ends it now: nothing is waited for any more. */
  override drop(): void {
    cutShort(() => {
      try {
        this.#waitsFor?.drop();
      } finally {
        this.#force();
      }
    });
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #isHeldUp(cx: Context): boolean {
    try {
      return this.#waitsFor!.poll(cx) === Pending;
    } catch (error) { // the finally blocks around it still have to run
      cx.loop.orphan({ name: "shielded work after a cancel", error, claimed: false });
      return false;
    }
  }

  /** Goes on to the next wait, or to the end; then true. What is left behind goes to `rests`. */
  #advance(rests: Rest[]): boolean {
    try {
      const step = takeOver(rests, () => this.#generator[this.#resume](undefined));
      if (step.done || rests.length > 0 || this.#resume === "return") return step.done === true;
      // A generator that delegates to the one that waited in its finally block takes the end of
      // that for an ordinary one and goes on, as far as its next await. There the cancel is renewed.
      return takeOver(rests, () => this.#generator.return(undefined)).done === true;
    } catch (error) {
      this.#failure = { error };
      return true;
    }
  }

  /** Nothing was left to wait for: it has ended, or waits where it may not. */
  #end(done: boolean): true {
    if (!done) this.#force();
    if (this.#failure !== undefined) throw this.#failure.error;
    if (!done && !isCutShort()) throw new YieldedInCleanup();
    return true;
  }

  /** Runs every finally block that is left, also those outside of one that tries to wait. */
  #force(): void {
    cutShort(() => {
      for (let waits = 0; waits <= MAX_WAITS_IN_CLEANUP; waits++) {
        if (this.#generator.return(undefined).done) return;
      }
    });
  }
}

/** The wait for a shielded part of a finally block. */
export class ShieldedCleanup extends Future<void> {
  #done: (cx: Context) => boolean;

  constructor(done: (cx: Context) => boolean) {
    super();
    this.#done = done;
  }

  poll(cx: Context): Poll<void> {
    return this.#done(cx) ? undefined : Pending;
  }
}
