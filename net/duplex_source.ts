import {
  type Address,
  Closed,
  type Interest,
  IoError,
  READABLE,
  type Ready,
  type Registrar,
  type StreamSource,
  type Token,
  type Tried,
  WouldBlock,
  WRITABLE,
} from "../runtime/mod.ts";
import { ByteRing } from "./bytes/byte_ring.ts";

/** One end of a connection that exists only in memory: what one end takes, the other has. */
export class DuplexSource<A extends Address = Address> implements StreamSource {
  readonly token: Token;
  #registrar: Registrar;
  #peer: DuplexSource = this;
  /** What the peer has sent and nobody here has taken. */
  #inbox: ByteRing;
  #finished = false;
  #peerFinished = false;
  #reset = false;
  #closed = false;

  constructor(
    registrar: Registrar,
    capacity: number,
    readonly localAddr: A,
    readonly peerAddr: A,
  ) {
    this.#registrar = registrar;
    this.#inbox = new ByteRing(capacity);
    this.token = registrar.register();
  }

  /** Joins two ends. */
  static connect(one: DuplexSource, other: DuplexSource): void {
    [one.#peer, other.#peer] = [other, one];
  }

  /** Whether this end was closed. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Whether the peer has finished sending and all of it was taken. */
  get atEnd(): boolean {
    return this.#peerFinished && this.#inbox.length === 0;
  }

  readiness(): Ready {
    this.#assertOpen();
    const broken = this.#reset;
    const writeClosed = this.#finished || this.#peer.#closed;
    const { length, capacity } = this.#peer.#inbox;
    return {
      readable: broken || this.#peerFinished || this.#inbox.length > 0,
      writable: writeClosed || length < capacity,
      readClosed: broken || this.#peerFinished,
      writeClosed,
    };
  }

  tryRead(into: Uint8Array): Tried<number> {
    const lent = this.tryFill();
    if (into.length === 0) return 0;
    if (lent === WouldBlock) return WouldBlock;
    const n = Math.min(into.length, lent.length);
    into.set(lent.subarray(0, n));
    this.consume(n);
    return n;
  }

  tryFill(): Tried<Uint8Array> {
    this.#assertOpen();
    if (this.#reset) throw new IoError("connection-reset", "read: the other end was aborted");
    return this.#inbox.length === 0 && !this.#peerFinished ? WouldBlock : this.#inbox.lend();
  }

  consume(n: number): void {
    this.#inbox.consume(n);
    if (n > 0) this.#peer.tell(WRITABLE);
  }

  tryWrite(from: Uint8Array): Tried<number> {
    this.#assertOpen();
    if (this.#finished) throw new IoError("broken-pipe", "write: this end was shut down");
    if (this.#peer.#closed) throw new IoError("broken-pipe", "write: the other end is gone");
    if (from.length === 0) return 0;
    const n = this.#peer.#inbox.push(from);
    if (n === 0) return WouldBlock;
    this.#peer.tell(READABLE);
    return n;
  }

  tryFlush(): Tried<void> {
    this.#assertOpen();
  }

  tryShutdown(): Tried<void> {
    this.#assertOpen();
    this.#finish();
  }

  setNoDelay(_on: boolean): void {}

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#inbox.consume(Infinity);
    this.#registrar.deregister(this.token);
    this.#finish();
    this.#peer.tell(WRITABLE); // it may wait for room that never comes
  }

  abort(): void {
    if (this.#closed) return;
    this.#peer.#reset = true;
    this.close();
  }

  /** Something has become possible at this end. */
  protected tell(interest: Interest): void {
    this.#registrar.deliver(this.token, interest);
  }

  #finish(): void {
    this.#finished = true;
    this.#peer.#peerFinished = true;
    this.#peer.tell(READABLE);
  }

  #assertOpen(): void {
    if (this.#closed) throw new Closed("the stream");
  }
}
