import { MpscChannel } from "./mpsc_channel.ts";
import { Receiver } from "./mpsc_receiver.ts";
import { Sender } from "./mpsc_sender.ts";

/**
 * A channel from many producers to a single consumer, for at most `capacity` values: whoever sends
 * more waits until some were received.
 *
 * @param capacity how many values may be on their way; `Infinity` is as {@link unbounded}
 * @throws {RangeError} when `capacity` is neither a whole number from 1 up nor `Infinity`
 *
 * @example Two producers, one consumer
 * ```ts
 * import { blockOn, End, mpsc, spawn } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * let sum = 0;
 * await blockOn(function* () {
 *   const [sender, receiver] = mpsc<number>(2);
 *   for (const tx of [sender, sender.clone()]) {
 *     spawn(function* () {
 *       using _closedAtTheEnd = tx;
 *       for (let i = 1; i <= 4; i++) yield* tx.send(i);
 *     });
 *   }
 *   for (let n = yield* receiver.recv(); n !== End; n = yield* receiver.recv()) sum += n;
 * });
 * assertEquals(sum, 20);
 * ```
 */
export function mpsc<T>(capacity: number): [Sender<T>, Receiver<T>] {
  if (capacity !== Infinity && (!Number.isInteger(capacity) || capacity < 1)) {
    throw new RangeError(
      `Expected a whole number from 1 up, or Infinity, as capacity, got ${capacity}`,
    );
  }
  const channel = new MpscChannel<T>(capacity);
  return [new Sender(channel), new Receiver(channel)];
}

/**
 * An {@link mpsc} channel without a limit: a send never waits, so nothing holds back a producer
 * that is faster than its consumer.
 */
export function unbounded<T>(): [Sender<T>, Receiver<T>] {
  return mpsc(Infinity);
}
