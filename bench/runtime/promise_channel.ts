/** A bounded channel as one writes it with promises: the reference for ours. */
import { Ring } from "../../runtime/collections/ring.ts";

export class PromiseChannel<T> {
  #capacity: number;
  #values = new Ring<T>();
  #takers = new Ring<(value: T) => void>();
  #givers = new Ring<() => void>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Resolves when there is room; a value that waits for it stands in the queue already. */
  send(value: T): Promise<void> {
    const taker = this.#takers.shift();
    if (taker !== undefined) {
      taker(value);
      return Promise.resolve();
    }
    this.#values.push(value);
    if (this.#values.length <= this.#capacity) return Promise.resolve();
    return new Promise((resolve) => this.#givers.push(resolve));
  }

  recv(): Promise<T> {
    if (this.#values.length === 0) return new Promise((resolve) => this.#takers.push(resolve));
    const value = this.#values.shift()!;
    this.#givers.shift()?.();
    return Promise.resolve(value);
  }
}
