import {
  Busy,
  type Context,
  type DatagramSource,
  Future,
  Pending,
  type Poll,
  PolledAfterReady,
  READABLE,
  type Readiness,
  type Tried,
  WouldBlock,
} from "../runtime/mod.ts";

/** A socket as its receives see it. */
export interface Receiver {
  readonly source: DatagramSource;
  readonly readiness: Readiness;
  /** The receive that waits, for there can be only one. */
  waiting: Future<unknown> | undefined;
}

/** Waits for a datagram; `attempt` takes it. */
export class Receive<T> extends Future<T> {
  #receiver: Receiver;
  #attempt: () => Tried<T>;
  #spent = false;

  constructor(receiver: Receiver, attempt: () => Tried<T>) {
    super();
    this.#receiver = receiver;
    this.#attempt = attempt;
  }

  poll(cx: Context): Poll<T> {
    if (this.#spent) throw new PolledAfterReady("a receive");
    this.#spent = true;
    const receiver = this.#receiver;
    if (receiver.waiting !== undefined && receiver.waiting !== this) throw new Busy("a receive");
    receiver.waiting = undefined;
    const tried = this.#attempt();
    if (tried !== WouldBlock) return tried;
    this.#spent = false;
    receiver.waiting = this;
    receiver.readiness.setWaker(receiver.source.token, READABLE, cx.waker);
    return Pending;
  }

  override drop(): void {
    this.#spent = true;
    if (this.#receiver.waiting === this) this.#receiver.waiting = undefined;
  }
}
