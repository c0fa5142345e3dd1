import { type Context, currentContext, type Timers } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";
import { assertDuration } from "./duration.ts";
import { WakeTimer } from "./sleep.ts";

/** The innermost limit whose body is being polled right now; it knows the one around it. */
let innermost: Limit<unknown> | undefined;

/**
 * A body that is dropped at a deadline: what every timeout is, whatever it then answers.
 *
 * The body is polled before the clock is looked at. When several nested limits have passed by
 * then, the earliest of them strikes, and of equal ones the outermost: the inner ones leave it to
 * that one, which drops them in this same poll. So the body of an outer limit never goes on after
 * its own deadline because an inner one answered first.
 */
export abstract class Limit<T> extends Future<T> {
  readonly #timers: Timers;
  readonly #deadline: number;
  readonly #timer = new WakeTimer();
  #body: Future<T> | undefined;
  #around: Limit<unknown> | undefined;

  /** @throws {RangeError} when `deadline` is no number */
  constructor(deadline: number, body: Spawnable<T>) {
    super();
    assertDuration(deadline);
    this.#timers = currentContext().loop.timers;
    this.#deadline = deadline;
    this.#body = intoFuture(body);
  }

  /** The deadline has passed and the body was dropped. */
  protected abstract expire(): T;

  poll(cx: Context): Poll<T> {
    if (this.#body === undefined) throw new PolledAfterReady("a timeout");
    const polled = this.#pollBody(this.#body, cx);
    if (polled !== Pending) {
      this.#finish();
      return polled;
    }
    if (this.#timers.now >= this.#deadline && !this.#isPreceded()) {
      this.drop();
      return this.expire();
    }
    this.#timer.arm(this.#timers, this.#deadline, cx.waker);
    return Pending;
  }

  override drop(): void {
    this.#finish()?.drop();
  }

  #pollBody(body: Future<T>, cx: Context): Poll<T> {
    this.#around = innermost;
    innermost = this;
    try {
      return body.poll(cx);
    } catch (error) {
      this.#finish();
      throw error;
    } finally {
      innermost = this.#around;
      this.#around = undefined;
    }
  }

  /** Whether a limit around this one was due before it, or at the same time, on the same clock. */
  #isPreceded(): boolean {
    for (let limit = innermost; limit !== undefined; limit = limit.#around) {
      if (limit.#deadline <= this.#deadline && limit.#timers === this.#timers) return true;
    }
    return false;
  }

  #finish(): Future<T> | undefined {
    const body = this.#body;
    this.#body = undefined;
    this.#timer.disarm(this.#timers);
    return body;
  }
}
