/** Where streams come from; public under the name `stream`. */

export { fromAsyncIterable } from "./from_async_iterable.ts";
export { type Emit, generate } from "./generate.ts";
export { empty, from, fromPoll, fromReceiver, once, pending, type Receiver } from "./sources.ts";
export type { Spawner } from "./to_async_iterable.ts";
