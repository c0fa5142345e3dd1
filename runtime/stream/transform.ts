/** Adapters that look at one item at a time. */

import type { Context } from "../core/context.ts";
import { End, type Item, Pending, type Poll } from "../core/poll.ts";
import { Adapter, type Items, mustPause } from "./items.ts";

/** Every item, changed. */
export class Map<T, U> extends Adapter<T, U> {
  #change: (item: T) => U;

  constructor(upstream: Items<T>, change: (item: T) => U) {
    super(upstream);
    this.#change = change;
  }

  pollNext(cx: Context): Poll<Item<U>> {
    const item = this.upstream.pollNext(cx);
    if (item === Pending) return Pending;
    if (item === End) return End;
    return this.#change(item);
  }
}

/** What a {@link Select} answers for an item that is left out. */
export const Omitted: unique symbol = Symbol("Omitted");

/** Some of the items, changed. */
export class Select<T, U> extends Adapter<T, U> {
  #choose: (item: T) => U | typeof Omitted;

  constructor(upstream: Items<T>, choose: (item: T) => U | typeof Omitted) {
    super(upstream);
    this.#choose = choose;
  }

  pollNext(cx: Context): Poll<Item<U>> {
    do {
      const item = this.upstream.pollNext(cx);
      if (item === Pending) return Pending;
      if (item === End) return End;
      const chosen = this.#choose(item);
      if (chosen !== Omitted) return chosen;
    } while (!mustPause(cx));
    return Pending;
  }
}

/** The first items; what comes after them is not asked for. */
export class Take<T> extends Adapter<T, T> {
  #left: number;

  constructor(upstream: Items<T>, count: number) {
    super(upstream);
    this.#left = count;
  }

  pollNext(cx: Context): Poll<Item<T>> {
    if (this.#left === 0) return End;
    const item = this.upstream.pollNext(cx);
    if (item !== Pending) this.#left--;
    return item;
  }
}

/** The items before the first that is not wanted. */
export class TakeWhile<T> extends Adapter<T, T> {
  #wanted: (item: T) => boolean;

  constructor(upstream: Items<T>, wanted: (item: T) => boolean) {
    super(upstream);
    this.#wanted = wanted;
  }

  pollNext(cx: Context): Poll<Item<T>> {
    const item = this.upstream.pollNext(cx);
    if (item === Pending || item === End) return item;
    return this.#wanted(item) ? item : End;
  }
}
