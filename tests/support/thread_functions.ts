/** What the tests of threads run on them: a module that every thread can import. */

import {
  type Co,
  currentLoop,
  End,
  pending,
  portable,
  type RuntimeBuilder,
  sleep,
  spawn,
  type ThreadSelf,
} from "wakeful/runtime";

const here = import.meta.url;

type Self<I = unknown, O = unknown> = ThreadSelf<I, O>;

/** Sends back twice what it gets, until there is no more; then says how often. */
export const twice = portable(here, function* twice(self: Self<number, number>): Co<number> {
  for (let times = 0;; times++) {
    const got = yield* self.recv();
    if (got === End) return times;
    yield* self.send(2 * got);
  }
});

/** Counts until it is told to stop, and answers why; says when it has begun. */
export const untilStopped = portable(here, function* untilStopped(
  self: Self<never, string>,
  begin: string,
): Co<string> {
  yield* self.send(`${begin} as ${self.name}`);
  return yield* self.stopping.cancelled();
});

/** Notes in shared memory that its cleanup has run, also when it is aborted. */
export const tidy = portable(here, function* tidy(
  self: Self<never, string>,
  memory: SharedArrayBuffer,
): Co<void> {
  try {
    yield* self.send("begun");
    yield* pending();
  } finally {
    Atomics.add(new Int32Array(memory), 0, 1);
  }
});

/** Comes to grief in one of the ways there are. */
export const perish = portable(here, function* perish(
  self: Self<never, string>,
  how: "throw" | "callback" | "exit" | "task" | "result",
  memory: SharedArrayBuffer,
): Co<unknown> {
  yield* self.send("last words");
  if (how === "throw") throw new RangeError("too far");
  if (how === "exit") Deno.exit(3);
  if (how === "result") return () => "a closure";
  if (how === "task") {
    spawn(function* () {
      throw new RangeError("nobody asked");
    });
    yield* sleep(20);
    return "went on";
  }
  setTimeout(() => {
    throw new RangeError("thrown outside");
  }, 0);
  try {
    yield* pending();
  } finally {
    Atomics.add(new Int32Array(memory), 0, 1);
  }
});

/** Sends a flood and answers how many it was. */
export const flood = portable(here, function* flood(
  self: Self<never, number>,
  count: number,
): Co<number> {
  yield* self.sendAll(Array.from({ length: count }, (_, i) => i));
  return count;
});

/** What became of the tasks that nobody has joined, on this thread. */
const unjoined: string[] = [];

export const listenForUnjoined = portable(here, function listenForUnjoined(
  builder: RuntimeBuilder,
): void {
  builder.seed(7).onUnjoinedError((task) => unjoined.push(task));
});

/** Answers what of its runtime was prepared. */
export const howPrepared = portable(here, function* howPrepared(_self: Self): Co<unknown[]> {
  spawn(function* () {
    throw new RangeError("nobody asked");
  }, { name: "orphan" });
  yield* sleep(20);
  return [currentLoop().random.below(1000), ...unjoined];
});

/** Answers what an async function does. */
export const promising = portable(here, async function promising(_self: Self, n: number) {
  await new Promise((resolve) => setTimeout(resolve, 1));
  return n + 1;
});

function* hidden(_self: Self): Co<void> {}

/** Marked, but not exported. */
export const makeHiddenThread = () => portable(here, hidden);
