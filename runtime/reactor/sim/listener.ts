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
import type { Death, Machine } from "./machine.ts";
import { type Doorkeeper, type Ends, SimStream } from "./stream.ts";

const DEFAULT_BACKLOG = 4096;

/** A bound socket of a simulated machine, with the connections that nobody has accepted yet. */
export class SimListener implements ListenerSource, Doorkeeper {
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

  get closed(): boolean {
    return this.#closed;
  }

  /** Linux holds one more than it was told. */
  get full(): boolean {
    return this.#backlog.length > this.#limit;
  }

  /** Makes this machine's end of a connection that is asked for. */
  prepare(ends: Ends): SimStream {
    return new SimStream(this.#machine, this.#registrar, ends, this);
  }

  /** The client's first word has come: whoever accepts is told. */
  admit(stream: SimStream): boolean {
    if (this.full) return false;
    stream.begin();
    this.#backlog.push(stream);
    this.#registrar.deliver(this.token, READABLE);
    return true;
  }

  tryAccept(): Tried<StreamSource> {
    if (this.#closed) throw new Closed("the listener");
    return this.#backlog.shift() ?? WouldBlock;
  }

  close(): void {
    this.#end("close");
  }

  kill(how: Death): void {
    this.#end(how);
  }

  /** Whoever was not accepted is reset. */
  #end(how: Death | "close"): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#machine.unbind(this, how);
    for (let left = this.#backlog.shift(); left !== undefined; left = this.#backlog.shift()) {
      if (how === "power") left.kill(how);
      else left.refuse();
    }
    this.#registrar.deregister(this.token);
  }
}
