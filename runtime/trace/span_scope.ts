import type { Context, Outcome } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import type { SpanLife } from "./span_life.ts";

/** A body inside a span, which holds it open until the body has ended or is dropped. */
export class SpanScope<T> extends Future<T> {
  #life: SpanLife;
  #body: Future<T>;
  #ended = false;

  constructor(life: SpanLife, body: Future<T>) {
    super();
    this.#life = life;
    this.#body = body;
    life.begin();
  }

  poll(cx: Context): Poll<T> {
    if (this.#ended) throw new PolledAfterReady("a span's scope()");
    let outcome: Outcome | undefined;
    this.#life.enter();
    try {
      const polled = this.#body.poll(cx);
      if (polled !== Pending) outcome = "value";
      return polled;
    } catch (error) {
      outcome = this.#life.fail(error);
      throw error;
    } finally {
      this.#life.exit();
      if (outcome !== undefined) this.#end(outcome);
    }
  }

  override drop(): void {
    if (this.#ended) return;
    let outcome: Outcome = "aborted";
    this.#life.enter();
    try {
      this.#body.drop();
    } catch (error) {
      outcome = this.#life.fail(error);
      throw error;
    } finally {
      this.#life.exit();
      this.#end(outcome);
    }
  }

  /** Once, also when the body dropped its own scope while it was polled. */
  #end(outcome: Outcome): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#life.end(outcome);
  }
}
