import type {
  Address,
  Co,
  Context,
  Future,
  Poll,
  Readiness,
  StreamSource,
} from "../runtime/mod.ts";
import type { AsyncRead } from "./bytes/async_read.ts";
import type { AsyncWrite } from "./bytes/async_write.ts";
import { ReadHalf } from "./read_half.ts";
import { WriteHalf } from "./write_half.ts";

/** A connected byte stream, whatever it runs over. */
export abstract class Stream<A extends Address = Address> implements AsyncRead, AsyncWrite {
  protected readonly source: StreamSource;
  #reader: ReadHalf;
  #writer: WriteHalf;

  constructor(source: StreamSource, io: Readiness) {
    this.source = source;
    this.#reader = new ReadHalf(source, io);
    this.#writer = new WriteHalf(source, io);
  }

  get localAddr(): A {
    return this.source.localAddr as A;
  }

  get peerAddr(): A {
    return this.source.peerAddr as A;
  }

  /** As {@link ReadHalf.read}. */
  read(into: Uint8Array): Future<number> {
    return this.#reader.read(into);
  }

  /** As {@link ReadHalf.fill}. */
  fill(): Future<Uint8Array> {
    return this.#reader.fill();
  }

  /** As {@link ReadHalf.consume}. */
  consume(n: number): void {
    this.#reader.consume(n);
  }

  /** As {@link ReadHalf.pollRead}. */
  pollRead(cx: Context, into: Uint8Array): Poll<number> {
    return this.#reader.pollRead(cx, into);
  }

  /** As {@link ReadHalf.pollFill}. */
  pollFill(cx: Context): Poll<Uint8Array> {
    return this.#reader.pollFill(cx);
  }

  /** As {@link ReadHalf.readExact}. */
  readExact(into: Uint8Array): Co<void> {
    return this.#reader.readExact(into);
  }

  /** As {@link WriteHalf.write}. */
  write(from: Uint8Array): Future<number> {
    return this.#writer.write(from);
  }

  /** As {@link WriteHalf.tryWrite}. */
  tryWrite(from: Uint8Array): number {
    return this.#writer.tryWrite(from);
  }

  /** As {@link WriteHalf.writeAll}. */
  writeAll(from: Uint8Array): Future<void> {
    return this.#writer.writeAll(from);
  }

  /** As {@link WriteHalf.flush}. */
  flush(): Future<void> {
    return this.#writer.flush();
  }

  /** As {@link WriteHalf.shutdown}. */
  shutdown(): Future<void> {
    return this.#writer.shutdown();
  }

  /** As {@link WriteHalf.pollWrite}. */
  pollWrite(cx: Context, from: Uint8Array): Poll<number> {
    return this.#writer.pollWrite(cx, from);
  }

  /** As {@link WriteHalf.pollFlush}. */
  pollFlush(cx: Context): Poll<void> {
    return this.#writer.pollFlush(cx);
  }

  /** As {@link WriteHalf.pollShutdown}. */
  pollShutdown(cx: Context): Poll<void> {
    return this.#writer.pollShutdown(cx);
  }

  /** Lets receiving wait no longer than `milliseconds`; as {@link ReadHalf.setLimit}. */
  setReadTimeout(milliseconds: number): void {
    this.#reader.setLimit(milliseconds);
  }

  /** Lets sending wait no longer than `milliseconds`; as {@link WriteHalf.setLimit}. */
  setWriteTimeout(milliseconds: number): void {
    this.#writer.setLimit(milliseconds);
  }

  /** The two halves, for two tasks. They stay part of the stream: closing it closes both. */
  split(): { reader: ReadHalf; writer: WriteHalf } {
    return { reader: this.#reader, writer: this.#writer };
  }

  /**
   * Closes both directions at once and ends the waits of other tasks with `Closed`. Bytes that
   * were sent before still go out, for as long as the driver lets a closed connection linger.
   */
  close(): void {
    this.#reader.clearLimit();
    this.#writer.clearLimit();
    this.source.close();
  }

  /** Closes as {@link close} does, but drops what has not gone out yet. */
  abort(): void {
    this.#reader.clearLimit();
    this.#writer.clearLimit();
    this.source.abort();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
