import { type Co, type Future, ready } from "../core/future.ts";
import { End, type Item } from "../core/poll.ts";
import type { Spawnable } from "../task/coroutine.ts";
import { assertDuration } from "../time/duration.ts";
import { Buffered, BufferUnordered } from "./buffered.ts";
import { Chunks } from "./chunks.ts";
import { Drain } from "./drain.ts";
import { Fused } from "./fused.ts";
import { Next } from "./next.ts";
import { Chain, Merge, Zip } from "./several.ts";
import { assertCount, type Items } from "./items.ts";
import { Throttle, Timeout } from "./timing.ts";
import { AsyncItems, type Spawner } from "./to_async_iterable.ts";
import { Map, Omitted, Select, Take, TakeWhile } from "./transform.ts";

/**
 * Several values that will be there later, one after the other.
 *
 * Nothing happens until somebody asks: `next()` waits for one item and answers `End` when there
 * are no more, also if it is asked again. The adapters, from `map` on, take the stream over and
 * return a new one; the consumers, from `forEach` on, draw it to its end.
 *
 * An error of a source or of a function given to an adapter is thrown by `next()` once; then the
 * stream has ended. At its end, at an error and when it is dropped, a stream drops everything that
 * it holds before it returns, what runs inside first.
 *
 * Cancel safety: what an item needs lies in the stream, so a `next()` that is dropped loses none.
 * Dropping what a consumer returned drops the stream.
 *
 * A stream is no async iterable, because coroutines cannot use one; {@link toAsyncIterable} makes
 * one for code outside of tasks.
 *
 * @example The base form, and the short one
 * ```ts
 * import { blockOn, End, stream } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const seen: string[] = [];
 * await blockOn(function* () {
 *   const words = stream.from(["pull", "based"]);
 *   for (let word = yield* words.next(); word !== End; word = yield* words.next()) {
 *     seen.push(word);
 *   }
 *   const squares = stream.from([1, 2, 3, 4]).filter((n) => n > 1).map((n) => n * n);
 *   seen.push(...yield* squares.map(String).collect());
 * });
 * assertEquals(seen, ["pull", "based", "4", "9", "16"]);
 * ```
 */
export class Stream<T> extends Fused<T> {
  /**
   * Waits for the next item, or `End`.
   *
   * Cancel safety: safe; the item that a dropped wait would have had is the next one's.
   *
   * @throws {Busy} when somebody else waits for it, too
   */
  next(): Future<Item<T>> {
    return new Next(this);
  }

  /** Every item, changed by `change`. */
  map<U>(change: (item: T) => U): Stream<U> {
    return new Stream(new Map(this.intoItems(), change));
  }

  /** Every item, changed by a coroutine or future; the next one is asked for when it is ready. */
  mapAsync<U>(change: (item: T) => Co<U> | Future<U>): Stream<U> {
    return this.map(change).buffered(1);
  }

  /** The items for which `keep` answers true. */
  filter<S extends T>(keep: (item: T) => item is S): Stream<S>;
  filter(keep: (item: T) => boolean): Stream<T>;
  filter(keep: (item: T) => boolean): Stream<T> {
    return new Stream(new Select(this.intoItems(), (item) => keep(item) ? item : Omitted));
  }

  /** What `change` makes of the items, without those of which it makes `undefined`. */
  filterMap<U>(change: (item: T) => U | undefined): Stream<U> {
    const choose = (item: T) => {
      const changed = change(item);
      return changed === undefined ? Omitted : changed;
    };
    return new Stream(new Select<T, U>(this.intoItems(), choose));
  }

  /** Calls `look` with every item on its way. */
  inspect(look: (item: T) => void): Stream<T> {
    return this.map((item) => (look(item), item));
  }

  /** Every item with its number, from 0 up. */
  enumerate(): Stream<[index: number, item: T]> {
    let index = 0;
    return this.map((item) => [index++, item]);
  }

  /** For every item what `step` makes of it and of the result before, at first `initial`. */
  scan<A>(initial: A, step: (before: A, item: T) => A): Stream<A> {
    let result = initial;
    return this.map((item) => result = step(result, item));
  }

  /** The first `count` items; no more are asked for. */
  take(count: number): Stream<T> {
    assertCount(count, 0);
    return new Stream(new Take(this.intoItems(), count));
  }

  /** The items before the first for which `wanted` answers false; that one is lost. */
  takeWhile(wanted: (item: T) => boolean): Stream<T> {
    return new Stream(new TakeWhile(this.intoItems(), wanted));
  }

  /** The items after the first `count`. */
  skip(count: number): Stream<T> {
    assertCount(count, 0);
    let left = count;
    return this.filter(() => left === 0 || left-- < 0);
  }

  /** The items of this stream and then those of the others. */
  chain<U extends unknown[]>(...others: Streams<U>): Stream<T | U[number]> {
    return new Stream(new Chain(sourcesOf<T, U>(this, others)));
  }

  /**
   * The items of all, in the order in which they come; ends when all have. A stream that always
   * has an item takes turns with the others.
   */
  merge<U extends unknown[]>(...others: Streams<U>): Stream<T | U[number]> {
    return new Stream(new Merge(sourcesOf<T, U>(this, others)));
  }

  /** Pairs of an item of each; ends with the one that ends first. */
  zip<U>(other: Stream<U>): Stream<[T, U]> {
    return new Stream(new Zip(this.intoItems(), other.intoItems()));
  }

  /** The items in arrays of `size`; the last may be shorter. An error loses what was collected. */
  chunks(size: number): Stream<T[]> {
    assertCount(size, 1);
    return new Stream(new Chunks(this.intoItems(), size));
  }

  /**
   * As {@link chunks}, but `milliseconds` after its first item an array comes as it is. The time
   * is looked at when somebody waits for it.
   */
  chunksTimeout(size: number, milliseconds: number): Stream<T[]> {
    assertCount(size, 1);
    assertDuration(milliseconds);
    return new Stream(new Chunks(this.intoItems(), size, milliseconds));
  }

  /** At most one item in `milliseconds`: the next is asked for so long after the one before. */
  throttle(milliseconds: number): Stream<T> {
    assertDuration(milliseconds);
    return new Stream(new Throttle(this.intoItems(), milliseconds));
  }

  /**
   * Throws `TimedOut` when an item is not there within `milliseconds` of being asked for first,
   * however often that was given up and done again meanwhile. As with every error, the stream has
   * ended then; to go on, limit the wait: `timeout(ms, s.next())`.
   */
  timeout(milliseconds: number): Stream<T> {
    assertDuration(milliseconds);
    return new Stream(new Timeout(this.intoItems(), milliseconds));
  }

  /**
   * Runs the items, at most `limit` at once, and gives their results in the order of the items.
   * A result that waits for its turn counts. An error waits for its turn, too.
   *
   * @throws {TypeError} from `next()`, when an item cannot be run, such as a promise
   */
  buffered<U>(this: Stream<Spawnable<U>>, limit: number): Stream<U> {
    assertCount(limit, 1);
    return new Stream(new Buffered(this.intoItems(), limit));
  }

  /** As {@link buffered}, but the results come when they are there. */
  bufferUnordered<U>(this: Stream<Spawnable<U>>, limit: number): Stream<U> {
    assertCount(limit, 1);
    return new Stream(new BufferUnordered(this.intoItems(), limit));
  }

  /**
   * Calls `act` with every item, and runs the coroutine it may return before the next item.
   *
   * Cancel safety: not safe; dropped, it drops the coroutine that runs, and the stream.
   */
  forEach(act: (item: T) => Co<unknown> | Future<unknown> | void): Future<void> {
    return this.forEachConcurrent(1, act);
  }

  /** As {@link forEach}, with at most `limit` coroutines at once. */
  forEachConcurrent(
    limit: number,
    act: (item: T) => Co<unknown> | Future<unknown> | void,
  ): Future<void> {
    assertCount(limit, 1);
    const acts = this.map((item): Spawnable<unknown> => act(item) ?? ready(undefined));
    return new Drain(acts.bufferUnordered(limit), () => {});
  }

  /**
   * What `step` makes of all items, beginning with `initial`.
   *
   * Cancel safety: not safe; dropped, it drops the stream, and what was made so far.
   */
  fold<A>(initial: A, step: (before: A, item: T) => A): Future<A> {
    let result = initial;
    const steps = this.inspect((item) => result = step(result, item));
    return new Drain(steps, () => result);
  }

  /** All items. Cancel safety: as {@link fold}. */
  collect(): Future<T[]> {
    return this.fold<T[]>([], (all, item) => (all.push(item), all));
  }

  /** How many items there are. Cancel safety: as {@link fold}. */
  count(): Future<number> {
    return this.fold(0, (count) => count + 1);
  }

  /**
   * The first item, or `End`; the others are not asked for.
   *
   * Cancel safety: safe, but dropped, it drops the stream.
   */
  first(): Future<Item<T>> {
    return this.take(1).fold<Item<T>>(End, (_none, item) => item);
  }

  /**
   * The stream for `for await` outside of tasks, whose waits run on `spawner`: a runtime or its
   * handle. `break` drops the stream. One item is to be asked for at a time.
   *
   * The way to the platform's streams: `ReadableStream.from(items.toAsyncIterable(runtime))`.
   *
   * @throws {Busy} when one is asked for while another is waited for
   *
   * @example
   * ```ts
   * import { Runtime, stream } from "wakeful/runtime";
   * import { assertEquals } from "@std/assert";
   *
   * using runtime = Runtime.builder().build();
   * const seen: number[] = [];
   * for await (const n of stream.from([1, 2, 3, 4]).toAsyncIterable(runtime)) {
   *   if (n === 3) break;
   *   seen.push(n);
   * }
   * assertEquals(seen, [1, 2]);
   * ```
   */
  toAsyncIterable(spawner: Spawner): AsyncIterableIterator<T, undefined> {
    return new AsyncItems(new Fused(this.intoItems()), spawner);
  }
}

/** A stream for each of several types of items. */
type Streams<U extends unknown[]> = { [I in keyof U]: Stream<U[I]> };

function sourcesOf<T, U extends unknown[]>(
  first: Stream<T>,
  others: Streams<U>,
): Items<T | U[number]>[] {
  return [first, ...others].map((stream) => stream.intoItems());
}
