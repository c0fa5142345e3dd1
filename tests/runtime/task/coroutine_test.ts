import {
  type Co,
  Coroutine,
  type Future,
  intoFuture,
  Misuse,
  Pending,
  PolledAfterReady,
  PolledReentrantly,
  pollFn,
  ready,
  YieldedInCleanup,
  YieldedValue,
} from "wakeful/runtime";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "../../support/assert.ts";
import { insideTask } from "../../../runtime/core/context.ts";
import { failing, failingInCleanup } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder, thrownBy } from "../../support/recorder.ts";

/** A coroutine, polled by hand. */
function coroutine<T>(body: () => Co<T>) {
  return handPoll(new Coroutine(body()));
}

/** A generator that yields what the types forbid. */
function yielding(value: unknown): Co<void> {
  return (function* () {
    yield value;
  })() as Co<void>;
}

Deno.test("Coroutine: does nothing until it is polled, and ready futures do not suspend it", () => {
  const log = new Recorder();
  const co = coroutine(function* () {
    log.note("started");
    return (yield* ready(1)) + (yield* ready(2));
  });
  assertEquals(log.line, "");
  co.assertReady(3);
});

Deno.test("Coroutine: resumes where it waits and polls only the innermost pending future", () => {
  const [first, second] = [new Gate(), new Gate<string>()];
  const co = coroutine(function* () {
    yield* first;
    return yield* (function* () {
      return yield* second;
    })();
  });
  co.assertPending();
  first.open();
  assert(co.woken);
  co.assertPending();
  second.open("done");
  co.assertReady("done");
  assertEquals([first.polls, second.polls], [2, 2]);
});

Deno.test("Coroutine: polling it after its value is an error", () => {
  const co = coroutine(function* () {});
  co.assertReady(undefined);
  assertThrows(() => co.poll(), PolledAfterReady, "a coroutine");
});

Deno.test("Coroutine: polling it after its error is an error of another kind", () => {
  const co = coroutine(failing);
  assertThrows(() => co.poll(), RangeError, "own");
  assertThrows(() => co.poll(), PolledAfterReady);
});

Deno.test("Coroutine: polling it after it was dropped is an error", () => {
  const co = coroutine(function* () {});
  co.drop();
  assertThrows(() => co.poll(), PolledAfterReady);
});

Deno.test("Coroutine: an error of a future arrives at its yield* and can be caught", () => {
  const co = coroutine(function* () {
    try {
      yield* pollFn((): number => {
        throw new RangeError("inner");
      });
    } catch (error) {
      return (error as Error).message;
    }
  });
  co.assertReady("inner");
});

Deno.test("Coroutine: polled from inside itself it refuses, and is none the worse", () => {
  const log = new Recorder();
  const co = coroutine(function* () {
    log.note((thrownBy(() => co.poll()) as Error).name);
    log.note((thrownBy(() => co.drop()) as Error).name);
    return "went on";
  });
  co.assertReady("went on");
  assertEquals(log.line, `${PolledReentrantly.name} ${PolledReentrantly.name}`);
});

for (const [what, value] of [["a promise", Promise.resolve()], ["3", 3]] as const) {
  Deno.test(`Coroutine: a plain yield of ${what} is an error that says what to write`, () => {
    const co = handPoll(new Coroutine(yielding(value)));
    assertThrows(() => co.poll(), YieldedValue, what);
    assertThrows(() => co.poll(), PolledAfterReady);
  });
}

Deno.test("Coroutine: a plain yield of nothing is an error, not a wait that never ends", () => {
  const co = handPoll(new Coroutine(yielding(undefined)));
  assertThrows(() => co.poll(), YieldedValue);
});

Deno.test("Coroutine: a refused yield runs the finally blocks", () => {
  const log = new Recorder();
  const body = function* () {
    try {
      yield* yielding(1);
    } finally {
      log.note("cleaned");
    }
  };
  assertThrows(() => coroutine(body).poll(), YieldedValue);
  assertEquals(log.line, "cleaned");
});

Deno.test("Coroutine: dropping cleans up at once: the awaited future, then inner, then outer", () => {
  const log = new Recorder();
  const gate = new Gate();
  const inner = function* () {
    try {
      yield* gate;
    } finally {
      log.note(`inner(${gate.dropped})`);
    }
  };
  const co = coroutine(function* () {
    try {
      yield* inner();
    } finally {
      log.note("outer");
    }
  });
  co.assertPending();
  co.drop();
  assertEquals([log.line, co.kept], ["inner(1) outer", 0]);
});

Deno.test("Coroutine: dropped before the first poll, or twice, it runs no cleanup (again)", () => {
  const log = new Recorder();
  const body = function* () {
    try {
      yield* new Gate();
    } finally {
      log.note("cleaned");
    }
  };
  coroutine(body).drop();
  assertEquals(log.line, "");
  const co = coroutine(body);
  co.assertPending();
  co.drop();
  co.drop();
  assertEquals(log.line, "cleaned");
});

Deno.test("Coroutine: cleanup may use futures that are ready", () => {
  const log = new Recorder();
  const loop = handPoll(new Gate()).loop;
  const co = handPoll(
    new Coroutine((function* () {
      try {
        yield* new Gate();
      } finally {
        for (let i = 0; i < 300; i++) yield* ready(i);
        log.note("cleaned");
      }
    })()),
    loop,
  );
  co.assertPending();
  loop.inside(() => co.drop());
  assertEquals(log.line, "cleaned");
});

Deno.test("Coroutine: cleanup that waits is an error, and the outer cleanup runs all the same", () => {
  const log = new Recorder();
  const loop = handPoll(new Gate()).loop;
  const inner = function* () {
    try {
      yield* new Gate();
    } finally {
      yield* new Gate();
      log.note("never");
    }
  };
  const co = handPoll(
    new Coroutine((function* () {
      try {
        yield* inner();
      } finally {
        log.note("outer");
      }
    })()),
    loop,
  );
  co.assertPending();
  assertThrows(() => loop.inside(() => co.drop()), YieldedInCleanup);
  assertEquals(log.line, "outer");
});

Deno.test("Coroutine: cleanup that waits again and again is left in the end", () => {
  const loop = handPoll(new Gate()).loop;
  const co = handPoll(
    new Coroutine((function* () {
      try {
        yield* new Gate();
      } finally {
        for (;;) {
          try {
            yield* new Gate();
          } finally {
            // deno-lint-ignore no-unsafe-finally -- the worst that cleanup can do
            continue;
          }
        }
      }
    })()),
    loop,
  );
  co.assertPending();
  assertThrows(() => loop.inside(() => co.drop()), YieldedInCleanup);
});

Deno.test("Coroutine: an error in cleanup leaves drop, after the outer cleanup", () => {
  const log = new Recorder();
  const co = coroutine(function* () {
    try {
      yield* failingInCleanup();
    } finally {
      log.note("outer");
    }
  });
  co.assertPending();
  assertThrows(() => co.drop(), RangeError, "in cleanup");
  assertEquals(log.line, "outer");
});

Deno.test("Coroutine: its context is current while it is polled, also after an error", () => {
  const co = coroutine(function* () {
    assert(insideTask());
    throw new RangeError();
  });
  assertThrows(() => co.poll(), RangeError);
  assert(!insideTask());
});

Deno.test("intoFuture: takes futures, coroutines and functions that make either", () => {
  const future = ready(1);
  assertStrictEquals(intoFuture(future), future);
  assertStrictEquals(intoFuture(() => future), future);
  const body = function* () {
    return 2;
  };
  handPoll(intoFuture(body)).assertReady(2);
  handPoll(intoFuture(body())).assertReady(2);
});

Deno.test("intoFuture: refuses everything else, and a promise with advice", () => {
  for (const wrong of [undefined, null, 1, {}, [], () => 1, { next() {} }]) {
    assertThrows(
      () => intoFuture(wrong as unknown as Future<void>),
      TypeError,
      "Expected a future",
    );
  }
  const promise = Promise.resolve() as unknown as Future<void>;
  assertThrows(() => intoFuture(promise), TypeError, "fromPromise(promise)");
  assertThrows(() => intoFuture(() => promise), TypeError, "fromPromise(promise)");
});

Deno.test("Coroutine: pending stays pending until the future it waits for is ready", () => {
  const gate = new Gate();
  const co = coroutine(function* () {
    yield* gate;
  });
  co.assertPending();
  gate.nudge();
  assert(co.woken);
  assertStrictEquals(co.poll(), Pending);
});

Deno.test("Coroutine: to return Pending is an error, not a wait that never ends", () => {
  const co = handPoll(
    new Coroutine((function* (): Co<unknown> {
      return Pending;
    })()),
  );
  assertThrows(() => co.poll(), Misuse, "Cannot end with Pending");
});
