import { type Context, Future, Pending, type Poll, type Waker } from "wakeful/runtime";

/** A future that is ready once the test opens it, and notes how it is treated. */
export class Gate<T = void> extends Future<T> {
  polls = 0;
  dropped = 0;
  waker: Waker | undefined;
  #value: { value: T } | undefined;

  poll(cx: Context): Poll<T> {
    this.polls++;
    if (this.#value !== undefined) {
      this.#forget();
      return this.#value.value;
    }
    this.waker?.drop();
    this.waker = cx.waker.clone();
    return Pending;
  }

  open(value: T): void {
    this.#value = { value };
    this.waker?.wakeByRef();
  }

  /** Wakes without being ready. */
  nudge(): void {
    this.waker?.wakeByRef();
  }

  override drop(): void {
    this.dropped++;
    this.#forget();
  }

  #forget(): void {
    this.waker?.drop();
    this.waker = undefined;
  }
}
