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

/** Who waits for one source, in each direction. */
interface Registration {
  reader: Waker | undefined;
  writer: Waker | undefined;
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
   * Keeps `waker` for one direction, in place of the one before. A token that was given back is
   * woken at once, so that its user finds out by trying.
   */
  setWaker(token: Token, interest: Interest, waker: Waker): void {
    const registration = this.#registrations.get(token);
    if (registration === undefined) return waker.wakeByRef();
    if (interest === READABLE) registration.reader = storeWaker(registration.reader, waker);
    else registration.writer = storeWaker(registration.writer, waker);
  }

  /** Gives a token back and wakes whoever waits under it; once more is a no-op. */
  deregister(token: Token): void {
    const registration = this.#registrations.remove(token);
    if (registration === undefined) return;
    registration.reader?.wake();
    registration.writer?.wake();
  }

  /** An event from the driver. One for a token that was given back is a no-op. */
  deliver(token: Token, interest: Interest): void {
    const registration = this.#registrations.get(token);
    if (registration === undefined) return;
    this.#delivered++;
    const waker = interest === READABLE ? registration.reader : registration.writer;
    waker?.wakeByRef();
    this.#driver.unpark();
  }

  /**
   * Waits for events when no executor does: resolves when at least one was delivered, or after
   * `timeout` milliseconds, with the number delivered since the last call.
   */
  wait(timeout: number): Promise<number> {
    const now = this.#clock.now();
    return new Promise((resolve) => {
      const resume = () => {
        if (this.#delivered === 0 && this.#clock.now() < now + timeout) {
          return this.#driver.park(this.#clock.now(), now + timeout, resume);
        }
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
