/** What the compiled program runs on its threads. */

import { type Co, portable, type ThreadSelf } from "../../runtime/mod.ts";

const here = import.meta.url;

export const fibonacci = portable(here, function fibonacci(n: number): number {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
});

export const double = portable(
  here,
  function* double(self: ThreadSelf<number, number>): Co<string> {
    const n = yield* self.recv();
    if (typeof n === "number") yield* self.send(2 * n);
    return self.name;
  },
);
