import {
  type Co,
  type Context,
  type Future,
  type Poll,
  READABLE,
  type Tried,
  UnexpectedEof,
  WouldBlock,
} from "../runtime/mod.ts";
import type { AsyncRead } from "./bytes/async_read.ts";
import { Half, HalfOp } from "./half_op.ts";

/** The receiving half of a stream. */
export class ReadHalf extends Half implements AsyncRead {
  #read: Read | undefined;
  #fill: Fill | undefined;

  get interest(): typeof READABLE {
    return READABLE;
  }

  /**
   * Receives some bytes at the start of `into` and answers how many; 0 means that the peer has
   * finished sending.
   *
   * Cancel safety: safe; a dropped read has taken nothing.
   *
   * @throws {IoError} when the connection broke
   * @throws {TimedOut} when nothing came within the limit that `setLimit` set
   * @throws {Busy} when another task waits for bytes of the same stream
   * @throws {Closed} when the stream was closed here
   */
  read(into: Uint8Array): Future<number> {
    if (!this.#read?.idle) this.#read = new Read(this, "a read");
    this.#read.into = into;
    return this.#read.begin();
  }

  /**
   * Receives what is there at once and answers how many bytes that were; `WouldBlock` when there
   * are none, also because another task waits to receive. Otherwise as {@link read}.
   */
  tryRead(into: Uint8Array): Tried<number> {
    if (this.waiting !== undefined) return WouldBlock;
    const n = this.source.tryRead(into);
    if (n !== WouldBlock) this.limit?.moved();
    return n;
  }

  /**
   * Waits for bytes and lends them where they lie, without copying; none means that the peer has
   * finished sending. They are yours until the next operation on this half; `consume` takes them,
   * and what was not taken is lent again.
   *
   * Cancel safety: safe. Errors as {@link read}.
   */
  fill(): Future<Uint8Array> {
    if (!this.#fill?.idle) this.#fill = new Fill(this, "a read");
    return this.#fill.begin();
  }

  /** Takes the first `n` of the bytes that `fill` lent. */
  consume(n: number): void {
    this.source.consume(n);
  }

  /** As {@link read}, at the level of polls: the waker of the latest Pending is the one woken. */
  pollRead(cx: Context, into: Uint8Array): Poll<number> {
    this.assertFree("a read");
    return this.settle(cx, "a read", this.source.tryRead(into));
  }

  /** As {@link fill}, at the level of polls. */
  pollFill(cx: Context): Poll<Uint8Array> {
    this.assertFree("a read");
    return this.settle(cx, "a read", this.source.tryFill());
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

class Read extends HalfOp<number> {
  into: Uint8Array | undefined;

  protected attempt(): Tried<number> {
    return this.source.tryRead(this.into!);
  }
}

class Fill extends HalfOp<Uint8Array> {
  protected attempt(): Tried<Uint8Array> {
    return this.source.tryFill();
  }
}
