import type { Outcome } from "../core/context.ts";
import type { Clock } from "../time/clock.ts";
import type { SpanHook } from "./layer.ts";

const WORST_FIRST: readonly Outcome[] = ["error", "aborted", "value"];

/**
 * A span from its making to its close: who is inside, for how long, and how that ended.
 *
 * Several stays may overlap and interrupt each other; the last to end closes the span. Stays after
 * the close are allowed and change nothing.
 */
export class SpanLife {
  #clock: Clock;
  #tell: ((hook: SpanHook) => void) | undefined;
  /** Stays that have not ended, and how many of them run at this moment. */
  #open = 0;
  #depth = 0;
  #began: number;
  #enteredAt = 0;
  #duration: number | undefined;
  #busy = 0;
  #worst: Outcome = "value";
  #error: unknown;

  /** @param tell tells the layers; none when no layer wants to hear of this span */
  constructor(clock: Clock, tell: ((hook: SpanHook) => void) | undefined) {
    this.#clock = clock;
    this.#tell = tell;
    this.#began = clock.now();
  }

  get duration(): number {
    return this.#duration ?? this.#clock.now() - this.#began;
  }

  get busy(): number {
    return this.#busy;
  }

  get outcome(): Outcome | undefined {
    return this.#duration === undefined ? undefined : this.#worst;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Tells the layers, up to the close. */
  tell(hook: SpanHook): void {
    this.#tell?.(hook);
  }

  /** One more stay holds the span open. */
  begin(): void {
    this.#open++;
  }

  /** A stay begins to run. */
  enter(): void {
    if (this.#depth++ > 0 || this.#tell === undefined) return;
    this.#enteredAt = this.#clock.now();
    this.#tell("onEnter");
  }

  /** A stay stops running. */
  exit(): void {
    if (--this.#depth > 0 || this.#tell === undefined) return;
    this.#busy += this.#clock.now() - this.#enteredAt;
    this.#tell("onExit");
  }

  /** An error comes out of a stay, which ends with this outcome. */
  fail(error: unknown): Outcome {
    if (this.#duration === undefined) this.#error ??= error;
    return "error";
  }

  /** A stay has ended. */
  end(outcome: Outcome): void {
    this.#open--;
    if (this.#duration !== undefined) return;
    this.#worst = WORST_FIRST.find((word) => word === outcome || word === this.#worst)!;
    if (this.#open > 0) return;
    this.#duration = this.duration;
    this.#tell?.("onClose");
    this.#tell = undefined;
  }
}
