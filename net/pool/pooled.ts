import { Misuse } from "../../runtime/mod.ts";

/** A connection that a pool has handed out; it goes back at the end of a `using` block. */
export class Pooled<T> {
  #value: T;
  #giveBack: ((reusable: boolean) => void) | undefined;

  /** For the pool: `giveBack` is called once. */
  constructor(value: T, giveBack: (reusable: boolean) => void) {
    this.#value = value;
    this.#giveBack = giveBack;
  }

  /**
   * The connection.
   *
   * @throws {Misuse} when it was given back: somebody else may be using it by now
   */
  get value(): T {
    if (this.#giveBack !== undefined) return this.#value;
    throw new Misuse("Cannot use a pooled connection that was given back: get() another");
  }

  /** Gives the connection back, to be used again; once more is a no-op. */
  release(): void {
    this.#end(true);
  }

  /** Gives back a connection that broke, or is in a state that nobody knows: it is closed. */
  discard(): void {
    this.#end(false);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  #end(reusable: boolean): void {
    const giveBack = this.#giveBack;
    this.#giveBack = undefined;
    giveBack?.(reusable);
  }
}
