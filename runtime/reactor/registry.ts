import { Slab } from "../collections/slab.ts";
import { type Interest, READABLE, type Readiness, type Token, WRITABLE } from "../core/io.ts";
import { storeWaker, type Waker } from "../core/waker.ts";
import type { Registrar } from "./driver.ts";

/**
 * Who waits for one source, in each direction. An event wakes once; the waker stays behind, since
 * the next wait is most likely the same task's.
 */
class Registration {
  #reader: Waker | undefined;
  #writer: Waker | undefined;
  #readerWaits = false;
  #writerWaits = false;

  arm(interest: Interest, waker: Waker): void {
    if (interest === READABLE) {
      this.#reader = storeWaker(this.#reader, waker);
      this.#readerWaits = true;
    } else {
      this.#writer = storeWaker(this.#writer, waker);
      this.#writerWaits = true;
    }
  }

  /** Wakes whoever waits in this direction; false when nobody does. */
  wake(interest: Interest): boolean {
    if (interest === READABLE) {
      if (!this.#readerWaits) return false;
      this.#readerWaits = false;
      this.#reader!.wakeByRef();
    } else {
      if (!this.#writerWaits) return false;
      this.#writerWaits = false;
      this.#writer!.wakeByRef();
    }
    return true;
  }

  end(): void {
    this.wake(READABLE);
    this.wake(WRITABLE);
    this.#reader?.drop();
    this.#writer?.drop();
  }
}

/**
 * Tokens and who waits under them: the part of a reactor that needs no driver.
 *
 * By itself it serves sources that live in memory, such as the two ends of a `duplex`.
 *
 * @example A source that is ready when the program says so
 * ```ts
 * import { countingWaker, READABLE, Registry } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const registry = new Registry();
 * const token = registry.register();
 * const { waker, count } = countingWaker();
 * registry.setWaker(token, READABLE, waker);
 * assertEquals(registry.deliver(token, READABLE), true);
 * assertEquals(registry.deliver(token, READABLE), false); // nobody waits any more
 * assertEquals(count.wakes, 1);
 * registry.deregister(token);
 * assertEquals(registry.size, 0);
 * ```
 */
export class Registry implements Registrar, Readiness {
  #registrations = new Slab<Registration>();

  /** How many tokens are registered. */
  get size(): number {
    return this.#registrations.size;
  }

  register(): Token {
    return this.#registrations.insert(new Registration());
  }

  /**
   * Wakes `waker` at the next event in one direction, in place of the one before. A token that
   * was given back is woken at once, so that its user finds out by trying.
   */
  setWaker(token: Token, interest: Interest, waker: Waker): void {
    const registration = this.#registrations.get(token);
    if (registration === undefined) return waker.wakeByRef();
    registration.arm(interest, waker);
  }

  /** Gives a token back and wakes whoever waits under it; once more is a no-op. */
  deregister(token: Token): void {
    this.#registrations.remove(token)?.end();
  }

  /** An event: false when nobody waits for it or the token was given back. */
  deliver(token: Token, interest: Interest): boolean {
    return this.#registrations.get(token)?.wake(interest) ?? false;
  }

  wake(token: Token, interest: Interest): void {
    this.deliver(token, interest);
  }
}
