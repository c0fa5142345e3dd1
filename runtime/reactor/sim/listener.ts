import { Closed } from "../../core/errors.ts";
import {
  type Address,
  type ListenerSource,
  READABLE,
  type StreamSource,
  type Token,
  type Tried,
  WouldBlock,
} from "../../core/io.ts";
import { Ring } from "../../collections/ring.ts";
import type { Registrar } from "../driver.ts";
import type { Machine } from "./machine.ts";
import { type Ends, SimStream } from "./stream.ts";

const DEFAULT_BACKLOG = 4096;

/** A bound socket of a simulated machine, with the connections that nobody has accepted yet. */
export class SimListener implements ListenerSource {
  readonly token: Token;
  readonly localAddr: Address;
  #machine: Machine;
  #registrar: Registrar;
  #limit: number;
  #backlog: Ring<SimStream> = new Ring();
  #closed = false;

  constructor(machine: Machine, registrar: Registrar, at: Address, backlog = DEFAULT_BACKLOG) {
    this.localAddr = at;
    this.#machine = machine;
    this.#registrar = registrar;
    this.#limit = backlog;
    this.token = registrar.register();
  }

  get full(): boolean {
    return this.#backlog.length >= this.#limit;
  }

  /** A connection has come; answers its end here. */
  arrive(ends: Ends): SimStream {
    const stream = new SimStream(this.#machine, this.#registrar, ends);
    this.#backlog.push(stream);
    return stream;
  }

  /** Tells whoever accepts. */
  announce(): void {
    this.#registrar.deliver(this.token, READABLE);
  }

  tryAccept(): Tried<StreamSource> {
    if (this.#closed) throw new Closed("the listener");
    return this.#backlog.shift() ?? WouldBlock;
  }

  close(): void {
    this.kill(false);
  }

  /** The process is gone, or closes it: whoever was not accepted is reset. */
  kill(silently: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#machine.unbind(this, silently);
    for (let left = this.#backlog.shift(); left !== undefined; left = this.#backlog.shift()) {
      left.kill(silently);
    }
    this.#registrar.deregister(this.token);
  }
}
