import {
  type Address,
  type Co,
  type Context,
  type Future,
  type Interest,
  NoDescriptors,
  type Poll,
  type Readiness,
  type Ready,
  type StreamSource,
  type Tried,
} from "../runtime/mod.ts";
import type { AsyncRead } from "./bytes/async_read.ts";
import type { AsyncWrite } from "./bytes/async_write.ts";
import { BecomeReady } from "./become_ready.ts";
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

  /** As {@link ReadHalf.tryRead}. */
  tryRead(into: Uint8Array): Tried<number> {
    return this.#reader.tryRead(into);
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

  /**
   * Waits until a try in one of these directions is worthwhile, and answers what is known of both.
   * For code that reads and writes by `tryRead` and `tryWrite`.
   *
   * What it answers is a hint: a try may still find nothing, and then the next `ready` waits. That
   * the peer has finished is known at the latest when everything before it was read; some drivers
   * know it sooner. The limits of `setReadTimeout` and `setWriteTimeout` do not count here.
   *
   * Cancel safety: safe; nothing is taken.
   *
   * @throws {Busy} when another task waits in one of these directions
   * @throws {Closed} when the stream was closed here
   * @throws {TypeError} when no direction is named
   *
   * @example
   * ```ts
   * import { blockOn, READABLE, WouldBlock, WRITABLE } from "wakeful/runtime";
   * import { duplex } from "wakeful/net";
   * import { assertEquals } from "@std/assert";
   *
   * await blockOn(function* () {
   *   const [client, server] = duplex();
   *   assertEquals((yield* client.ready(READABLE, WRITABLE)).readable, false);
   *   client.tryWrite(new Uint8Array(3));
   *   const { readable } = yield* server.ready(READABLE);
   *   const into = new Uint8Array(8);
   *   assertEquals([readable, server.tryRead(into)], [true, 3]);
   *   assertEquals(server.tryRead(into), WouldBlock);
   *   client.close();
   *   assertEquals((yield* server.ready(READABLE)).readClosed, true);
   * });
   * ```
   */
  ready(...directions: Interest[]): Future<Ready> {
    if (directions.length === 0) throw new TypeError("Expected READABLE, WRITABLE or both");
    const halves = [this.#reader, this.#writer];
    return new BecomeReady(halves.filter(({ interest }) => directions.includes(interest)));
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

  /**
   * Gives the connection away, before anything was read of it: answers the descriptor, which the
   * `adopt` of another runtime in this process turns into a stream again. Whoever has it has to
   * close it. This stream is closed, and waits of other tasks end with `Closed`.
   *
   * Only streams of the epoll driver have one.
   *
   * @throws {NoDescriptors} on other drivers
   * @throws {Misuse} when it holds bytes that were received
   * @throws {Closed} when the stream was closed here
   */
  release(): number {
    const { source } = this;
    if (source.release === undefined) throw new NoDescriptors();
    this.#reader.clearLimit();
    this.#writer.clearLimit();
    return source.release();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
