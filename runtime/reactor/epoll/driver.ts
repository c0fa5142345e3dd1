import type {
  Address,
  ConnectSource,
  DatagramSource,
  ListenerSource,
  ListenOptions,
  SignalName,
  SignalSource,
  UdpAddress,
} from "../../core/io.ts";
import { realClock } from "../../time/clock.ts";
import { denoDriver } from "../deno/driver.ts";
import { DenoSignal } from "../deno/signal.ts";
import type { Driver, Registrar } from "../driver.ts";
import { ReadBuffers } from "./buffers.ts";
import { EpollConnect } from "./connect.ts";
import { bindUdp } from "./datagrams.ts";
import { listen } from "./listener.ts";
import { Poller } from "./poller.ts";
import type { StreamParts } from "./stream.ts";

/**
 * How long the loop may go on before Deno's own event loop gets a turn: signals, promises of the
 * platform and messages from Workers wait that long under full load. A turn costs about 50 µs.
 */
const LONGEST_BUSY_MS = 10;
/** The clock is read once in so many rounds. */
const ROUNDS_PER_CLOCK_READ = 4;
/**
 * After work the thread itself waits this long for more, before it goes the long way of waiting on
 * another thread: that costs 10 µs of CPU and 30 µs of time. Longer would hold up the platform.
 */
const BRIEF_WAIT_MS = 1;
/** The longest time that `epoll_wait` takes. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

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
  #now = 0;
  #deadline = Infinity;
  #woken = false;
  #state: "running" | "waiting" | "starting" = "starting";
  #waitEnds = false;
  #closed = false;
  #ended = Promise.withResolvers<void>();

  constructor() {
    queueMicrotask(this.#run);
  }

  park(now: number, deadline: number, resume: () => void): void {
    this.#resume = resume;
    this.#now = now;
    this.#deadline = deadline;
  }

  unpark(): void {
    this.#woken = true;
    if (this.#state === "waiting") this.#endWait();
  }

  yield(resume: () => void): void {
    this.#resume = resume;
    this.#woken = true;
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#resume = undefined;
    if (this.#state === "waiting") this.#endWait();
    return this.#ended.promise;
  }

  listen(address: Address, options: ListenOptions, registrar: Registrar): ListenerSource {
    return listen(address, options, this.#parts(registrar), (path) => this.removeSocketFile(path));
  }

  connect(address: Address, registrar: Registrar): ConnectSource {
    return new EpollConnect(address, this.#parts(registrar));
  }

  bindUdp(address: UdpAddress, registrar: Registrar): DatagramSource {
    return bindUdp(address, this.#parts(registrar));
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

  /** Rounds of events and turns, until there is nothing to do or the platform is due. */
  #run = (): void => {
    this.#state = "running";
    const end = realClock.now() + LONGEST_BUSY_MS;
    let idle = false;
    for (let round = 1; !this.#closed; round++) {
      if (!this.#findWork()) {
        // How long to rest is known after a turn that found nothing: it has just read the clock.
        if (idle) return this.#wait(this.#deadline - this.#now);
        idle = true;
      } else {
        idle = false;
      }
      this.#turn();
      if (round % ROUNDS_PER_CLOCK_READ === 0 && realClock.now() >= end) return this.#wait(0);
    }
    this.#poller.end();
    this.#ended.resolve();
  };

  /** Whether there is something to do, perhaps after a moment. */
  #findWork(): boolean {
    if (this.#poller.collect(0) === 0 && !this.#woken) this.#poller.collect(BRIEF_WAIT_MS);
    return this.#woken;
  }

  #turn(): void {
    this.#woken = false;
    const resume = this.#resume;
    this.#resume = undefined;
    this.#deadline = Infinity;
    resume?.();
  }

  /** Rests on another thread for at most so long. */
  #wait(milliseconds: number): void {
    this.#woken ||= milliseconds <= 0;
    this.#state = "waiting";
    this.#waitEnds = milliseconds <= 0;
    const rest = Math.min(Math.max(Math.ceil(milliseconds), 0), LONGEST_WAIT_MS);
    this.#poller.wait(rest).then(this.#run);
  }

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
