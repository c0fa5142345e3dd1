import { Closed, DriverUnavailable } from "../../core/errors.ts";
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
import type { Clock } from "../../time/clock.ts";
import type { Driver, Registrar } from "../driver.ts";
import { SimConnect } from "./connect.ts";
import { SimDatagram } from "./datagram.ts";
import type { Resumable, SimEvent } from "./kernel.ts";
import { SimListener } from "./listener.ts";
import type { Death, Machine } from "./machine.ts";
import { SimSignal } from "./signal.ts";

/**
 * The clock of a simulated machine. It may run fast or slow, and the time of day may be wrong and
 * jump.
 */
export class SimClock implements Clock {
  /** How much of its time passes in one unit of the simulation's. */
  readonly rate: number;
  /** Milliseconds since 1970 at the beginning of the simulation. */
  wallAtStart: number;
  #kernel: { readonly now: number };

  constructor(kernel: { readonly now: number }, wallAtStart: number, rate = 1) {
    this.#kernel = kernel;
    this.wallAtStart = wallAtStart;
    this.rate = rate;
  }

  now(): number {
    return this.#kernel.now * this.rate;
  }

  wall(): number {
    return this.wallAtStart + this.now();
  }

  /** When the simulation's time is, as this clock shows `time`. */
  toKernel(time: number): number {
    return time / this.rate;
  }
}

/**
 * The driver for one process on a simulated machine: sockets, signals and rests that exist only in
 * the kernel's list of events.
 */
export class SimDriver implements Driver, Resumable {
  readonly name = "sim";
  #machine: Machine;
  #clock: SimClock;
  #resume: (() => void) | undefined;
  #queued = false;
  #paused = false;
  #dead = false;
  #alarm: SimEvent | undefined;

  constructor(machine: Machine, clock: SimClock) {
    this.#machine = machine;
    this.#clock = clock;
  }

  park(_now: number, deadline: number, resume: () => void): void {
    this.#resume = resume;
    if (deadline === Infinity) return;
    const at = this.#clock.toKernel(deadline);
    if (this.#alarm?.run && this.#alarm.at <= at) return; // it comes early, and finds nothing due
    if (this.#alarm) this.#alarm.run = undefined;
    this.#alarm = this.#machine.kernel.at(at, () => this.unpark());
  }

  unpark(): void {
    if (this.#resume === undefined || this.#queued) return;
    this.#queued = true;
    if (!this.#paused) this.#machine.kernel.wake(this);
  }

  yield(resume: () => void): void {
    this.#resume = resume;
    this.unpark();
  }

  /** The kernel lets it go on. */
  resume(): void {
    if (this.#paused) return;
    this.#queued = false;
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }

  /** Stops the process where it stands, or lets it go on; its sockets go on meanwhile. */
  setPaused(paused: boolean): void {
    if (this.#paused === paused) return;
    this.#paused = paused;
    if (!paused && this.#queued) this.#machine.kernel.wake(this);
  }

  close(): void {
    this.#resume = undefined;
    if (this.#alarm) this.#alarm.run = undefined;
  }

  /** The process dies: its sockets go, and whatever its cleanup asks for does not happen. */
  kill(how: Death): void {
    this.#dead = true;
    this.#machine.killSockets(how);
  }

  listen(address: Address, options: ListenOptions, registrar: Registrar): ListenerSource {
    const machine = this.#alive();
    return machine.bind(
      address,
      (at) => new SimListener(machine, registrar, at, options.backlog),
    );
  }

  connectTls(): never {
    throw new DriverUnavailable("sim", "it has no TLS");
  }

  bindUdp(address: UdpAddress, registrar: Registrar): DatagramSource {
    const machine = this.#alive();
    return machine.bind(address, (at) => new SimDatagram(machine, registrar, at));
  }

  connect(address: Address, registrar: Registrar): ConnectSource {
    return new SimConnect(this.#alive(), registrar, address);
  }

  signal(name: SignalName, registrar: Registrar): SignalSource {
    return new SimSignal(this.#alive(), registrar, name);
  }

  removeSocketFile(path: string): void {
    if (!this.#dead) this.#machine.removeSocketFile(path);
  }

  #alive(): Machine {
    if (this.#dead) throw new Closed("the process");
    return this.#machine;
  }
}
