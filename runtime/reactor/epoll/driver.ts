import type {
  Address,
  ConnectSource,
  DatagramSource,
  ListenerSource,
  ListenOptions,
  SignalName,
  SignalSource,
  StreamSource,
  UdpAddress,
} from "../../core/io.ts";
import { DriverUnavailable } from "../../core/errors.ts";
import { realClock } from "../../time/clock.ts";
import { denoDriver } from "../deno/driver.ts";
import { DenoSignal } from "../deno/signal.ts";
import type { Driver, Registrar } from "../driver.ts";
import { ReadBuffers } from "./buffers.ts";
import { EpollConnect } from "./connect.ts";
import { bindUdp } from "./datagrams.ts";
import { listen } from "./listener.ts";
import { Poller } from "./poller.ts";
import { inetSockAddr } from "./sockaddr.ts";
import { peerBytes } from "./socket.ts";
import { EpollStream, type StreamParts } from "./stream.ts";

/**
 * How long the loop may go on before Deno's own event loop gets a turn: signals, promises of the
 * platform and messages from Workers wait that long under full load, signals up to three times.
 */
const LONGEST_BUSY_MS = 10;
/** How long such a turn is, in microseconds; with the way there and back about twice that. */
const PLATFORM_TURN_US = 50;
/** For that, the clock is read once in so many rounds. */
const ROUNDS_PER_CLOCK_READ = 4;
/**
 * After work the thread itself waits this long for more, before it goes the long way of waiting on
 * another thread: that costs 10 µs of CPU and 30 µs of time. Longer would hold up the platform.
 */
const BRIEF_WAIT_MS = 1;

/**
 * The driver over Linux's epoll, called directly: the fastest, for `--allow-ffi`.
 *
 * As long as there is work it looks for events without waiting, between the turns of the loop.
 * When there is none, it waits on another thread, so that the platform's event loop goes on
 * meanwhile; a byte in an eventfd ends that wait early. Nothing else ever wakes it.
 */
export class EpollDriver implements Driver {
  readonly name = "epoll";
  #poller = new Poller();
  #buffers = new ReadBuffers();
  #resume: (() => void) | undefined;
  /** Both on the loop's clock. */
  #now = 0;
  #deadline = Infinity;
  #woken = false;
  /** It is idle while nobody rests, in a reactor that is used by itself. */
  #state: "running" | "waiting" | "starting" | "idle" = "idle";
  #waitEnds = false;
  /** The deadline that the wait was begun with. */
  #waitsUntil = Infinity;
  /** When the wait began, on the real clock. */
  #waitBegan = 0;
  #rounds = 0;
  /** When the platform is due, as long as no wait gives it a turn before. */
  #platformDue = 0;
  #closed = false;
  #ended = Promise.withResolvers<void>();

  park(now: number, deadline: number, resume: () => void): void {
    this.#resume = resume;
    this.#now = now;
    this.#deadline = deadline;
    this.#woken = false;
    if (this.#state === "idle") this.#start();
    else if (this.#state === "waiting" && deadline < this.#waitsUntil) this.#endWait();
  }

  unpark(): void {
    this.#woken = true;
    if (this.#state === "waiting") this.#endWait();
  }

  yield(resume: () => void): void {
    this.park(0, 0, resume);
    this.#woken = true;
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#resume = undefined;
    if (this.#state === "waiting") this.#endWait();
    else if (this.#state === "idle") this.#start();
    return this.#ended.promise;
  }

  listen(address: Address, options: ListenOptions, registrar: Registrar): ListenerSource {
    return listen(address, options, this.#parts(registrar), (path) => this.removeSocketFile(path));
  }

  connect(address: Address, registrar: Registrar): ConnectSource {
    return new EpollConnect(address, this.#parts(registrar));
  }

  connectTls(): never {
    throw new DriverUnavailable("epoll", "it has no TLS");
  }

  bindUdp(address: UdpAddress, registrar: Registrar): DatagramSource {
    return bindUdp(address, this.#parts(registrar));
  }

  adopt(descriptor: number, registrar: Registrar): StreamSource {
    const parts = this.#parts(registrar);
    // The peer of a connection that has broken meanwhile is not known any more.
    const peer = peerBytes(this.#poller.libc, descriptor) ?? inetSockAddr("0.0.0.0", 0)!.bytes;
    return this.#poller.add(
      descriptor,
      (generation) => new EpollStream(descriptor, generation, parts, peer),
    );
  }

  signal(name: SignalName, registrar: Registrar): SignalSource {
    return new DenoSignal(name, registrar);
  }

  removeSocketFile(path: string): void {
    denoDriver().removeSocketFile(path);
  }

  #parts(registrar: Registrar): StreamParts {
    return { poller: this.#poller, registrar, buffers: this.#buffers };
  }

  #start(): void {
    this.#state = "starting";
    queueMicrotask(this.#run);
  }

  /** Rounds of events and turns, until there is nothing to do or the platform is due. */
  #run = (): void => {
    this.#state = "running";
    for (let idle = false; !this.#closed;) {
      if (this.#resume === undefined) return void (this.#state = "idle");
      const found = this.#findWork();
      // How long to rest is known after a turn that found nothing: it has just read the clock.
      const known = idle || this.#deadline === Infinity;
      if (!found && known) return this.#wait(this.#deadline - this.#now);
      idle = !found;
      this.#turn();
      if (++this.#rounds % ROUNDS_PER_CLOCK_READ !== 0) continue;
      if (realClock.now() >= this.#platformDue) return this.#letPlatformWork();
    }
    this.#poller.end();
    this.#ended.resolve();
  };

  /** Whether there is something to do, perhaps after a moment, if there is one until the deadline. */
  #findWork(): boolean {
    if (this.#poller.collect(0) > 0 || this.#woken) return this.#woken;
    if (this.#deadline - this.#now < BRIEF_WAIT_MS) return false;
    this.#poller.collect(BRIEF_WAIT_MS);
    this.#now += BRIEF_WAIT_MS;
    return this.#woken;
  }

  #turn(): void {
    const resume = this.#resume!;
    this.#resume = undefined;
    try {
      resume();
    } catch (error) { // the loop has parked before it threw, and goes on
      reportError(error);
    }
  }

  /**
   * Deno's event loop asks the system for its own I/O, signals included, only once this thread has
   * been parked, or at every 61st turn: so this takes as long as parking does.
   */
  #letPlatformWork(): void {
    this.#state = "waiting";
    this.#waitEnds = true;
    this.#waitBegan = realClock.now();
    this.#poller.libc.usleep_elsewhere(PLATFORM_TURN_US).then(this.#afterWait);
  }

  /** Rests on another thread for at most so long. */
  #wait(milliseconds: number): void {
    this.#state = "waiting";
    this.#waitEnds = false;
    this.#waitsUntil = this.#deadline;
    this.#waitBegan = realClock.now();
    this.#poller.wait(Math.max(milliseconds, 0)).then(this.#afterWait);
  }

  #afterWait = (): void => {
    const now = realClock.now();
    this.#now += now - this.#waitBegan; // so that a deadline that has passed is seen
    this.#platformDue = now + LONGEST_BUSY_MS;
    this.#run();
  };

  #endWait(): void {
    if (this.#waitEnds) return;
    this.#waitEnds = true;
    this.#poller.wake();
  }
}

/**
 * Makes the driver over epoll.
 *
 * Its wait keeps the process alive until the runtime is shut down, whether or not tasks are left.
 *
 * @throws {DriverUnavailable} on another platform than Linux, or without `--allow-ffi`
 */
export function epollDriver(): Driver {
  return new EpollDriver();
}
