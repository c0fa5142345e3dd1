import { Busy, NoDescriptors } from "../core/errors.ts";
import type {
  Address,
  ConnectSource,
  DatagramSource,
  Interest,
  Io,
  ListenerSource,
  ListenOptions,
  SignalName,
  SignalSource,
  StreamSource,
  TcpAddress,
  TlsOptions,
  Token,
  UdpAddress,
} from "../core/io.ts";
import { type Clock, realClock } from "../time/clock.ts";
import type { Driver } from "./driver.ts";
import { Registry } from "./registry.ts";

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
export class Reactor extends Registry implements Io {
  #driver: Driver;
  #clock: Clock;
  #delivered = 0;
  #waiting = false;

  constructor(driver: Driver, clock: Clock = realClock) {
    super();
    this.#driver = driver;
    this.#clock = clock;
  }

  /** An event from the driver: whoever it wakes ends the rest. */
  override deliver(token: Token, interest: Interest): boolean {
    if (!super.deliver(token, interest)) return false;
    this.#delivered++;
    this.#driver.unpark();
    return true;
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

  connectTls(address: TcpAddress, options: TlsOptions): ConnectSource {
    return this.#driver.connectTls(address, options, this);
  }

  bindUdp(address: UdpAddress): DatagramSource {
    return this.#driver.bindUdp(address, this);
  }

  adopt(descriptor: number): StreamSource {
    if (this.#driver.adopt === undefined) throw new NoDescriptors();
    return this.#driver.adopt(descriptor, this);
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

  close(): void | Promise<void> {
    return this.#driver.close();
  }
}
