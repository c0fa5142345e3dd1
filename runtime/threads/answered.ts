import { type Co, Future } from "../core/future.ts";
import { fromPromise } from "../interop/promise.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";

/** Whether what a portable function answers has to be waited for. */
export function waits(answer: unknown): boolean {
  if (answer instanceof Future || answer instanceof Promise) return true;
  return typeof answer === "object" && answer !== null &&
    Object.prototype.toString.call(answer) === "[object Generator]";
}

/** What a portable function answers, once it has been waited for. */
export function* answered(answer: unknown): Co<unknown> {
  if (answer instanceof Promise) return yield* fromPromise(answer);
  return waits(answer) ? yield* intoFuture(answer as Spawnable<unknown>) : answer;
}
