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

/** A listener for one signal: while it exists, the signal does not end the process. */
export class DenoSignal implements SignalSource {
  readonly token: Token;
  #name: SignalName;
  #registrar: Registrar;
  #received = 0;
  #closed = false;

  constructor(name: SignalName, registrar: Registrar) {
    this.#name = name;
    this.#registrar = registrar;
    Deno.addSignalListener(name, this.#onSignal);
    this.token = registrar.register();
  }

  tryReceive(): Tried<void> {
    if (this.#closed) throw new Closed("the signal");
    if (this.#received === 0) return WouldBlock;
    this.#received--;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    Deno.removeSignalListener(this.#name, this.#onSignal);
    this.#registrar.deregister(this.token);
  }

  #onSignal = (): void => {
    this.#received++;
    this.#registrar.deliver(this.token, READABLE);
  };
}
