import { type Co, type Future, Notify } from "../../runtime/mod.ts";

/** More than this is a crowd. */
const MOST_WAITING = 1_024;

/**
 * Messages on their way to another thread: anybody may post one without waiting, and one task sends
 * all that has gathered in one batch.
 */
export class Outgoing<M> {
  #waiting: M[] = [];
  readonly #posted = new Notify();
  readonly #sent = new Notify();

  post(message: M): void {
    this.#waiting.push(message);
    this.#posted.notifyOne();
  }

  /** Whether so many are on their way that who could post without end has to wait for room. */
  get isCrowded(): boolean {
    return this.#waiting.length > MOST_WAITING;
  }

  /** Waits until few enough are on their way. */
  *room(): Co<void> {
    while (this.isCrowded) yield* this.#sent.notified();
  }

  /** Sends what is posted, for ever. */
  *pump(sendAll: (messages: readonly M[]) => Co<void> | Future<void>): Co<never> {
    for (;;) {
      while (this.#waiting.length === 0) yield* this.#posted.notified();
      const messages = this.#waiting;
      this.#waiting = [];
      yield* sendAll(messages);
      this.#sent.notifyAll();
    }
  }
}
