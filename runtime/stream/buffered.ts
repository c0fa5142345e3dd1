/** Adapters that run the items of a stream: several at once, and never more than a limit. */

import { dropAll } from "../combine/drop_all.ts";
import { FuturesUnordered } from "../combine/futures_unordered.ts";
import type { Context, Loop } from "../core/context.ts";
import { Future } from "../core/future.ts";
import { End, type Item, Pending, type Poll } from "../core/poll.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";
import { Fused } from "./fused.ts";
import { Adapter, type Items } from "./items.ts";

abstract class Buffer<T> extends Adapter<Spawnable<T>, T> {
  readonly #limit: number;

  constructor(upstream: Items<Spawnable<T>>, limit: number) {
    super(new Fused(upstream)); // it is asked again while the last ones run
    this.#limit = limit;
  }

  protected abstract readonly size: number;
  protected abstract add(future: Future<T>): void;

  /** Adds futures up to the limit. `End` when there are no more, else `Pending`. */
  protected fill(cx: Context): typeof Pending | typeof End {
    while (this.size < this.#limit) {
      const item = this.upstream.pollNext(cx);
      if (item === Pending || item === End) return item;
      this.add(intoFuture(item));
    }
    return Pending;
  }
}

/** Results in the order in which they are there. */
export class BufferUnordered<T> extends Buffer<T> {
  #running = new FuturesUnordered<T>();

  pollNext(cx: Context): Poll<Item<T>> {
    const rest = this.fill(cx);
    const done = this.#running.pollNext(cx);
    return done === End ? rest : done;
  }

  override drop(): void {
    dropAll([this.#running, this.upstream]);
  }

  protected get size(): number {
    return this.#running.size;
  }

  protected add(future: Future<T>): void {
    this.#running.push(future);
  }
}

/** The place of one result: a future that is ready, with itself, when the result is there. */
class Place<T> extends Future<Place<T>> {
  #future: Future<T>;
  #outcome: { value: T } | { error: unknown; loop: Loop } | undefined;

  constructor(future: Future<T>) {
    super();
    this.#future = future;
  }

  poll(cx: Context): Poll<Place<T>> {
    try {
      const value = this.#future.poll(cx);
      if (value === Pending) return Pending;
      this.#outcome = { value };
    } catch (error) {
      this.#outcome = { error, loop: cx.loop };
    }
    return this;
  }

  get finished(): boolean {
    return this.#outcome !== undefined;
  }

  /** The value it came to, or its error, thrown. */
  take(): T {
    const outcome = this.#outcome!;
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }

  /** An error whose turn will not come is reported. */
  override drop(): void {
    const outcome = this.#outcome;
    if (outcome === undefined) return this.#future.drop();
    if (!("error" in outcome)) return;
    const { error, loop } = outcome;
    loop.orphan({ name: "a buffered future", error, claimed: false });
  }
}

/** Results in the order of the items; an error, too, waits for its turn. */
export class Buffered<T> extends Buffer<T> {
  /** The results that have not been given out, there or not, in order. */
  #places: Place<T>[] = [];
  #running = new FuturesUnordered<Place<T>>();

  pollNext(cx: Context): Poll<Item<T>> {
    const rest = this.fill(cx);
    let done: Poll<Item<Place<T>>>;
    do done = this.#running.pollNext(cx); while (done !== Pending && done !== End);
    if (this.#places.length === 0) return rest;
    if (!this.#places[0].finished) return Pending;
    return this.#places.shift()!.take();
  }

  override drop(): void {
    const finished = this.#places.filter((place) => place.finished);
    this.#places = [];
    dropAll([this.#running, ...finished, this.upstream]);
  }

  protected get size(): number {
    return this.#places.length;
  }

  protected add(future: Future<T>): void {
    const place = new Place(future);
    this.#places.push(place);
    this.#running.push(place);
  }
}
