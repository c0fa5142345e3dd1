import type { Context } from "../core/context.ts";
import { Misuse, PolledReentrantly } from "../core/errors.ts";
import type { Future } from "../core/future.ts";
import { End, type Item, type Poll } from "../core/poll.ts";
import { Items } from "./items.ts";

class Empty extends Items<never> {
  pollNext(): typeof End {
    return End;
  }
}

/**
 * A source that may be polled after its end and dropped at any time and twice.
 *
 * Everything that a stream promises about ends, errors and drops is kept here, so that the
 * sources and adapters below it need not think of them.
 */
export class Fused<T> extends Items<T> {
  /** The wait for the next item that is going on. For the waits. */
  waiting: Future<unknown> | undefined;
  #source: Items<T> | undefined;
  #moved = false;
  #polling = false;

  constructor(source: Items<T>) {
    super();
    this.#source = source;
  }

  /**
   * Answers the next item, `Pending`, or `End`, and from then on always `End`. A source that has
   * ended or thrown is dropped before this returns.
   *
   * @throws whatever the source throws; afterwards the stream has ended
   * @throws {PolledReentrantly} when called from inside itself
   * @throws {Misuse} when an adapter has taken the stream over
   */
  pollNext(cx: Context): Poll<Item<T>> {
    this.#assertOwn();
    if (this.#source === undefined) return End;
    let item: Poll<Item<T>>;
    this.#polling = true;
    try {
      item = this.#source.pollNext(cx);
    } catch (error) {
      this.#abandon(cx);
      throw error;
    } finally {
      this.#polling = false;
    }
    if (item === End) this.#giveBack();
    return item;
  }

  /**
   * Hands over what the stream draws from, to be polled and dropped by the caller alone; the
   * stream itself cannot be used any more.
   *
   * @throws {Misuse} when it was handed over before
   */
  intoItems(): Items<T> {
    this.#assertOwn();
    const source = this.#source ?? new Empty();
    this.#source = undefined;
    this.#moved = true;
    return source;
  }

  override drop(): void {
    if (this.#polling) throw new PolledReentrantly("a stream");
    this.#giveBack();
  }

  #assertOwn(): void {
    if (this.#polling) throw new PolledReentrantly("a stream");
    if (this.#moved) {
      throw new Misuse("Cannot use this stream: it was taken over; use what that call returned");
    }
  }

  #giveBack(): void {
    const source = this.#source;
    this.#source = undefined;
    source?.drop();
  }

  /** What its cleanup throws is reported: it must not take the place of the error. */
  #abandon(cx: Context): void {
    try {
      this.#giveBack();
    } catch (error) {
      cx.loop.orphan({ name: "cleanup of a stream", error, claimed: false });
    }
  }
}
