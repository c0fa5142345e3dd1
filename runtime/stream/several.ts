/** Adapters that draw from several streams. */

import type { Context } from "../core/context.ts";
import { Future } from "../core/future.ts";
import { End, type Item, Pending, type Poll } from "../core/poll.ts";
import { dropAll } from "../combine/drop_all.ts";
import { FuturesUnordered } from "../combine/futures_unordered.ts";
import { Fused } from "./fused.ts";
import { Items } from "./items.ts";

/** One source after the other. */
export class Chain<T> extends Items<T> {
  #sources: Items<T>[];

  constructor(sources: Items<T>[]) {
    super();
    this.#sources = sources;
  }

  pollNext(cx: Context): Poll<Item<T>> {
    for (;;) {
      const item = this.#sources[0].pollNext(cx);
      if (item !== End || this.#sources.length === 1) return item;
      this.#sources.shift()!.drop();
    }
  }

  override drop(): void {
    dropAll(this.#sources);
  }
}

/** A source of a merge as a future that is ready, with itself, at each of its items. */
class Arm<T> extends Future<Arm<T>> {
  item: Item<T> = End;
  #source: Fused<T>;

  constructor(source: Items<T>) {
    super();
    this.#source = new Fused(source);
  }

  poll(cx: Context): Poll<Arm<T>> {
    const item = this.#source.pollNext(cx);
    if (item === Pending) return Pending;
    this.item = item;
    return this;
  }

  override drop(): void {
    this.#source.drop();
  }
}

/** Several sources at once. One that has given an item goes to the end of the queue. */
export class Merge<T> extends Items<T> {
  #arms = new FuturesUnordered<Arm<T>>();

  constructor(sources: Items<T>[]) {
    super();
    for (const source of sources) this.#arms.push(new Arm(source));
  }

  pollNext(cx: Context): Poll<Item<T>> {
    for (;;) {
      const arm = this.#arms.pollNext(cx);
      if (arm === Pending || arm === End) return arm;
      if (arm.item === End) continue;
      this.#arms.push(arm);
      return arm.item;
    }
  }

  override drop(): void {
    this.#arms.drop();
  }
}

/** The items of two sources in pairs. */
export class Zip<T, U> extends Items<[T, U]> {
  #left: Items<T>;
  #right: Items<U>;
  /** The item, or the end, of one that waits for the other. */
  #first: Poll<Item<T>> = Pending;
  #second: Poll<Item<U>> = Pending;

  constructor(left: Items<T>, right: Items<U>) {
    super();
    this.#left = left;
    this.#right = right;
  }

  pollNext(cx: Context): Poll<Item<[T, U]>> {
    if (this.#first === Pending) this.#first = this.#left.pollNext(cx);
    if (this.#first === End) return End;
    if (this.#second === Pending) this.#second = this.#right.pollNext(cx);
    if (this.#second === End) return End;
    if (this.#first === Pending || this.#second === Pending) return Pending;
    const pair: [T, U] = [this.#first, this.#second];
    this.#first = this.#second = Pending;
    return pair;
  }

  override drop(): void {
    dropAll([this.#left, this.#right]);
  }
}
