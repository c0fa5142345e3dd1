import { Closed, type IoError } from "../../core/errors.ts";
import {
  type Address,
  type Interest,
  READABLE,
  type Ready,
  type StreamSource,
  type Token,
  type Tried,
  WouldBlock,
  WRITABLE,
} from "../../core/io.ts";
import { showAddress } from "../../core/address.ts";
import type { Registrar } from "../driver.ts";
import { fromDeno } from "./address.ts";
import { ioError } from "./errors.ts";
import { Outbox } from "./outbox.ts";
import type { Submission, Submissions } from "./submissions.ts";

/** The first read buffer. A silent connection has a read in flight, so it costs at least this. */
const INITIAL_INBOX_BYTES = 256;
/** A read that fills the buffer makes the next one this much larger. */
const INBOX_GROWTH = 4;
/** Beyond this, larger reads save little, and this much per busy connection is dear enough. */
const MAX_INBOX_BYTES = 64 * 1024;

const NOTHING = new Uint8Array(0);
/** An outbox before the first write. */
const UNUSED = { writable: true, writeClosed: false };

/**
 * A connection of Deno's as a source that is tried.
 *
 * Reading: one read is in flight at most, into a buffer of the source's own, and only once a try
 * has found that buffer empty; so bytes are never lost to a task that stopped waiting, and a
 * client that is not read from is not buffered for. Writing is the outbox's affair.
 */
export class DenoStream implements StreamSource, Submission {
  readonly token: Token;
  #conn: Deno.Conn;
  #registrar: Registrar;
  #submissions: Submissions;
  /** Made by the first write: many connections only listen. */
  #outbox: Outbox | undefined;
  #inbox: Uint8Array<ArrayBuffer> | undefined;
  #start = 0;
  #end = 0;
  #view: Uint8Array | undefined;
  #reading = false;
  #ended = false;
  #failed: IoError | undefined;
  #closed = false;

  constructor(conn: Deno.Conn, registrar: Registrar, submissions: Submissions) {
    this.#conn = conn;
    this.#registrar = registrar;
    this.#submissions = submissions;
    this.token = registrar.register();
  }

  get localAddr(): Address {
    return fromDeno(this.#conn.localAddr);
  }

  get peerAddr(): Address {
    return fromDeno(this.#conn.remoteAddr);
  }

  readiness(wanted: Interest): Ready {
    if (this.#closed) throw new Closed("the stream");
    const over = this.#ended || this.#failed !== undefined;
    const readable = over || this.#start < this.#end;
    if (wanted === READABLE && !readable && !this.#reading) this.#submitRead();
    const { writable, writeClosed } = this.#outbox ?? UNUSED;
    return { readable, writable, readClosed: over, writeClosed };
  }

  tryRead(into: Uint8Array): Tried<number> {
    const filled = this.tryFill();
    if (into.length === 0) return 0;
    if (filled === WouldBlock) return WouldBlock;
    const n = Math.min(into.length, filled.length);
    into.set(n === filled.length ? filled : filled.subarray(0, n));
    this.#start += n;
    return n;
  }

  tryFill(): Tried<Uint8Array> {
    if (this.#closed) throw new Closed("the stream");
    if (this.#start < this.#end) return this.#received();
    if (this.#failed !== undefined) throw this.#failed;
    if (this.#ended) return NOTHING;
    if (!this.#reading) this.#submitRead();
    return WouldBlock;
  }

  consume(n: number): void {
    this.#start = Math.min(this.#start + n, this.#end);
  }

  tryWrite(from: Uint8Array): Tried<number> {
    return this.#openOutbox().tryWrite(from);
  }

  tryFlush(): Tried<void> {
    return this.#openOutbox().tryFlush();
  }

  tryShutdown(): Tried<void> {
    return this.#openOutbox().tryShutdown();
  }

  setNoDelay(on: boolean): void {
    if ("setNoDelay" in this.#conn) (this.#conn as Deno.TcpConn).setNoDelay(on);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#registrar.deregister(this.token);
    if (this.#outbox === undefined) this.#conn.close();
    else this.#outbox.close();
  }

  abort(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#registrar.deregister(this.token);
    this.#conn.close();
  }

  #openOutbox(): Outbox {
    if (this.#closed) throw new Closed("the stream");
    this.#outbox ??= new Outbox(this.#conn, () => this.#registrar.deliver(this.token, WRITABLE));
    return this.#outbox;
  }

  #submitRead(): void {
    this.#reading = true;
    this.#submissions.add(this);
  }

  /**
   * The bytes that have not been taken. Clients tend to send messages of one size, so the last
   * view is kept instead of a new one being made for each.
   */
  #received(): Uint8Array {
    const start = this.#start;
    const end = this.#end;
    if (start !== 0) return this.#inbox!.subarray(start, end);
    if (this.#view?.length !== end) this.#view = this.#inbox!.subarray(0, end);
    return this.#view;
  }

  /** Starts the read. For the driver, at the end of the turn. */
  submit(): void {
    if (this.#closed) return;
    this.#conn.read(this.#roomyInbox()).then(this.#onRead, this.#onReadError);
  }

  #roomyInbox(): Uint8Array<ArrayBuffer> {
    const inbox = this.#inbox;
    const filled = inbox !== undefined && this.#end === inbox.length;
    if (inbox !== undefined && !(filled && inbox.length < MAX_INBOX_BYTES)) return inbox;
    this.#view = undefined;
    this.#inbox = new Uint8Array(inbox ? inbox.length * INBOX_GROWTH : INITIAL_INBOX_BYTES);
    return this.#inbox;
  }

  #onRead = (n: number | null): void => {
    this.#reading = false;
    if (this.#closed) return;
    this.#start = 0;
    this.#end = n ?? 0;
    this.#ended = n === null;
    this.#registrar.deliver(this.token, READABLE);
  };

  #onReadError = (error: unknown): void => {
    this.#reading = false;
    if (this.#closed) return;
    this.#failed = ioError(`read from ${showAddress(this.peerAddr)}`, error);
    this.#registrar.deliver(this.token, READABLE);
  };
}
