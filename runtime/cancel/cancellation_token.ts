import type { Context, Loop } from "../core/context.ts";
import { Cancelled, Misuse, PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { callbackWaker, type Waker } from "../core/waker.ts";
import { WaitList, type WaitNode } from "../sync/wait_list.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";

/** Where a cancel can come from: a token above, or an `AbortSignal`. */
interface Upstream {
  /** Why it was cancelled; undefined as long as it was not. */
  readonly reason: string | undefined;
  /** Calls `onCancel` once when it is; what it returns undoes that. */
  subscribe(onCancel: () => void): () => void;
}

/** No orderly end asks a cancelled token so often whether it may go on. */
const MANY_REFUSALS = 10_000;

const DEFAULT_REASON = "its token was cancelled";

/** How a wait enters and leaves its token's list, which nobody else can. */
let join: (token: CancellationToken, waker: Waker) => WaitNode<undefined>;
let leave: (token: CancellationToken, node: WaitNode<undefined>) => void;

/**
 * A request to stop that any number of tasks can see, wait for, and pass on.
 *
 * Cancelling is idempotent: the first reason stays. A child is cancelled with its parent, and by
 * itself without it. A token holds only those who wait for it at this moment, and a child stands
 * in its parent's list only as long as somebody waits for the child; so tokens need no closing, and
 * a million waits and children leave nothing behind.
 *
 * @example Two workers, stopped together
 * ```ts
 * import { blockOn, CancellationToken, pending, spawn } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const reasons = await blockOn(function* () {
 *   const token = new CancellationToken();
 *   const work = () =>
 *     spawn(function* () {
 *       return yield* token.child().cancelled();
 *     });
 *   const workers = [work(), work()];
 *   token.cancel("enough");
 *   return [yield* workers[0], yield* workers[1]];
 * });
 * assertEquals(reasons, ["enough", "enough"]);
 * ```
 */
export class CancellationToken implements Upstream {
  #upstream: Upstream | undefined;
  #reason: string | undefined;
  #waiters: WaitList<undefined> = new WaitList();
  #unsubscribe: (() => void) | undefined;
  #controller: AbortController | undefined;
  #refusals = 0;

  static {
    join = (token, waker) => token.#join(waker);
    leave = (token, node) => token.#leave(node);
  }

  /** A token that is cancelled when `signal` aborts; it listens only while somebody waits. */
  static fromSignal(signal: AbortSignal): CancellationToken {
    const token = new CancellationToken();
    token.#upstream = new SignalUpstream(signal);
    return token;
  }

  /** A token that is cancelled with this one; cancelling it leaves this one alone. */
  child(): CancellationToken {
    const child = new CancellationToken();
    child.#upstream = this;
    return child;
  }

  get isCancelled(): boolean {
    return this.reason !== undefined;
  }

  /** Why it was cancelled, in the words of whoever did it first; undefined before. */
  get reason(): string | undefined {
    return this.#reason ??= this.#upstream?.reason;
  }

  /** How many wait for it at this moment, its children that are waited for included. */
  get waiting(): number {
    return this.#waiters.length;
  }

  /**
   * Cancels it and its children. Once more changes nothing.
   *
   * @throws whatever a callback of `subscribe` threw first; everyone else has been told nevertheless
   */
  cancel(reason: string = DEFAULT_REASON): void {
    if (this.isCancelled) return;
    this.#reason = reason;
    this.#tell();
  }

  /**
   * Waits until it is cancelled, and answers the reason.
   *
   * Cancel safety: safe; a dropped wait leaves nothing behind.
   */
  cancelled(): Future<string> {
    return new Wait(this);
  }

  /**
   * Runs `body` until it ends or the token is cancelled; then the body is dropped, and what it
   * shields goes on. When both happen at once, the cancel counts, so that a body which is always
   * ready ends, too; after a cancel it is not begun.
   *
   * Cancel safety: as the body's.
   *
   * @throws {Cancelled} with the token's reason; otherwise whatever the body throws
   *
   * @example
   * ```ts
   * import { blockOn, Cancelled, CancellationToken, pending } from "wakeful/runtime";
   * import { assertRejects } from "@std/assert";
   *
   * const token = new CancellationToken();
   * token.cancel("not needed");
   * await assertRejects(() => blockOn(() => token.run(pending())), Cancelled, "not needed");
   * ```
   */
  run<T>(body: Spawnable<T>): Future<T> {
    return new Run(this, intoFuture(body));
  }

  /** @throws {Cancelled} when it was cancelled */
  throwIfCancelled(): void {
    if (this.reason !== undefined) throw new Cancelled(this.reason);
  }

  /** As `throwIfCancelled`, for a run: whoever catches that and goes on and on is reported. */
  refuse(loop: Loop): never {
    if (++this.#refusals === MANY_REFUSALS) {
      const error = new Misuse(
        "A cancel was swallowed: something catches Cancelled in a loop and goes on; let it through",
      );
      loop.orphan({ name: `the token that was cancelled (${this.reason})`, error, claimed: false });
    }
    throw new Cancelled(this.reason!);
  }

  /** Calls `onCancel` once when it is cancelled, at once if it was; what it returns undoes that. */
  subscribe(onCancel: () => void): () => void {
    if (this.isCancelled) {
      onCancel();
      return () => {};
    }
    const node = this.#join(callbackWaker(onCancel));
    return () => this.#leave(node);
  }

  /** A guard that cancels the token when it is disposed of, unless it was disarmed. */
  dropGuard(): DropGuard {
    return new DropGuard(this);
  }

  /**
   * The token as an `AbortSignal`, for the platform; the same one at each call. From the first call
   * on somebody waits, until the token is cancelled: cancel a child that was made for one request
   * when the request has ended.
   */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = this.#controller = new AbortController();
      this.subscribe(() => controller.abort(new Cancelled(this.reason!)));
    }
    return this.#controller.signal;
  }

  /** Tells everyone, whatever a callback throws; then throws the first of that. */
  #tell(): void {
    let failure: { error: unknown } | undefined;
    while (this.#waiters.length > 0) {
      try {
        this.#waiters.notifyAll();
      } catch (error) {
        failure ??= { error };
      }
    }
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    if (failure !== undefined) throw failure.error;
  }

  #join(waker: Waker): WaitNode<undefined> {
    const first = this.#waiters.length === 0;
    const node = this.#waiters.join(undefined, waker);
    if (first) this.#unsubscribe = this.#upstream?.subscribe(() => this.#tell());
    return node;
  }

  #leave(node: WaitNode<undefined>): void {
    if (!node.leave() || this.#waiters.length > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }
}

/** Cancels a token when it is disposed of: `using guard = token.dropGuard()`. */
export class DropGuard {
  #token: CancellationToken | undefined;

  constructor(token: CancellationToken) {
    this.#token = token;
  }

  /** The token shall live on. */
  disarm(): void {
    this.#token = undefined;
  }

  [Symbol.dispose](): void {
    this.#token?.cancel("its guard was dropped");
  }
}

class SignalUpstream implements Upstream {
  #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get reason(): string | undefined {
    if (!this.#signal.aborted) return undefined;
    const { reason } = this.#signal;
    return reason instanceof Cancelled ? reason.reason : String(reason?.message ?? reason);
  }

  subscribe(onCancel: () => void): () => void {
    this.#signal.addEventListener("abort", onCancel, { once: true });
    return () => this.#signal.removeEventListener("abort", onCancel);
  }
}

class Wait extends Future<string> {
  #token: CancellationToken;
  #node: WaitNode<undefined> | undefined;
  #spent = false;

  constructor(token: CancellationToken) {
    super();
    this.#token = token;
  }

  poll(cx: Context): Poll<string> {
    if (this.#spent) throw new PolledAfterReady("cancelled()");
    const { reason } = this.#token;
    if (reason !== undefined) {
      this.drop();
      return reason;
    }
    if (this.#node?.waiting) this.#node.refresh(cx.waker);
    else this.#node = join(this.#token, cx.waker);
    return Pending;
  }

  override drop(): void {
    this.#spent = true;
    if (this.#node !== undefined) leave(this.#token, this.#node);
  }
}

class Run<T> extends Future<T> {
  #body: Future<T> | undefined;
  #cancelled: Future<string>;
  #token: CancellationToken;

  constructor(token: CancellationToken, body: Future<T>) {
    super();
    this.#token = token;
    this.#body = body;
    this.#cancelled = token.cancelled();
  }

  poll(cx: Context): Poll<T> {
    if (this.#body === undefined) throw new PolledAfterReady("a token's run()");
    const reason = this.#cancelled.poll(cx);
    if (reason !== Pending) {
      this.drop();
      this.#token.refuse(cx.loop);
    }
    return this.#pollBody(this.#body, cx);
  }

  override drop(): void {
    const body = this.#body;
    this.#body = undefined;
    this.#cancelled.drop();
    body?.drop();
  }

  #pollBody(body: Future<T>, cx: Context): Poll<T> {
    let polled: Poll<T> | undefined;
    try {
      polled = body.poll(cx);
      return polled;
    } finally {
      if (polled !== Pending) {
        this.#body = undefined;
        this.#cancelled.drop();
      }
    }
  }
}
