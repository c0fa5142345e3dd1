import { Closed } from "../../core/errors.ts";
import {
  READABLE,
  type SignalName,
  type SignalSource,
  type Token,
  type Tried,
  WouldBlock,
} from "../../core/io.ts";
import type { Registrar } from "../driver.ts";
import type { Machine } from "./machine.ts";

/** A listener for one signal to the process of a simulated machine. */
export class SimSignal implements SignalSource {
  readonly token: Token;
  readonly name: SignalName;
  #machine: Machine;
  #registrar: Registrar;
  #received = 0;
  #closed = false;

  constructor(machine: Machine, registrar: Registrar, name: SignalName) {
    this.name = name;
    this.#machine = machine;
    this.#registrar = registrar;
    this.token = registrar.register();
    machine.signals.add(this);
  }

  tryReceive(): Tried<void> {
    if (this.#closed) throw new Closed("the signal");
    if (this.#received === 0) return WouldBlock;
    this.#received--;
  }

  arrive(): void {
    this.#received++;
    this.#registrar.deliver(this.token, READABLE);
  }

  close(): void {
    this.#closed = true;
    this.#machine.signals.delete(this);
    this.#registrar.deregister(this.token);
  }
}
