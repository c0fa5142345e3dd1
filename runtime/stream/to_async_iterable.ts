import { Busy } from "../core/errors.ts";
import { End, type Item } from "../core/poll.ts";
import type { Spawnable } from "../task/coroutine.ts";
import type { JoinHandle } from "../task/join_handle.ts";
import type { Fused } from "./fused.ts";
import { Next } from "./next.ts";

/** Where tasks can be started from outside: a runtime or its handle. */
export interface Spawner {
  spawn<T>(body: Spawnable<T>): JoinHandle<T>;
}

/** A stream for code outside of tasks: each item is waited for by a task of its own. */
export class AsyncItems<T> implements AsyncIterableIterator<T, undefined> {
  #stream: Fused<T>;
  #spawner: Spawner;
  #waiting: JoinHandle<Item<T>> | undefined;
  #returned = false;

  constructor(stream: Fused<T>, spawner: Spawner) {
    this.#stream = stream;
    this.#spawner = spawner;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#returned) return { done: true, value: undefined };
    if (this.#waiting !== undefined) throw new Busy("a next()");
    try {
      this.#waiting = this.#spawner.spawn(new Next(this.#stream));
      const item = await this.#waiting.then(); // at once, so that its error is not reported as unjoined
      return item === End ? { done: true, value: undefined } : { done: false, value: item };
    } catch (error) {
      if (this.#returned) return { done: true, value: undefined };
      this.#stream.drop(); // the runtime may be no more
      throw error;
    } finally {
      this.#waiting = undefined;
    }
  }

  /** Drops the stream, as a task, since its cleanup may spawn or wake. */
  async return(): Promise<IteratorResult<T, undefined>> {
    this.#returned = true;
    this.#waiting?.abort("its iteration was left");
    const stream = this.#stream;
    await this.#spawner.spawn(function* () {
      stream.drop();
    });
    return { done: true, value: undefined };
  }
}
