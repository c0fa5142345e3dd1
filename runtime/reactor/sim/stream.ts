import { showAddress } from "../../core/address.ts";
import { Closed, IoError, type IoErrorKind } from "../../core/errors.ts";
import {
  type Address,
  READABLE,
  type Ready,
  type StreamSource,
  type Token,
  type Tried,
  WouldBlock,
  WRITABLE,
} from "../../core/io.ts";
import type { Registrar } from "../driver.ts";
import { Ring } from "../../collections/ring.ts";
import { Flow, type FlowEnd } from "./flow.ts";
import type { Death, Machine } from "./machine.ts";

const NOTHING = new Uint8Array(0);
/** Of an end that does not exist yet. */
const NO_TOKEN: Token = -1;

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

/** Lets the far end of a connection into being, once its client has sent a first word. */
export interface Doorkeeper {
  /** False when there is no room now. */
  admit(stream: SimStream): boolean;
  readonly closed: boolean;
}

/**
 * One end of a simulated connection: the socket, and what the system does behind it.
 *
 * Its state is the system's: what is closed in order is still delivered; after a reset, or when the
 * power was cut, nothing is known of it.
 */
export class SimStream implements StreamSource, FlowEnd {
  readonly machine: Machine;
  #token: Token = NO_TOKEN;
  #ends: Ends;
  #registrar: Registrar;
  /** Set while it waits for its first word. */
  #door: Doorkeeper | undefined;
  #in!: Flow;
  #out!: Flow;
  #received: Ring<Uint8Array> = new Ring();
  #unread = 0;
  #ended = false;
  #finished = false;
  #failed: IoErrorKind | undefined;
  /** An error is told once; after that reads see the end and writes a broken pipe. */
  #told = false;
  #closed = false;
  #forgotten = false;

  /** @param door who lets it into being; without one it is there at once */
  constructor(machine: Machine, registrar: Registrar, ends: Ends, door?: Doorkeeper) {
    this.machine = machine;
    this.#ends = ends;
    this.#registrar = registrar;
    this.#door = door;
    if (door === undefined) this.begin();
  }

  /** Makes a connection: `one` begins it, and `other` comes into being by its first word. */
  static connect(one: SimStream, other: SimStream): void {
    const { network, kernel } = one.machine;
    const there = network.path(one.machine, other.machine);
    const back = network.path(other.machine, one.machine);
    one.#out = other.#in = new Flow(kernel, [one, other], [there, back]);
    other.#out = one.#in = new Flow(kernel, [other, one], [back, there]);
    one.#out.hello();
  }

  /** Takes its place on its machine. */
  begin(): void {
    this.#door = undefined;
    this.#token = this.#registrar.register();
    this.machine.streams.add(this);
  }

  get token(): Token {
    return this.#token;
  }

  get localAddr(): Address {
    return this.#ends.local;
  }

  get peerAddr(): Address {
    return this.#ends.peer;
  }

  readiness(): Ready {
    if (this.#closed) throw new Closed("the stream");
    const broken = this.#failed !== undefined;
    const readClosed = broken || this.#ended;
    const writeClosed = broken || this.#finished;
    return {
      readable: readClosed || this.#unread > 0,
      writable: writeClosed || this.#out.hasRoom,
      readClosed,
      writeClosed,
    };
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
    if (this.#ended || this.#told) return NOTHING;
    if (this.#failed === undefined) return WouldBlock;
    this.#told = true;
    throw this.#error("read from", this.#failed);
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
    this.#assertWhole("write to");
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
    this.#leave();
    if (this.#failed !== undefined) return;
    this.machine.kernel.note("close", this.machine.name, showAddress(this.peerAddr));
    if (this.#unread > 0) this.#sendReset();
    else if (!this.#finished) this.#out.end();
  }

  abort(): void {
    this.close();
  }

  /** Nobody has accepted it, and nobody will. */
  refuse(): void {
    if (this.#closed) return;
    this.#leave();
    if (this.#failed === undefined) this.#sendReset();
  }

  /** A process that dies leaves its sockets to the system, which closes them in order. */
  kill(how: Death): void {
    if (how === "crash") return this.close();
    if (this.#closed) return;
    this.#leave();
    this.#forgotten = true;
    this.#out.abandon();
  }

  get unread(): number {
    return this.#unread;
  }

  get state(): "open" | "closed" | "gone" {
    if (this.#forgotten || this.#failed !== undefined || this.#door?.closed) return "gone";
    return this.#closed ? "closed" : "open";
  }

  meet(): boolean {
    return this.#door === undefined || this.#door.closed || this.#door.admit(this);
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
    this.machine.giveAddress(this.#ends);
    this.#registrar.deregister(this.token);
    this.#in.probe();
  }

  #sendReset(): void {
    this.#forgotten = true;
    this.#out.reset();
  }

  #assertWritable(doing: string): void {
    if (this.#closed) throw new Closed("the stream");
    if (this.#finished) throw this.#error(doing, "broken-pipe");
    this.#assertWhole(doing);
  }

  #assertWhole(doing: string): void {
    if (this.#failed === undefined) return;
    const told = this.#told || (this.#ended && this.#failed === "connection-reset");
    this.#told = true;
    throw this.#error(doing, told ? "broken-pipe" : this.#failed);
  }

  #error(doing: string, kind: IoErrorKind): IoError {
    return new IoError(kind, `${doing} ${showAddress(this.peerAddr)}: ${PHRASES[kind] ?? kind}`);
  }
}
