import {
  fromPromise,
  OutsideRuntime,
  PolledAfterReady,
  toPromise,
  yieldNow,
} from "wakeful/runtime";
import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertThrows,
} from "../../support/assert.ts";
import { failing } from "../../support/bodies.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { macrotask } from "../../support/macrotask.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** The reasons of the rejections that nobody handled while `act` ran and just after. */
async function unhandledDuring(act: () => void): Promise<unknown[]> {
  const reasons: unknown[] = [];
  const note = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    reasons.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", note);
  act();
  await macrotask();
  await macrotask();
  globalThis.removeEventListener("unhandledrejection", note);
  return reasons;
}

Deno.test("fromPromise: pending, then woken when the promise settles, then ready, then an error", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const future = handPoll(fromPromise(promise));
  future.assertPending();
  future.assertPending();
  assertEquals(future.kept, 1);
  resolve("value");
  await macrotask();
  assertEquals(future.wakes, 1);
  future.assertReady("value");
  assertEquals(future.kept, 0);
  assertThrows(() => future.poll(), PolledAfterReady, "fromPromise()");
});

Deno.test("fromPromise: throws what the promise rejects with", async () => {
  const future = handPoll(fromPromise(Promise.reject(new RangeError("own"))));
  future.assertPending();
  await macrotask();
  assertThrows(() => future.poll(), RangeError, "own");
  assertThrows(() => future.poll(), PolledAfterReady);
});

Deno.test("fromPromise: a function is called at the first poll, once, and not before", async () => {
  let calls = 0;
  const future = handPoll(fromPromise(() => Promise.resolve(++calls)));
  assertEquals(calls, 0);
  future.assertPending();
  future.assertPending();
  await macrotask();
  future.assertReady(1);
});

Deno.test("fromPromise: a function that throws does so at the poll", () => {
  const future = handPoll(fromPromise((): Promise<void> => {
    throw new RangeError("own");
  }));
  assertThrows(() => future.poll(), RangeError, "own");
});

Deno.test("fromPromise: dropping it fires the signal and keeps no waker", () => {
  let signal: AbortSignal | undefined;
  const future = handPoll(fromPromise((given) => {
    signal = given;
    return new Promise<void>(() => {});
  }));
  future.assertPending();
  assertFalse(signal!.aborted);
  future.drop();
  assert(signal!.aborted);
  assertEquals(future.kept, 0);
});

Deno.test("fromPromise: dropped before its first poll it never calls the function", () => {
  let calls = 0;
  fromPromise(() => Promise.resolve(++calls)).drop();
  assertEquals(calls, 0);
});

Deno.test("fromPromise: an outcome that comes after the drop wakes nobody", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const future = handPoll(fromPromise(promise));
  future.assertPending();
  future.drop();
  resolve();
  await macrotask();
  assertFalse(future.woken);
  assertThrows(() => future.poll(), PolledAfterReady);
});

Deno.test("fromPromise: a finished one that is dropped does not fire its signal", async () => {
  let signal: AbortSignal | undefined;
  const future = handPoll(fromPromise((given) => {
    signal = given;
    return Promise.resolve(1);
  }));
  future.assertPending();
  await macrotask();
  future.assertReady(1);
  future.drop();
  assertFalse(signal!.aborted);
});

Deno.test("fromPromise: an error that comes after the drop is ignored", async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  const future = handPoll(fromPromise(promise));
  future.assertPending();
  future.drop();
  assertEquals(await unhandledDuring(() => reject(new RangeError("late"))), []);
});

Deno.test("fromPromise: the error of a promise that was never polled for is ignored, too", async () => {
  const reasons = await unhandledDuring(() => {
    fromPromise(Promise.reject(new RangeError("ignored"))).drop();
  });
  assertEquals(reasons, []);
});

Deno.test("fromPromise: a promise that fails before the first poll throws at that poll", async () => {
  let future = handPoll(fromPromise(Promise.resolve(0)));
  const reasons = await unhandledDuring(() => {
    future = handPoll(fromPromise(Promise.reject(new RangeError("early"))));
  });
  assertEquals(reasons, []);
  assertThrows(() => future.poll(), RangeError, "early");
});

Deno.test("fromPromise: an aborted task fires the signal of what it waits for", () => {
  using virtual = new VirtualRuntime();
  let signal: AbortSignal | undefined;
  const task = virtual.spawn(function* () {
    yield* fromPromise((given) => {
      signal = given;
      return new Promise<void>(() => {});
    });
  });
  virtual.settle();
  task.abort();
  assert(signal!.aborted);
});

Deno.test("toPromise: promises the outcome of a task beside the current one", async () => {
  using virtual = new VirtualRuntime();
  const promises = virtual.run(function* () {
    const good = toPromise(function* () {
      yield* yieldNow();
      return "value";
    });
    return { good, bad: toPromise(failing) };
  });
  virtual.settle();
  assertEquals(await promises.good, "value");
  await assertRejects(() => promises.bad, RangeError, "own");
  assertEquals(virtual.reported, []);
});

Deno.test("toPromise: outside a task it is an error", () => {
  assertThrows(() => toPromise(failing), OutsideRuntime);
});
