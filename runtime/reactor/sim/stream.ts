import { showAddress } from "../../core/address.ts";
import { Closed, IoError, type IoErrorKind } from "../../core/errors.ts";
import {
  type Address,
  READABLE,
  type StreamSource,
  type Token,
  type Tried,
  WouldBlock,
  WRITABLE,
} from "../../core/io.ts";
import type { Registrar } from "../driver.ts";
import { Ring } from "../../collections/ring.ts";
import { Flow, type FlowEnd } from "./flow.ts";
import type { Machine } from "./machine.ts";

const NOTHING = new Uint8Array(0);

const PHRASES: Partial<Record<IoErrorKind, string>> = {
  "broken-pipe": "broken pipe",
  "connection-reset": "connection reset by peer",
  "timed-out": "connection timed out",
};

/** Both addresses of one end. */
export interface Ends {
  readonly local: Address;
  readonly peer: Address;
}

/** One end of a simulated connection: the socket, and what the system does behind it. */
export class SimStream implements StreamSource, FlowEnd {
  readonly token: Token;
  readonly machine: Machine;
  #ends: Ends;
  #registrar: Registrar;
  #in!: Flow;
  #out!: Flow;
  #received: Ring<Uint8Array> = new Ring();
  #unread = 0;
  #ended = false;
  #finished = false;
  #failed: IoErrorKind | undefined;
  #closed = false;

  constructor(machine: Machine, registrar: Registrar, ends: Ends) {
    this.machine = machine;
    this.#ends = ends;
    this.#registrar = registrar;
    this.token = registrar.register();
    machine.streams.add(this);
  }

  /** Makes a connection of two ends, which exists for both from `opensAt` on. */
  static connect(one: SimStream, other: SimStream, opensAt: number): void {
    const { network, kernel } = one.machine;
    const there = network.path(one.machine, other.machine);
    const back = network.path(other.machine, one.machine);
    one.#out = other.#in = new Flow(kernel, [one, other], [there, back], opensAt);
    other.#out = one.#in = new Flow(kernel, [other, one], [back, there], opensAt);
  }

  get localAddr(): Address {
    return this.#ends.local;
  }

  get peerAddr(): Address {
    return this.#ends.peer;
  }

  tryRead(into: Uint8Array): Tried<number> {
    const filled = this.tryFill();
    if (into.length === 0) return 0;
    if (filled === WouldBlock) return WouldBlock;
    const n = Math.min(into.length, filled.length);
    into.set(filled.subarray(0, n));
    this.consume(n);
    return n;
  }

  tryFill(): Tried<Uint8Array> {
    if (this.#closed) throw new Closed("the stream");
    const first = this.#received.peek();
    if (first !== undefined) return first;
    if (this.#failed !== undefined) throw this.#error("read from", this.#failed);
    return this.#ended ? NOTHING : WouldBlock;
  }

  consume(n: number): void {
    const first = this.#received.peek();
    if (first === undefined || n <= 0) return;
    const taken = Math.min(n, first.length);
    this.#received.shift();
    if (taken < first.length) this.#received.unshift(first.subarray(taken));
    this.#unread -= taken;
    this.#in.windowOpens();
  }

  tryWrite(from: Uint8Array): Tried<number> {
    this.#assertWritable("write to");
    if (from.length === 0) return 0;
    return this.#out.write(from) || WouldBlock;
  }

  /** What was taken is in the system's hands already. */
  tryFlush(): Tried<void> {
    if (this.#closed) throw new Closed("the stream");
    if (this.#failed !== undefined) throw this.#error("write to", this.#failed);
  }

  tryShutdown(): Tried<void> {
    if (this.#finished) return this.tryFlush();
    this.#assertWritable("shut down");
    this.#finished = true;
    this.#out.end();
  }

  setNoDelay(): void {}

  /** As the system does it: bytes that nobody has read turn the end into a reset. */
  close(): void {
    if (this.#closed) return;
    const unread = this.#unread > 0;
    this.#leave();
    if (this.#failed !== undefined) return;
    this.machine.kernel.note("close", this.machine.name, showAddress(this.peerAddr));
    if (unread) this.#out.reset();
    else if (!this.#finished) this.#out.end();
  }

  abort(): void {
    this.close();
  }

  /** The process is gone; `silently` with the whole machine. */
  kill(silently: boolean): void {
    if (this.#closed) return;
    this.#leave();
    this.#out.stop();
    if (!silently && this.#failed === undefined) this.#out.reset();
  }

  get unread(): number {
    return this.#unread;
  }

  get open(): boolean {
    return !this.#closed;
  }

  get reachable(): boolean {
    return this.machine.reachable;
  }

  receive(bytes: Uint8Array): void {
    this.machine.kernel.note("bytes", this.machine.name, bytes.length);
    this.#received.push(bytes);
    this.#unread += bytes.length;
    this.#registrar.deliver(this.token, READABLE);
  }

  receiveEnd(): void {
    this.machine.kernel.note("end", this.machine.name);
    this.#ended = true;
    this.#registrar.deliver(this.token, READABLE);
  }

  hasRoom(): void {
    if (!this.#closed) this.#registrar.deliver(this.token, WRITABLE);
  }

  fail(kind: IoErrorKind): void {
    if (this.#closed || this.#failed !== undefined) return;
    this.machine.kernel.note("broken", this.machine.name, kind);
    this.#failed = kind;
    this.#out.stop();
    this.#registrar.deliver(this.token, READABLE);
    this.#registrar.deliver(this.token, WRITABLE);
  }

  #leave(): void {
    this.#closed = true;
    this.machine.streams.delete(this);
    this.machine.giveAddress(this.localAddr);
    this.#registrar.deregister(this.token);
  }

  #assertWritable(doing: string): void {
    if (this.#closed) throw new Closed("the stream");
    if (this.#finished) throw this.#error(doing, "broken-pipe");
    if (this.#failed === undefined) return;
    throw this.#error(doing, this.#failed === "connection-reset" ? "broken-pipe" : this.#failed);
  }

  #error(doing: string, kind: IoErrorKind): IoError {
    return new IoError(kind, `${doing} ${showAddress(this.peerAddr)}: ${PHRASES[kind] ?? kind}`);
  }
}
