import { showAddress } from "../../core/address.ts";
import type { IoError } from "../../core/errors.ts";
import { type Tried, WouldBlock } from "../../core/io.ts";
import { fromDeno } from "./address.ts";
import { ioError } from "./errors.ts";

/** The most that is taken from a task before it has to wait for the peer. */
const MAX_OUTBOX_BYTES = 64 * 1024;
const MIN_OUTBOX_BYTES = 256;

/** How long a closed connection may go on delivering what was written to it. */
const LINGER_MS = 5_000;

/**
 * The writing half of a connection: bytes that were taken and are on their way.
 *
 * Bytes are copied, so that the task may use its buffer again at once, and handed to Deno in one
 * write at a time; until that is done, further writes would block. So a peer that does not read
 * costs this buffer and no more. Closing lets the bytes go out first, for a bounded time, as the
 * operating system does with its own send buffer.
 */
export class Outbox {
  #conn: Deno.Conn;
  #onReady: () => void;
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  #sending: Uint8Array<ArrayBuffer> | undefined;
  #shutdown: "open" | "closing" | "closed" = "open";
  #failed: IoError | undefined;
  #writing = false;
  #closed = false;
  #linger: ReturnType<typeof setTimeout> | undefined;

  constructor(conn: Deno.Conn, onReady: () => void) {
    this.#conn = conn;
    this.#onReady = onReady;
  }

  /** Whether a write is worth a try. */
  get writable(): boolean {
    return !this.#writing;
  }

  /** Whether no more bytes can be sent. */
  get writeClosed(): boolean {
    return this.#shutdown !== "open" || this.#failed !== undefined;
  }

  tryWrite(from: Uint8Array): Tried<number> {
    if (this.#failed !== undefined) throw this.#failed;
    if (this.#writing) return WouldBlock;
    if (from.length === 0) return 0;
    const n = Math.min(from.length, MAX_OUTBOX_BYTES);
    this.#writing = true;
    this.#sending = this.#copy(n === from.length ? from : from.subarray(0, n));
    this.#conn.write(this.#sending).then(this.#onWritten, this.#onError);
    return n;
  }

  tryFlush(): Tried<void> {
    if (this.#failed !== undefined) throw this.#failed;
    return this.#writing ? WouldBlock : undefined;
  }

  tryShutdown(): Tried<void> {
    if (this.tryFlush() === WouldBlock) return WouldBlock;
    if (this.#shutdown === "closed") return;
    if (this.#shutdown === "open") this.#closeWrite();
    return WouldBlock;
  }

  close(): void {
    this.#closed = true;
    if (!this.#writing) return this.#conn.close();
    this.#linger = setTimeout(() => {
      this.#linger = undefined;
      this.#conn.close();
    }, LINGER_MS);
  }

  /** The bytes in a view of the buffer; the last view is kept, for messages of one size. */
  #copy(from: Uint8Array): Uint8Array<ArrayBuffer> {
    const n = from.length;
    if (this.#sending?.length !== n || this.#sending.byteOffset !== 0) {
      if (this.#buffer === undefined || this.#buffer.length < n) {
        this.#buffer = new Uint8Array(Math.max(n, MIN_OUTBOX_BYTES));
      }
      this.#sending = this.#buffer.subarray(0, n);
    }
    this.#sending.set(from);
    return this.#sending;
  }

  #onWritten = (n: number): void => {
    const abandoned = this.#closed && this.#linger === undefined;
    if (n < this.#sending!.length && !abandoned) {
      this.#sending = this.#sending!.subarray(n);
      this.#conn.write(this.#sending).then(this.#onWritten, this.#onError);
    } else {
      this.#settle();
    }
  };

  #onError = (error: unknown): void => {
    this.#failed = ioError(`write to ${showAddress(fromDeno(this.#conn.remoteAddr))}`, error);
    this.#settle();
  };

  #settle(): void {
    this.#writing = false;
    if (!this.#closed) return this.#onReady();
    if (this.#linger === undefined) return;
    clearTimeout(this.#linger);
    this.#linger = undefined;
    this.#conn.close();
  }

  #closeWrite(): void {
    this.#shutdown = "closing";
    this.#conn.closeWrite().then(() => {
      this.#shutdown = "closed";
      if (!this.#closed) this.#onReady();
    }, this.#onError);
  }
}
