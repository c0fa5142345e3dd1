import { Context, countingWaker, Future, Pending, type Poll } from "wakeful/runtime";
import { refillBudget } from "../../runtime/core/context.ts";
import { assert, assertEquals } from "./assert.ts";
import { FakeLoop } from "./fake_loop.ts";

/** One future, polled by hand: pending → something happens → woken → ready. */
export class HandPoll<T> {
  readonly future: Future<T>;
  readonly loop: FakeLoop;
  readonly context: Context;
  #count: ReturnType<typeof countingWaker>["count"];
  #seen = 0;

  constructor(future: Future<T> | (() => Future<T>), loop: FakeLoop = new FakeLoop()) {
    const { waker, count } = countingWaker();
    this.loop = loop;
    this.#count = count;
    this.context = new Context(waker, loop);
    this.future = future instanceof Future ? future : loop.inside(future);
  }

  poll(): Poll<T> {
    this.#seen = this.#count.wakes;
    refillBudget();
    return this.future.poll(this.context);
  }

  /** Whether it was woken since the last poll began. */
  get woken(): boolean {
    return this.wakes > 0;
  }

  /** How often it was woken since the last poll began. */
  get wakes(): number {
    return this.#count.wakes - this.#seen;
  }

  /** Handles of its waker that somebody keeps. */
  get kept(): number {
    return this.#count.handles - 1;
  }

  drop(): void {
    this.future.drop();
  }

  assertPending(): void {
    assert(this.poll() === Pending, "expected the future to be pending");
  }

  assertReady(value: T): void {
    const polled = this.poll();
    assert(polled !== Pending, "expected the future to be ready");
    assertEquals(polled, value);
  }

  /** It is ready, and this is its value. */
  take(): T {
    const polled = this.poll();
    assert(polled !== Pending, "expected the future to be ready");
    return polled;
  }
}

/** Wraps a future, or what makes one, for polling by hand. */
export function handPoll<T>(
  future: Future<T> | (() => Future<T>),
  loop?: FakeLoop,
): HandPoll<T> {
  return new HandPoll(future, loop);
}
