import { type Co, currentLoop, Notify } from "../../runtime/mod.ts";
import { type Stream, TcpStream, UnixStream } from "../../net/mod.ts";
import { DescriptorLedger } from "./descriptor_ledger.ts";

/** The order to serve a client that another thread has accepted; `note` is what is known of it. */
export interface HandedClient<N> {
  readonly kind: "client";
  readonly descriptor: number;
  readonly isUnix: boolean;
  readonly note: N;
}

/** The thread that accepts: gives clients away, and closes those of a thread that is no more. */
export class HandingOver {
  /** For the threads' own ends. */
  readonly memory = DescriptorLedger.memory();
  readonly #ledger = new DescriptorLedger(this.memory);

  /** Makes the order with which the thread at `seat` takes the client over. */
  give<N>(stream: Stream, seat: number, note: N): HandedClient<N> {
    const isUnix = stream.localAddr.transport === "unix";
    const descriptor = stream.release();
    this.#ledger.enter(descriptor, seat);
    return { kind: "client", descriptor, isUnix, note };
  }

  /** Closes all that the thread at `seat` has left behind. For a task. */
  closeAll(seat: number): void {
    const { io } = currentLoop();
    for (const descriptor of this.#ledger.takeAll(seat)) io.adopt(descriptor).abort();
  }
}

/** A client that has come to this thread. */
export interface TakenOver {
  readonly stream: Stream;
  /** To be called just before the stream is closed. */
  readonly closing: () => void;
}

/** A thread that serves: takes clients over, in the order in which they come. */
export class TakingOver<N> {
  readonly #ledger: DescriptorLedger;
  readonly #arrived = new Notify();
  #waiting: HandedClient<N>[] = [];

  /** @param memory that of the {@link HandingOver} thread */
  constructor(memory: SharedArrayBuffer) {
    this.#ledger = new DescriptorLedger(memory);
  }

  /** Whether somebody waits to be taken. */
  get hasMore(): boolean {
    return this.#waiting.length > 0;
  }

  arrive(client: HandedClient<N>): void {
    this.#waiting.push(client);
    this.#arrived.notifyOne();
  }

  /**
   * Waits for the next client.
   *
   * Cancel safety: safe; a dropped wait has taken nobody.
   */
  *next(): Co<HandedClient<N>> {
    while (!this.hasMore) yield* this.#arrived.notified();
    return this.#waiting.shift()!;
  }

  /**
   * Makes a stream of a client's descriptor, at once.
   *
   * @throws {IoError} when that cannot be; the connection is closed then
   */
  *takeOver({ descriptor, isUnix }: HandedClient<N>): Co<TakenOver> {
    const closing = () => this.#ledger.strike(descriptor);
    let stream: Stream | undefined;
    try {
      stream = yield* isUnix ? UnixStream.adopt(descriptor) : TcpStream.adopt(descriptor);
    } finally {
      if (stream === undefined) closing();
    }
    return { stream, closing };
  }
}
