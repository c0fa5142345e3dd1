import {
  type ConnectSource,
  type Context,
  Future,
  type Io,
  Pending,
  type Poll,
  PolledAfterReady,
  type StreamSource,
  WouldBlock,
  WRITABLE,
} from "../runtime/mod.ts";

/** A connection attempt: begins at the first poll, is given up when dropped. */
export class Connect<S> extends Future<S> {
  #begin: (io: Io) => ConnectSource;
  #wrap: (source: StreamSource, io: Io) => S;
  #source: ConnectSource | undefined;
  #spent = false;

  constructor(begin: (io: Io) => ConnectSource, wrap: (source: StreamSource, io: Io) => S) {
    super();
    this.#begin = begin;
    this.#wrap = wrap;
  }

  poll(cx: Context): Poll<S> {
    if (this.#spent) throw new PolledAfterReady("a connect");
    const { io } = cx.loop;
    this.#source ??= this.#begin(io);
    const stream = this.#tryConnect(this.#source);
    if (stream !== WouldBlock) return this.#wrap(stream, io);
    io.setWaker(this.#source.token, WRITABLE, cx.waker);
    return Pending;
  }

  override drop(): void {
    this.#spent = true;
    this.#source?.close();
  }

  #tryConnect(source: ConnectSource): StreamSource | typeof WouldBlock {
    try {
      const stream = source.tryConnect();
      this.#spent = stream !== WouldBlock;
      return stream;
    } catch (error) {
      this.drop();
      throw error;
    }
  }
}
