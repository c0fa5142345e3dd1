import { type Co, now, sleepUntil } from "../../runtime/mod.ts";
import { spanLeft } from "./wording.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** How long before the end people are told of it once more. */
const MARKS_MS = [
  60 * MINUTE_MS,
  10 * MINUTE_MS,
  5 * MINUTE_MS,
  MINUTE_MS,
  30 * SECOND_MS,
  10 * SECOND_MS,
  5 * SECOND_MS,
  3 * SECOND_MS,
  2 * SECOND_MS,
  SECOND_MS,
];

/** How long before the end something is said: at once, and at each mark on the way. */
export function marksOf(delay: number): number[] {
  return [delay, ...MARKS_MS.filter((mark) => mark < delay)];
}

/** Waits for `delay` milliseconds; `tell` hears how long it still is. */
export function* countDown(delay: number, tell: (left: string) => Co<void>): Co<void> {
  const end = now() + delay;
  for (const mark of marksOf(delay)) {
    yield* sleepUntil(end - mark);
    yield* tell(spanLeft(mark));
  }
  yield* sleepUntil(end);
}
