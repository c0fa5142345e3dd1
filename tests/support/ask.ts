import { End, type Item, Pending, type Stream } from "wakeful/runtime";
import type { FakeLoop } from "./fake_loop.ts";
import { handPoll } from "./hand_poll.ts";

/** One poll of a stream's `next()`, which is dropped again if it was not ready. */
export function ask<T>(stream: Stream<T>, loop?: FakeLoop): Item<T> | typeof Pending {
  const next = handPoll(stream.next(), loop);
  const item = next.poll();
  next.drop();
  return item;
}

/** Everything that is there without waiting, and whether the stream has ended after it. */
export function available<T>(stream: Stream<T>, loop?: FakeLoop): { items: T[]; ended: boolean } {
  const items: T[] = [];
  for (;;) {
    const item = ask(stream, loop);
    if (item === Pending) return { items, ended: false };
    if (item === End) return { items, ended: true };
    items.push(item);
  }
}
