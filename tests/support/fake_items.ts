import { type Context, End, type Item, Items, Pending, type Poll, Stream } from "wakeful/runtime";
import type { Waker } from "wakeful/runtime";
import type { Recorder } from "./recorder.ts";

/** Items that are there once the test gives them; it notes how it is treated. */
export class FakeItems<T> extends Items<T> {
  polls = 0;
  dropped = 0;
  #steps: (() => Item<T>)[] = [];
  #waker: Waker | undefined;
  #finished = false;

  constructor(readonly name = "items", readonly log?: Recorder) {
    super();
  }

  /** A stream that draws from here. */
  get stream(): Stream<T> {
    return new Stream(this);
  }

  give(...items: Item<T>[]): this {
    return this.#add(...items.map((item) => () => item));
  }

  end(): this {
    return this.give(End);
  }

  fail(error: Error = new RangeError("own")): this {
    return this.#add(() => {
      throw error;
    });
  }

  pollNext(cx: Context): Poll<Item<T>> {
    this.polls++;
    if (this.#finished) throw new Error(`${this.name}: polled after its end`);
    if (this.dropped > 0) throw new Error(`${this.name}: polled after its drop`);
    const step = this.#steps.shift();
    if (step === undefined) {
      this.#forget();
      this.#waker = cx.waker.clone();
      return Pending;
    }
    this.#finished = true; // stays so when it throws
    const item = step();
    this.#finished = item === End;
    return item;
  }

  override drop(): void {
    this.dropped++;
    this.log?.note(this.name);
    this.#forget();
  }

  #add(...steps: (() => Item<T>)[]): this {
    this.#steps.push(...steps);
    this.#waker?.wakeByRef();
    return this;
  }

  #forget(): void {
    this.#waker?.drop();
    this.#waker = undefined;
  }
}
