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
  waiting: ReceiveOp<unknown> | undefined;
  /** A future for every message would show in an echo server's throughput, so the last is kept. */
  #read: Read | undefined;
  #fill: Fill | undefined;

  constructor(readonly source: StreamSource, readonly io: Io) {}

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
    if (!this.#read?.idle) this.#read = new Read(this);
    return this.#read.begin(into);
  }

  /**
   * Waits for bytes and lends them where they lie, without copying; none means that the peer has
   * finished sending. They are yours until the next operation on this half; `consume` takes them,
   * and what was not taken is lent again.
   *
   * Cancel safety: safe. Errors as {@link read}.
   */
  fill(): Future<Uint8Array> {
    if (!this.#fill?.idle) this.#fill = new Fill(this);
    return this.#fill.begin();
  }

  /** Takes the first `n` of the bytes that `fill` lent. */
  consume(n: number): void {
    this.source.consume(n);
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

/** A wait for bytes: try; if it would block, leave the waker and be Pending. */
abstract class ReceiveOp<T> extends Future<T> {
  #half: ReadHalf;
  protected readonly source: StreamSource;
  /** Whether it can be begun anew. */
  idle = true;

  constructor(half: ReadHalf) {
    super();
    this.#half = half;
    this.source = half.source;
  }

  protected abstract attempt(): T | typeof WouldBlock;

  poll(cx: Context): Poll<T> {
    if (this.idle) throw new PolledAfterReady("a read");
    const half = this.#half;
    this.idle = true;
    if (half.waiting !== undefined && half.waiting !== this) throw new Busy("a read");
    half.waiting = undefined;
    const done = this.attempt();
    if (done !== WouldBlock) return done;
    this.idle = false;
    half.waiting = this;
    half.io.setWaker(this.source.token, READABLE, cx.waker);
    return Pending;
  }

  override drop(): void {
    this.idle = true;
    if (this.#half.waiting === this) this.#half.waiting = undefined;
  }
}

class Read extends ReceiveOp<number> {
  #into: Uint8Array | undefined;

  begin(into: Uint8Array): this {
    this.idle = false;
    this.#into = into;
    return this;
  }

  protected attempt(): number | typeof WouldBlock {
    return this.source.tryRead(this.#into!);
  }
}

class Fill extends ReceiveOp<Uint8Array> {
  begin(): this {
    this.idle = false;
    return this;
  }

  protected attempt(): Uint8Array | typeof WouldBlock {
    return this.source.tryFill();
  }
}
