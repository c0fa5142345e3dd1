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

/**
 * Deno's signal listeners do not keep the process alive, so that a program which only waits for a
 * signal would end before it came. A timer that hardly ever fires does.
 */
const KEEP_ALIVE_MS = 2 ** 31 - 1;

/** A listener for one signal: while it exists, the signal does not end the process. */
export class DenoSignal implements SignalSource {
  readonly token: Token;
  #name: SignalName;
  #registrar: Registrar;
  #received = 0;
  #closed = false;
  #keepAlive = setInterval(() => {}, KEEP_ALIVE_MS);

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
    clearInterval(this.#keepAlive);
    Deno.removeSignalListener(this.#name, this.#onSignal);
    this.#registrar.deregister(this.token);
  }

  #onSignal = (): void => {
    this.#received++;
    this.#registrar.deliver(this.token, READABLE);
  };
}
