import type { Context } from "../core/context.ts";
import type { Future } from "../core/future.ts";
import { End, type Item, Pending, type Poll } from "../core/poll.ts";
import { sleepUntil } from "../time/sleep.ts";
import { Fused } from "./fused.ts";
import { Adapter, type Items, mustPause } from "./items.ts";

/** The items in arrays: full ones, and fewer when time or the stream is at its end. */
export class Chunks<T> extends Adapter<T, T[]> {
  readonly #size: number;
  readonly #milliseconds: number;
  #chunk: T[] = [];
  /** Runs from the first item of a chunk. */
  #limit: Future<void> | undefined;

  /** Without `milliseconds` a chunk waits for ever until it is full. */
  constructor(upstream: Items<T>, size: number, milliseconds = Infinity) {
    super(new Fused(upstream)); // it is asked again after the chunk that its end made
    this.#size = size;
    this.#milliseconds = milliseconds;
  }

  pollNext(cx: Context): Poll<Item<T[]>> {
    do {
      const item = this.upstream.pollNext(cx);
      if (item === Pending) return this.#isLate(cx) ? this.#release() : Pending;
      if (item === End) return this.#chunk.length > 0 ? this.#release() : End;
      if (this.#chunk.push(item) === this.#size) return this.#release();
      if (this.#chunk.length === 1) this.#begin(cx);
    } while (!mustPause(cx));
    return Pending;
  }

  override drop(): void {
    this.#limit?.drop();
    this.upstream.drop();
  }

  #begin(cx: Context): void {
    if (this.#milliseconds === Infinity) return;
    this.#limit = sleepUntil(cx.loop.timers.read() + this.#milliseconds);
  }

  #isLate(cx: Context): boolean {
    return this.#limit !== undefined && this.#limit.poll(cx) !== Pending;
  }

  #release(): T[] {
    const chunk = this.#chunk;
    this.#chunk = [];
    this.#limit?.drop();
    this.#limit = undefined;
    return chunk;
  }
}
