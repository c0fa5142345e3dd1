/**
 * Lesson 20, task-locals: values that are there after every await, and passed through no call.
 *
 * Read on in runtime/task/task_local.ts and runtime/core/bindings.ts: the bindings are a chain that
 * is put in place when a task is polled and taken away when its poll ends.
 */

import { JoinSet, Misuse, now, scope, sleep, spawn, TaskLocal, yieldNow } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { assertEquals, assertThrows } from "../support/assert.ts";
import { show } from "./show.ts";

const request = new TaskLocal<number>("request");

/** Deep in the program: nobody has passed it the request's number. */
function* query() {
  yield* sleep(100);
  return `query of request ${request.get()}`;
}

Deno.test("lesson 20.1 · the value survives awaits and is there in everything that is called", async () => {
  const seen = await runTest(() =>
    request.scope(7, function* () {
      const before = request.get();
      yield* sleep(1_000);
      yield* yieldNow();
      return [before, request.get(), yield* query(), now()];
    })
  );
  assertEquals(seen, [7, 7, "query of request 7", 1_100]);
  assertEquals(request.tryGet(), undefined); // outside of the scope there is none
});

Deno.test("lesson 20.2 · ten tasks that take turns each see their own value, every time", async () => {
  const trace: [task: number, value: number][] = [];
  await runTest(() =>
    scope(function* (s) {
      for (let task = 0; task < 10; task++) {
        s.spawn(() =>
          request.scope(task, function* () {
            for (let turn = 0; turn < 5; turn++) {
              trace.push([task, request.get()]);
              yield* yieldNow();
            }
          })
        );
      }
    })
  );
  assertEquals(trace.length, 50);
  assertEquals(trace.slice(0, 10).map(([task]) => task), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assertEquals(trace.filter(([task, value]) => task !== value), []);
});

Deno.test("lesson 20.3 · a child task does not inherit; it is handed the value or binds it again", async () => {
  const seen = await runTest(() =>
    request.scope(7, function* () {
      const number = request.get();
      const alone = yield* spawn(function* () {
        return request.tryGet();
      });
      const bound = yield* spawn(request.scope(number, query));
      return [alone, bound];
    })
  );
  show(`a plain child sees ${seen[0]}, one that was bound says "${seen[1]}"`);
  assertEquals(seen, [undefined, "query of request 7"]);
});

Deno.test("lesson 20.3 · without a value tryGet answers undefined, and get says what to do", () => {
  assertEquals(request.tryGet(), undefined);
  assertThrows(() => request.get(), Misuse, "The task-local request is not bound here");
});

Deno.test("lesson 20.3 · a nested scope shadows, and the outer value is back after it", async () => {
  const seen: number[] = [];
  const look = function* () {
    yield* yieldNow();
    seen.push(request.get());
  };
  await runTest(() =>
    request.scope(1, function* () {
      yield* look();
      yield* request.scope(2, look);
      request.syncScope(3, () => seen.push(request.get()));
      yield* look();
    })
  );
  assertEquals(seen, [1, 2, 3, 1]);
});

Deno.test("lesson 20.3 · an error leaves the scope, too, and so does a cancelled task", async () => {
  await runTest(function* () {
    yield* request.scope(1, function* () {
      try {
        yield* request.scope(2, function* () {
          throw new Error("gone wrong");
        });
      } catch {
        assertEquals(request.get(), 1);
      }
    });
    let inCleanup: number | undefined;
    using tasks = new JoinSet<void>();
    const cancelled = tasks.spawn(request.scope(9, function* () {
      try {
        yield* sleep(1_000);
      } finally {
        inCleanup = request.get();
      }
    }));
    yield* yieldNow();
    cancelled.abort();
    assertEquals([inCleanup, request.tryGet()], [9, undefined]);
  });
});
