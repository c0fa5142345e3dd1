import type { Context } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { End, Pending, type Poll } from "../core/poll.ts";
import type { Fused } from "./fused.ts";
import { mustPause } from "./items.ts";

/** Draws a stream to its end, for what its adapters do on the way; then asks for the result. */
export class Drain<R> extends Future<R> {
  #stream: Fused<unknown>;
  #result: () => R;
  #spent = false;

  constructor(stream: Fused<unknown>, result: () => R) {
    super();
    this.#stream = stream;
    this.#result = result;
  }

  poll(cx: Context): Poll<R> {
    if (this.#spent) throw new PolledAfterReady("what a stream comes to");
    this.#spent = true; // stays so when the stream throws
    const polled = this.#draw(cx);
    this.#spent = polled !== Pending;
    return polled;
  }

  override drop(): void {
    this.#spent = true;
    this.#stream.drop();
  }

  #draw(cx: Context): Poll<R> {
    do {
      const item = this.#stream.pollNext(cx);
      if (item === End) return this.#result();
      if (item === Pending) return Pending;
    } while (!mustPause(cx));
    return Pending;
  }
}
