import { type Context, currentContext, type Loop, type Rest } from "../core/context.ts";
import { Closed, PolledAfterReady } from "../core/errors.ts";
import { type Co, Future } from "../core/future.ts";
import { leaveBehind, takeOver } from "../core/leftovers.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { storeWaker, type Waker } from "../core/waker.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";
import type { JoinHandle } from "../task/join_handle.ts";
import { spawnOn } from "../task/spawn.ts";
import type { Ended, SpawnOptions } from "../task/task.ts";
import { Rests } from "../task/unwinding.ts";

/** Where a scope's children are spawned. */
export class Scope {
  #children = new Set<JoinHandle<unknown>>();
  #failure: { error: unknown } | undefined;
  #waker: Waker | undefined;
  #loop: Loop | undefined;
  #closed = false;

  /** How many children have not ended. */
  get size(): number {
    return this.#children.size;
  }

  /**
   * Starts a child task. Its error ends the whole scope, whether or not its handle is joined.
   *
   * @throws {Closed} when the scope has ended
   */
  spawn<T>(body: Spawnable<T>, options?: SpawnOptions<T>): JoinHandle<T> {
    if (this.#closed) throw new Closed("the scope");
    const onEnd = (ended: Ended<T>) => {
      this.#childEnded(handle, ended);
      options?.onEnd?.(ended);
    };
    this.#loop ??= currentContext().loop;
    const handle: JoinHandle<T> = spawnOn(this.#loop, body, { ...options, onEnd });
    this.#children.add(handle);
    return handle;
  }

  /** Ends every child; their cleanup runs before this returns. */
  abortAll(reason?: string): void {
    for (const child of this.#children) child.abort(reason);
  }

  /** For the scope's own futures. */
  get failure(): { error: unknown } | undefined {
    return this.#failure;
  }

  wakeWith(waker: Waker): void {
    this.#waker = storeWaker(this.#waker, waker);
  }

  /** Something in it went wrong: everything else is aborted. */
  fail(error: unknown): void {
    if (this.#failure === undefined) this.#failure = { error };
    else this.#loop?.orphan({ name: "a second task of a scope", error, claimed: false });
    this.abortAll("something else in the scope failed");
    this.#waker?.wakeByRef();
  }

  close(reason: string): void {
    this.#closed = true;
    this.abortAll(reason);
  }

  forgetWaker(): void {
    this.#waker?.drop();
    this.#waker = undefined;
  }

  #childEnded<T>(handle: JoinHandle<T>, ended: Ended<T>): void {
    this.#children.delete(handle);
    if (ended.how === "error") this.fail(ended.error);
    else if (this.#children.size === 0) this.#waker?.wakeByRef();
  }
}

class ScopeFuture<T> extends Future<T> {
  #scope = new Scope();
  #body: Future<T> | undefined;
  #value: T | undefined;
  #loop: Loop | undefined;
  #spent = false;
  /** What the body left behind when it was dropped because a child had failed. */
  #rests: Rests | undefined;

  constructor(body: (scope: Scope) => Co<T>) {
    super();
    this.#body = intoFuture(() => body(this.#scope));
  }

  poll(cx: Context): Poll<T> {
    if (this.#spent) throw new PolledAfterReady("a scope");
    const scope = this.#scope;
    this.#loop = cx.loop;
    scope.wakeWith(cx.waker);
    if (scope.failure === undefined) this.#pollBody(cx);
    if (scope.failure !== undefined) this.#dropBody("the scope failed");
    const waits = this.#body !== undefined || this.#isCleaningUp(cx);
    if (waits || scope.size > 0) return Pending;
    this.#spent = true;
    scope.close("the scope ended");
    scope.forgetWaker();
    if (scope.failure !== undefined) throw scope.failure.error;
    return this.#value as T;
  }

  override drop(): void {
    if (this.#spent) return;
    this.#spent = true;
    this.#scope.forgetWaker();
    this.#dropBody("the scope was dropped");
    const children = new Children(this.#scope);
    if (this.#rests !== undefined && !leaveBehind(this.#rests)) this.#rests.drop();
    if (this.#scope.size > 0) leaveBehind(children);
    else children.report(this.#loop);
  }

  #pollBody(cx: Context): void {
    if (this.#body === undefined) return;
    try {
      const polled = this.#body.poll(cx);
      if (polled === Pending) return;
      this.#value = polled;
    } catch (error) {
      this.#scope.fail(error);
    }
    this.#body = undefined;
  }

  /** Whether what the body left behind goes on. Its error is reported: the scope throws another. */
  #isCleaningUp(cx: Context): boolean {
    try {
      if (this.#rests?.poll(cx) === Pending) return true;
    } catch (error) {
      cx.loop.orphan({ name: "cleanup of a scope", error, claimed: false });
    }
    this.#rests = undefined;
    return false;
  }

  /** Ends what is left. Errors of its cleanup are reported: the scope throws another one. */
  #dropBody(reason: string): void {
    const body = this.#body;
    this.#body = undefined;
    if (body !== undefined) {
      const rests: Rest[] = [];
      try {
        takeOver(rests, () => body.drop());
      } catch (error) {
        this.#loop?.orphan({ name: "cleanup of a scope", error, claimed: false });
      }
      if (rests.length > 0) this.#rests = new Rests(rests);
    }
    this.#scope.close(reason);
  }
}

/** The wait for the children of a scope that was dropped. */
class Children extends Future<void> {
  #scope: Scope;

  constructor(scope: Scope) {
    super();
    this.#scope = scope;
  }

  poll(cx: Context): Poll<void> {
    this.#scope.wakeWith(cx.waker);
    if (this.#scope.size > 0) return Pending;
    this.#scope.forgetWaker();
    this.report(cx.loop);
  }

  /** Nobody is there to catch what a child threw while it was ended. */
  report(loop: Loop | undefined): void {
    const { failure } = this.#scope;
    if (failure === undefined) return;
    loop?.orphan({ name: "cleanup of a scope", error: failure.error, claimed: false });
  }
}

/**
 * Runs `body` and ends only when every task spawned into the scope has ended: nothing outlives
 * it, however it ends.
 *
 * When the body or a child throws, everything else in the scope is aborted, its cleanup runs, also
 * what is shielded in it, and the scope throws that first error. Aborting one child by its handle is not an error.
 *
 * Cancel safety: dropping the scope aborts body and children before it returns; whoever waits for
 * shielded cleanup around the scope waits for theirs, too.
 *
 * @throws whatever the body or a child threw first
 *
 * @example Both children are done when the scope is
 * ```ts
 * import { blockOn, scope, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const done: string[] = [];
 * await blockOn(function* () {
 *   yield* scope(function* (s) {
 *     s.spawn(function* () {
 *       yield* sleep(2);
 *       done.push("slow");
 *     });
 *     s.spawn(function* () {
 *       done.push("quick");
 *     });
 *   });
 * });
 * assertEquals(done, ["quick", "slow"]);
 * ```
 */
export function scope<T>(body: (scope: Scope) => Co<T>): Future<T> {
  return new ScopeFuture(body);
}
