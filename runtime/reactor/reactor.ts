import { Busy } from "../core/errors.ts";
import { Slab } from "../collections/slab.ts";
import {
  type Address,
  type ConnectSource,
  type Interest,
  type Io,
  type ListenerSource,
  type ListenOptions,
  READABLE,
  type SignalName,
  type SignalSource,
  type Token,
  WRITABLE,
} from "../core/io.ts";
import { storeWaker, type Waker } from "../core/waker.ts";
import { type Clock, realClock } from "../time/clock.ts";
import type { Driver, Registrar } from "./driver.ts";

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
 * Maps tokens to wakers: a source that becomes ready makes the task that waits for it run.
 *
 * It is the same for every driver and can be used by itself, without executor or futures: make a
 * source, try, set a waker, `wait`.
 *
 * @example A reactor by itself
 * ```ts
 * import { callbackWaker, denoDriver, READABLE, Reactor, WouldBlock } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const reactor = new Reactor(denoDriver());
 * const listener = reactor.listen({ transport: "tcp", host: "127.0.0.1", port: 0 });
 * assertEquals(listener.tryAccept(), WouldBlock);
 *
 * let woken = 0;
 * reactor.setWaker(listener.token, READABLE, callbackWaker(() => woken++));
 * const client = reactor.connect(listener.localAddr);
 * while (woken === 0) await reactor.wait(1000);
 *
 * const stream = listener.tryAccept();
 * if (stream !== WouldBlock) stream.close();
 * client.close();
 * listener.close();
 * assertEquals(reactor.size, 0);
 * reactor.close();
 * ```
 */
export class Reactor implements Io, Registrar {
  #driver: Driver;
  #clock: Clock;
  #registrations = new Slab<Registration>();
  #delivered = 0;
  #waiting = false;

  constructor(driver: Driver, clock: Clock = realClock) {
    this.#driver = driver;
    this.#clock = clock;
  }

  /** How many tokens are registered. */
  get size(): number {
    return this.#registrations.size;
  }

  register(): Token {
    return this.#registrations.insert(new Registration());
  }

  /**
   * Wakes `waker` at the next event in one direction, in place of the one before. A token that was given back is
   * woken at once, so that its user finds out by trying.
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

  /** An event from the driver; a no-op when nobody waits or the token was given back. */
  deliver(token: Token, interest: Interest): void {
    if (!this.#registrations.get(token)?.wake(interest)) return;
    this.#delivered++;
    this.#driver.unpark();
  }

  wake(token: Token, interest: Interest): void {
    this.deliver(token, interest);
  }

  /**
   * Waits for events when no executor does: resolves when at least one has woken a waker, or after
   * `timeout` milliseconds, with their number since the last call.
   *
   * @throws {Busy} while another wait goes on
   */
  wait(timeout: number): Promise<number> {
    if (this.#waiting) throw new Busy("a wait");
    this.#waiting = true;
    const now = this.#clock.now();
    return new Promise((resolve) => {
      const resume = () => {
        if (this.#delivered === 0 && this.#clock.now() < now + timeout) {
          return this.#driver.park(this.#clock.now(), now + timeout, resume);
        }
        this.#waiting = false;
        resolve(this.#delivered);
        this.#delivered = 0;
      };
      if (this.#delivered > 0) resume();
      else this.#driver.park(now, now + timeout, resume);
    });
  }

  listen(address: Address, options: ListenOptions = {}): ListenerSource {
    return this.#driver.listen(address, options, this);
  }

  connect(address: Address): ConnectSource {
    return this.#driver.connect(address, this);
  }

  signal(name: SignalName): SignalSource {
    return this.#driver.signal(name, this);
  }

  removeSocketFile(path: string): void {
    this.#driver.removeSocketFile(path);
  }

  park(now: number, deadline: number, resume: () => void): void {
    this.#driver.park(now, deadline, resume);
  }

  unpark(): void {
    this.#driver.unpark();
  }

  yield(resume: () => void): void {
    this.#driver.yield(resume);
  }

  close(): void {
    this.#driver.close();
  }
}
