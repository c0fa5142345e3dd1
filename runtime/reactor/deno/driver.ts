import { setImmediate } from "node:timers";
import type {
  Address,
  ConnectSource,
  DatagramSource,
  ListenerSource,
  ListenOptions,
  SignalName,
  SignalSource,
  TcpAddress,
  TlsOptions,
  UdpAddress,
} from "../../core/io.ts";
import { IoError } from "../../core/errors.ts";
import type { Driver, Registrar } from "../driver.ts";
import { DenoConnect, dial } from "./connect.ts";
import { DenoDatagrams } from "./datagrams.ts";
import { realClock } from "../../time/clock.ts";
import { ioError } from "./errors.ts";
import { DenoListener } from "./listener.ts";
import { DenoSignal } from "./signal.ts";
import { Submissions } from "./submissions.ts";
import { dialTls } from "./tls.ts";

/**
 * The driver over Deno's own sockets: everywhere, with `--allow-net` alone.
 *
 * Deno's operations complete, they do not become ready: one hands over a buffer and gets a
 * promise. So each source owns the buffers of its operations in flight and turns completions into
 * readiness; a task that stops waiting abandons no bytes, because they land in the source.
 *
 * The thread is parked by Deno's event loop, so to park is merely to return. Whatever happens in
 * one turn of that loop ends the rest once: a single microtask runs after all the completions of
 * the turn. (Resuming at each of them gave no more round trips, and reads the clock each time.) One
 * host timer stands for all deadlines; it is left running when the earliest moves later, since
 * finding nothing due is cheaper than setting another, and goes when none is left.
 */
export class DenoDriver implements Driver {
  readonly name = "deno";
  #resume: (() => void) | undefined;
  #waking = false;
  #hostTimer: ReturnType<typeof setTimeout> | undefined;
  #hostDeadline = Infinity;
  #busyTimer: ReturnType<typeof setTimeout> | undefined;
  #restedAt = 0;
  #closed = false;
  #submissions = new Submissions(() => this.unpark());

  park(now: number, deadline: number, resume: () => void): void {
    if (this.#closed) return;
    this.#submissions.submitAll();
    this.#resume = resume;
    if (deadline < this.#hostDeadline) this.#setHostTimer(now, deadline);
    else if (deadline === Infinity) this.#clearHostTimer(); // it would keep the process alive
  }

  unpark(): void {
    if (this.#waking || this.#resume === undefined) return;
    this.#waking = true;
    queueMicrotask(this.#wake);
  }

  yield(resume: () => void): void {
    if (this.#closed) return;
    this.#submissions.submitAll();
    if (realClock.now() < this.#restedAt + LONGEST_BUSY_MS) setImmediate(resume);
    else this.#busyTimer = setTimeout(() => this.#afterRest(resume), SHORTEST_REST_MS);
  }

  close(): void {
    this.#closed = true;
    this.#resume = undefined;
    this.#clearHostTimer();
    clearTimeout(this.#busyTimer);
  }

  listen(address: Address, options: ListenOptions, registrar: Registrar): ListenerSource {
    return new DenoListener(address, options, registrar, this.#submissions);
  }

  connect(address: Address, registrar: Registrar): ConnectSource {
    return new DenoConnect(dial(address), registrar, this.#submissions);
  }

  connectTls(address: TcpAddress, options: TlsOptions, registrar: Registrar): ConnectSource {
    return new DenoConnect(dialTls(address, options), registrar, this.#submissions);
  }

  bindUdp(address: UdpAddress, registrar: Registrar): DatagramSource {
    return new DenoDatagrams(address, registrar, this.#submissions);
  }

  signal(name: SignalName, registrar: Registrar): SignalSource {
    return new DenoSignal(name, registrar);
  }

  removeSocketFile(path: string): void {
    try {
      if (!Deno.lstatSync(path).isSocket) {
        throw new IoError("address-in-use", `replace ${path}: it is not a socket`);
      }
      Deno.removeSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      throw error instanceof IoError ? error : ioError(`remove socket ${path}`, error);
    }
  }

  #wake = (): void => {
    this.#waking = false;
    const resume = this.#resume;
    this.#resume = undefined;
    if (resume !== undefined) this.#afterRest(resume);
  };

  #afterRest(resume: () => void): void {
    this.#restedAt = realClock.now();
    resume();
  }

  #setHostTimer(now: number, deadline: number): void {
    this.#clearHostTimer();
    this.#hostDeadline = deadline;
    this.#hostTimer = setTimeout(this.#timeUp, Math.min(deadline - now, MAX_HOST_DELAY_MS));
  }

  #timeUp = (): void => {
    this.#hostTimer = undefined;
    this.#hostDeadline = Infinity;
    this.unpark();
  };

  #clearHostTimer(): void {
    if (this.#hostTimer !== undefined) clearTimeout(this.#hostTimer);
    this.#hostTimer = undefined;
    this.#hostDeadline = Infinity;
  }
}

/**
 * How long tasks may keep the loop busy before the system is asked for I/O. Deno asks at every
 * 61st `setImmediate` only, so with costly polls that alone could take seconds; a `setTimeout`
 * makes it ask at once, but takes a millisecond or two, hence not more often.
 */
const LONGEST_BUSY_MS = 25;

/** Deno 2.6 fires a timer of 0 ms without asking the system for I/O first. */
const SHORTEST_REST_MS = 1;

/** The longest delay that the platform's timers take; beyond it the loop parks once more. */
const MAX_HOST_DELAY_MS = 2 ** 31 - 1;

/** Makes the default driver. */
export function denoDriver(): Driver {
  return new DenoDriver();
}
