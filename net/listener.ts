import {
  type Address,
  Busy,
  type Context,
  Future,
  type Io,
  type ListenerSource,
  Pending,
  type Poll,
  PolledAfterReady,
  READABLE,
  type StreamSource,
  WouldBlock,
} from "../runtime/mod.ts";

/** Makes the stream of a listener's kind from what the driver accepted. */
export type WrapStream<S> = (source: StreamSource, io: Io) => S;

/** A bound socket whose clients arrive as streams of kind `S`. */
export abstract class Listener<S, A extends Address = Address> {
  protected readonly source: ListenerSource;
  /** The accept that waits, for there can be only one. For the listener's own futures. */
  waiting: Accept<S> | undefined;
  #io: Io;
  #wrap: WrapStream<S>;

  constructor(source: ListenerSource, io: Io, wrap: WrapStream<S>) {
    this.source = source;
    this.#io = io;
    this.#wrap = wrap;
  }

  /** Where it listens: with port 0 asked for, the port that was found. */
  get localAddr(): A {
    return this.source.localAddr as A;
  }

  /**
   * Waits for the next client.
   *
   * Cancel safety: safe; a client that arrives while nobody waits is there for the next accept.
   *
   * @throws {IoError} when the system cannot accept now, for example for want of descriptors; the
   * listener goes on, and trying again after a pause is right
   * @throws {Busy} when another task waits to accept on the same listener
   * @throws {Closed} when the listener was closed
   */
  accept(): Future<S> {
    return new Accept(this, this.source, this.#io, this.#wrap);
  }

  /** Stops listening and ends a waiting accept with `Closed`; accepted streams live on. */
  close(): void {
    this.source.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

class Accept<S> extends Future<S> {
  #spent = false;

  constructor(
    readonly listener: Listener<S>,
    readonly source: ListenerSource,
    readonly io: Io,
    readonly wrap: WrapStream<S>,
  ) {
    super();
  }

  poll(cx: Context): Poll<S> {
    if (this.#spent) throw new PolledAfterReady("an accept");
    this.#spent = true;
    const { listener, source, io } = this;
    if (listener.waiting !== undefined && listener.waiting !== this) throw new Busy("an accept");
    listener.waiting = undefined;
    const accepted = source.tryAccept();
    if (accepted !== WouldBlock) return this.wrap(accepted, io);
    this.#spent = false;
    listener.waiting = this;
    io.setWaker(source.token, READABLE, cx.waker);
    return Pending;
  }

  override drop(): void {
    this.#spent = true;
    if (this.listener.waiting === this) this.listener.waiting = undefined;
  }
}
