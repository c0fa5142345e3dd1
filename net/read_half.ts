import {
  Busy,
  type Co,
  type Context,
  Future,
  type Io,
  Pending,
  type Poll,
  PolledAfterReady,
  READABLE,
  type StreamSource,
  UnexpectedEof,
  WouldBlock,
} from "../runtime/mod.ts";

/** The receiving half of a stream. */
export class ReadHalf {
  /** The read that waits, for there can be only one. For the half's own futures. */
  waiting: Read | undefined;
  /** A future for every message would show in an echo server's throughput, so one is kept. */
  #kept: Read;

  constructor(readonly source: StreamSource, readonly io: Io) {
    this.#kept = new Read(this);
  }

  /**
   * Receives some bytes at the start of `into` and answers how many; 0 means that the peer has
   * finished sending.
   *
   * Cancel safety: safe; a dropped read has taken nothing.
   *
   * @throws {IoError} when the connection broke
   * @throws {Busy} when another task waits for bytes of the same stream
   * @throws {Closed} when the stream was closed here
   */
  read(into: Uint8Array): Future<number> {
    return (this.#kept.idle ? this.#kept : new Read(this)).begin(into);
  }

  /**
   * Fills the whole of `into`.
   *
   * Cancel safety: not safe; dropped, it has taken some bytes and does not say how many.
   *
   * @throws {UnexpectedEof} when the peer finished first; otherwise as {@link read}
   */
  *readExact(into: Uint8Array): Co<void> {
    let got = 0;
    while (got < into.length) {
      const n = yield* this.read(into.subarray(got));
      if (n === 0) throw new UnexpectedEof(into.length, got);
      got += n;
    }
  }
}

class Read extends Future<number> {
  #half: ReadHalf;
  #into: Uint8Array | undefined;

  constructor(half: ReadHalf) {
    super();
    this.#half = half;
  }

  get idle(): boolean {
    return this.#into === undefined;
  }

  begin(into: Uint8Array): this {
    this.#into = into;
    return this;
  }

  poll(cx: Context): Poll<number> {
    const half = this.#half;
    const into = this.#into;
    if (into === undefined) throw new PolledAfterReady("a read");
    this.#into = undefined;
    if (half.waiting !== undefined && half.waiting !== this) throw new Busy("a read");
    half.waiting = undefined;
    const n = half.source.tryRead(into);
    if (n !== WouldBlock) return n;
    this.#into = into;
    half.waiting = this;
    half.io.setWaker(half.source.token, READABLE, cx.waker);
    return Pending;
  }

  override drop(): void {
    this.#into = undefined;
    if (this.#half.waiting === this) this.#half.waiting = undefined;
  }
}
