import { type Binding, bindingOf, currentBindings, swapBindings } from "../core/bindings.ts";
import type { Context } from "../core/context.ts";
import { Misuse } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import type { Poll } from "../core/poll.ts";
import { intoFuture, type Spawnable } from "./coroutine.ts";

/**
 * A value that belongs to the part of a task that runs inside its scope, across every await.
 *
 * Inner scopes shadow outer ones, for their own length. A spawned task begins without any: what it
 * shall know is handed to it, or bound again in its body.
 *
 * @example A request's number, known to everything it calls
 * ```ts
 * import { blockOn, sleep, TaskLocal } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const request = new TaskLocal<number>("request");
 * function* handler() {
 *   yield* sleep(1);
 *   return `request ${request.get()}`;
 * }
 * const answer = await blockOn(() => request.scope(7, handler));
 * assertEquals(answer, "request 7");
 * assertEquals(request.tryGet(), undefined);
 * ```
 */
export class TaskLocal<T> {
  /** @param name for the error that says it is missing */
  constructor(readonly name: string) {}

  /**
   * Binds `value` while `body` is polled, and while its cleanup runs.
   *
   * Cancel safety: as the body's.
   */
  scope<R>(value: T, body: Spawnable<R>): Future<R> {
    return new Bound(this, value, body);
  }

  /** Binds `value` while `body`, a plain function, runs. */
  syncScope<R>(value: T, body: () => R): R {
    const before = swapBindings({ key: this, value, outer: currentBindings() });
    try {
      return body();
    } finally {
      swapBindings(before);
    }
  }

  /** @throws {Misuse} when nothing is bound here */
  get(): T {
    const binding = bindingOf(this);
    if (binding === undefined) throw new Misuse(unbound(this.name));
    return binding.value as T;
  }

  /** The value, or undefined when nothing is bound here. */
  tryGet(): T | undefined {
    return bindingOf(this)?.value as T | undefined;
  }

  /** Calls `use` with the value. @throws {Misuse} when nothing is bound here */
  with<R>(use: (value: T) => R): R {
    return use(this.get());
  }
}

function unbound(name: string): string {
  return `The task-local ${name} is not bound here: run the code inside its scope(), and bind it ` +
    "again in a spawned task";
}

class Bound<T> extends Future<T> {
  #key: object;
  #value: unknown;
  /** A function is called at the first poll, inside the scope. */
  #body: Spawnable<T>;
  #binding: Binding | undefined;

  constructor(key: object, value: unknown, body: Spawnable<T>) {
    super();
    this.#key = key;
    this.#value = value;
    this.#body = typeof body === "function" ? body : intoFuture(body);
  }

  poll(cx: Context): Poll<T> {
    const before = this.#enter();
    try {
      if (!(this.#body instanceof Future)) this.#body = intoFuture(this.#body);
      return this.#body.poll(cx);
    } finally {
      swapBindings(before);
    }
  }

  override drop(): void {
    if (!(this.#body instanceof Future)) return;
    const before = this.#enter();
    try {
      this.#body.drop();
    } finally {
      swapBindings(before);
    }
  }

  /** Extends the chain that is current now, which is nearly always the one of the last poll. */
  #enter(): Binding | undefined {
    const outer = currentBindings();
    if (this.#binding === undefined || this.#binding.outer !== outer) {
      this.#binding = { key: this.#key, value: this.#value, outer };
    }
    return swapBindings(this.#binding);
  }
}
