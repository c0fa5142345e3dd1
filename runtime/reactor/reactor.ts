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
} from "../core/io.ts";
import { storeWaker, type Waker } from "../core/waker.ts";
import { type Clock, realClock } from "../time/clock.ts";
import type { Driver, Registrar } from "./driver.ts";

/**
 * Who waits for one source in one direction. An event wakes once; the waker stays behind, because
 * the next wait is most likely the same task's.
 */
class Waiter {
  #waker: Waker | undefined;
  #armed = false;

  arm(waker: Waker): void {
    this.#waker = storeWaker(this.#waker, waker);
    this.#armed = true;
  }

  /** Wakes whoever waits; false when nobody does. */
  wake(): boolean {
    if (!this.#armed) return false;
    this.#armed = false;
    this.#waker!.wakeByRef();
    return true;
  }

  end(): void {
    this.wake();
    this.#waker?.drop();
  }
}

/** Both are made by the first wait: most connections wait in one direction only. */
interface Registration {
  reader: Waiter | undefined;
  writer: Waiter | undefined;
}

/**
 * Maps tokens to wakers: a source that becomes ready makes the task that waits for it run.
 *
 * It is the same for every driver and can be used by itself, without executor or futures:
 * register, set a waker, `wait`.
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
    return this.#registrations.insert({ reader: undefined, writer: undefined });
  }

  /**
   * Wakes `waker` at the next event in one direction, in place of the one before. A token that was given back is
   * woken at once, so that its user finds out by trying.
   */
  setWaker(token: Token, interest: Interest, waker: Waker): void {
    const registration = this.#registrations.get(token);
    if (registration === undefined) return waker.wakeByRef();
    if (interest === READABLE) (registration.reader ??= new Waiter()).arm(waker);
    else (registration.writer ??= new Waiter()).arm(waker);
  }

  /** Gives a token back and wakes whoever waits under it; once more is a no-op. */
  deregister(token: Token): void {
    const registration = this.#registrations.remove(token);
    if (registration === undefined) return;
    registration.reader?.end();
    registration.writer?.end();
  }

  /** An event from the driver; a no-op when nobody waits or the token was given back. */
  deliver(token: Token, interest: Interest): void {
    const registration = this.#registrations.get(token);
    if (registration === undefined) return;
    const waiter = interest === READABLE ? registration.reader : registration.writer;
    if (!waiter?.wake()) return;
    this.#delivered++;
    this.#driver.unpark();
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
