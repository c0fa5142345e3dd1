import { showAddress } from "../../core/address.ts";
import { Closed, type IoError, Misuse } from "../../core/errors.ts";
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
import { BUFFER_BYTES, type ReadBuffer, type ReadBuffers } from "./buffers.ts";
import { sysError } from "./errors.ts";
import {
  EAGAIN,
  EPIPE,
  EPOLLERR,
  EPOLLHUP,
  EPOLLIN,
  EPOLLOUT,
  EPOLLRDHUP,
  errno,
  IPPROTO_TCP,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  SHUT_WR,
  TCP_NODELAY,
} from "./libc.ts";
import { NO_DESCRIPTOR, type Pollable, type Poller } from "./poller.ts";
import { keepAddress, type KeptAddress, keptAddress } from "./sockaddr.ts";
import { localAddress } from "./socket.ts";

const BROKEN = EPOLLHUP | EPOLLERR;
const GONE = EPOLLRDHUP | BROKEN;
const SEND_FLAGS = MSG_NOSIGNAL | MSG_DONTWAIT;
const NOTHING = new Uint8Array(0);

/** What a stream shares with all others of its driver. */
export interface StreamParts {
  readonly poller: Poller;
  readonly registrar: Registrar;
  readonly buffers: ReadBuffers;
}

/**
 * A connected socket.
 *
 * Readiness is remembered: an event sets it, a call that falls short of what was asked for clears
 * it, and as long as it is clear nothing is called. A read that does not fill its buffer has
 * drained the socket, so there is no second call to be told so; only after the peer has finished
 * or failed, of which no further event would tell, reading goes on to the end.
 */
export class EpollStream implements StreamSource, Pollable {
  readonly token: Token;
  readonly generation: number;
  #parts: StreamParts;
  #fd: number;
  #readable = false;
  #writable = true;
  #peerGone = false;
  /** Both directions are over, or the connection has failed. */
  #broken = false;
  #finished = false;
  #buffer: ReadBuffer | undefined;
  #start = 0;
  #end = 0;
  #ended = false;
  /**
   * What the connection has failed with: the system tells it only once, to whichever direction
   * asks first, and the end of the stream to the other.
   */
  #failed: IoError | undefined;
  #closed = false;
  #local: Address | undefined;
  /** As the system wrote it, until somebody asks. */
  #peer: Address | KeptAddress;

  constructor(fd: number, generation: number, parts: StreamParts, peer: Uint8Array<ArrayBuffer>) {
    this.#fd = fd;
    this.#peer = keepAddress(peer);
    this.generation = generation;
    this.#parts = parts;
    this.token = parts.registrar.register();
  }

  get localAddr(): Address {
    return this.#local ??= localAddress(this.#parts.poller.libc, this.#fd);
  }

  get peerAddr(): Address {
    const peer = this.#peer;
    const isKept = typeof peer === "number" || peer instanceof Uint8Array;
    return this.#peer = isKept ? keptAddress(peer) : peer;
  }

  /**
   * An event says all that holds now, not what has changed; most say once more that there is room.
   * Nobody waits for what was known already.
   */
  onEvents(bits: number): void {
    const { registrar } = this.#parts;
    if (bits & (EPOLLIN | GONE) && (!this.#readable || bits & GONE)) {
      this.#readable = true;
      if (bits & GONE) this.#peerGone = true;
      registrar.deliver(this.token, READABLE);
    }
    if (bits & (EPOLLOUT | BROKEN) && (!this.#writable || bits & BROKEN)) {
      this.#writable = true;
      if (bits & BROKEN) this.#broken = true;
      registrar.deliver(this.token, WRITABLE);
    }
  }

  /** As the system has told it: readable stays set after a read that filled its buffer exactly. */
  readiness(): Ready {
    if (this.#closed) throw new Closed("the stream");
    const over = this.#ended || this.#failed !== undefined;
    return {
      readable: this.#readable || over || this.#start < this.#end,
      writable: this.#writable,
      readClosed: this.#peerGone || over,
      writeClosed: this.#broken || this.#finished || this.#failed !== undefined,
    };
  }

  tryRead(into: Uint8Array): Tried<number> {
    if (this.#start < this.#end) return this.#readBuffered(into);
    if (this.#closed) throw new Closed("the stream");
    if (this.#ended || into.length === 0) return 0;
    if (!this.#readable) return this.#notNow();
    return this.#receive(into, into.length);
  }

  tryFill(): Tried<Uint8Array> {
    if (this.#closed) throw new Closed("the stream");
    if (this.#start < this.#end) return this.#buffer!.view(this.#start, this.#end);
    if (this.#ended) return NOTHING;
    if (!this.#readable) return this.#notNow();
    const buffer = this.#buffer ??= this.#parts.buffers.take();
    const n = this.#receive(buffer.bytes, BUFFER_BYTES);
    if (n === WouldBlock || n === 0) {
      this.#giveBuffer();
      return n === 0 ? NOTHING : WouldBlock;
    }
    this.#start = 0;
    this.#end = n;
    return buffer.view(0, n);
  }

  consume(n: number): void {
    this.#start += n;
    if (this.#start >= this.#end) this.#giveBuffer();
  }

  tryWrite(from: Uint8Array): Tried<number> {
    if (this.#closed) throw new Closed("the stream");
    if (!this.#writable) return WouldBlock;
    const { length } = from;
    if (length === 0) return 0;
    const n = this.#parts.poller.libc.send(
      this.#fd,
      from as Uint8Array<ArrayBuffer>,
      length,
      SEND_FLAGS,
    );
    if (n === length) return n;
    const error = errno();
    this.#writable = false;
    if (n >= 0) return n;
    if (error === EAGAIN) return WouldBlock;
    this.#writable = true; // so that the next try fails as well
    if (error !== EPIPE) this.#failed ??= this.#failure("read from", error);
    throw this.#failure("write to", error);
  }

  /** What was taken is in the system's hands already. */
  tryFlush(): Tried<void> {
    if (this.#closed) throw new Closed("the stream");
  }

  tryShutdown(): Tried<void> {
    if (this.#closed) throw new Closed("the stream");
    this.#finished = true;
    this.#parts.poller.libc.shutdown(this.#fd, SHUT_WR);
  }

  setNoDelay(on: boolean): void {
    if (this.#closed) throw new Closed("the stream");
    const value = new Uint8Array(new Int32Array([on ? 1 : 0]).buffer);
    this.#parts.poller.libc.setsockopt(this.#fd, IPPROTO_TCP, TCP_NODELAY, value, value.length);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#giveBuffer();
    this.#parts.poller.close(this.#fd);
    this.#fd = NO_DESCRIPTOR; // its number may be another's soon
    this.#parts.registrar.deregister(this.token);
  }

  abort(): void {
    this.close();
  }

  release(): number {
    if (this.#closed) throw new Closed("the stream");
    if (this.#start < this.#end) throw new Misuse("Cannot give a stream away: read what it holds");
    const fd = this.#fd;
    this.#parts.poller.release(fd);
    this.#closed = true;
    this.#fd = NO_DESCRIPTOR;
    this.#parts.registrar.deregister(this.token);
    return fd;
  }

  #readBuffered(into: Uint8Array): number {
    const n = Math.min(into.length, this.#end - this.#start);
    into.set(this.#buffer!.view(this.#start, this.#start + n));
    this.consume(n);
    return n;
  }

  #receive(into: Uint8Array, length: number): Tried<number> {
    const n = this.#parts.poller.libc.recv(this.#fd, into as Uint8Array<ArrayBuffer>, length, 0);
    if (n === length) return n;
    const error = errno();
    if (n > 0) {
      this.#readable = this.#peerGone;
      return n;
    }
    this.#readable = false;
    if (n < 0 && error !== EAGAIN) this.#failed = this.#failure("read from", error);
    this.#ended = n === 0 && this.#failed === undefined;
    return this.#ended ? 0 : this.#notNow();
  }

  #notNow(): typeof WouldBlock {
    if (this.#failed !== undefined) throw this.#failed;
    return WouldBlock;
  }

  #giveBuffer(): void {
    const buffer = this.#buffer;
    this.#start = this.#end = 0;
    if (buffer === undefined) return;
    this.#buffer = undefined;
    this.#parts.buffers.giveBack(buffer);
  }

  #failure(doing: string, error: number): IoError {
    return sysError(`${doing} ${showAddress(this.peerAddr)}`, error);
  }
}
