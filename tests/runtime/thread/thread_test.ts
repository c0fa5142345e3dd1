import {
  blockOn,
  Cancelled,
  Closed,
  type Co,
  End,
  epollDriver,
  NotPortable,
  Random,
  sleep,
  Thread,
  ThreadDied,
} from "wakeful/runtime";
import {
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertThrows,
} from "../../support/assert.ts";
import * as there from "../../support/thread_functions.ts";

if (Deno.build.os === "linux") await epollDriver().close(); // loads the C library once, so no test's leak

function shared(): [SharedArrayBuffer, Int32Array] {
  const memory = new SharedArrayBuffer(8);
  return [memory, new Int32Array(memory)];
}

/** What joining throws. */
function* failure<I, O, T>(thread: Thread<I, O, T>): Co<unknown> {
  try {
    yield* thread.join();
  } catch (error) {
    return error;
  }
}

for (const driver of ["deno", "epoll"] as const) {
  const on = `over ${driver}`;
  const ignore = driver === "epoll" && Deno.build.os !== "linux";
  const test = (name: string, fn: () => Promise<unknown>) =>
    Deno.test({
      name: `Thread: ${name}, ${on}`,
      ignore,
      async fn() {
        await fn();
      },
    });

  test("messages go both ways in their order", () =>
    blockOn(function* () {
      const thread = Thread.start(there.twice, [], { driver });
      yield* thread.sendAll([1, 2, 3]);
      yield* thread.send(4);
      const got: unknown[] = [];
      while (got.length < 4) got.push(yield* thread.recv());
      assertEquals(got, [2, 4, 6, 8]);
      thread.abort();
      yield* failure(thread);
    }));

  test("what was asked to stop returns what it has, and can be joined again", () =>
    blockOn(function* () {
      const thread = Thread.start(there.untilStopped, ["up"], { driver, name: "clerk" });
      assertEquals(yield* thread.recv(), "up as clerk");
      thread.stop("closing time");
      assertEquals(yield* thread.join(), "closing time");
      assertEquals([thread.isFinished, yield* thread.join()], [true, "closing time"]);
      assertEquals(yield* thread.recv(), End);
      thread.stop();
    }));

  test("an abort runs the cleanup before join says so", () =>
    blockOn(function* () {
      const [memory, words] = shared();
      const thread = Thread.start(there.tidy, [memory], { driver });
      assertEquals(yield* thread.recv(), "begun");
      thread.abort("enough");
      const error = yield* failure(thread);
      assertInstanceOf(error, Cancelled);
      assertEquals([error.reason, words[0]], ["enough", 1]);
    }));

  test("an error in a callback ends it in order, and is what join throws", () =>
    blockOn(function* () {
      const [memory, words] = shared();
      const thread = Thread.start(there.perish, ["callback", memory], { driver });
      const error = yield* failure(thread);
      assertInstanceOf(error, RangeError);
      assertEquals([error.message, words[0]], ["thrown outside", 1]);
      assertEquals([yield* thread.recv(), yield* thread.recv()], ["last words", End]);
    }));

  test("more than the channel holds arrives, and then the end", () =>
    blockOn(function* () {
      const thread = Thread.start(there.flood, [5_000], { driver, capacity: 4096 });
      const got: number[] = [];
      for (let some; (some = yield* thread.recvMany(100)) !== End;) got.push(...some);
      assertEquals(got, Array.from({ length: 5_000 }, (_, i) => i));
      assertEquals(yield* thread.join(), 5_000);
    }));
}

Deno.test("Thread: one that throws, dies or answers what cannot cross tells its owner", () =>
  blockOn(function* () {
    const [memory] = shared();
    const ended = function* (how: "throw" | "exit" | "result"): Co<unknown> {
      const thread = Thread.start(there.perish, [how, memory], { name: "kamikaze" });
      assertEquals(yield* thread.recv(), "last words");
      assertEquals(yield* thread.recv(), End);
      return yield* failure(thread);
    };
    const thrown = yield* ended("throw");
    assertInstanceOf(thrown, RangeError);
    assertEquals(thrown.message, "too far");
    const died = yield* ended("exit");
    assertInstanceOf(died, ThreadDied);
    assertMatch(died.message, /the thread kamikaze ended/);
    assertInstanceOf(yield* ended("result"), NotPortable);
  }));

Deno.test("Thread: a send to one that has ended fails, also when it waits for room", () =>
  blockOn(function* () {
    const [memory] = shared();
    const thread = Thread.start(there.tidy, [memory], { capacity: 1024 });
    yield* thread.recv();
    thread.abort();
    let error: unknown;
    try {
      yield* (thread as Thread<unknown, unknown, void>).sendAll(Array.from({ length: 1_000 }));
    } catch (thrown) {
      error = thrown;
    }
    assertInstanceOf(error, Closed);
    yield* failure(thread);
  }));

Deno.test("Thread: an error that no task was asked for does not end it", () =>
  blockOn(function* () {
    const thread = Thread.start(there.howPrepared, [], { prepare: there.listenForUnjoined });
    assertEquals(yield* thread.join(), [new Random(7).below(1000), "orphan"]);
  }));

Deno.test("Thread: an async function is waited for as well", () =>
  blockOn(function* () {
    const thread = Thread.start(there.promising, [41]);
    assertEquals(yield* thread.join(), 42);
  }));

Deno.test("Thread: what cannot cross is refused before it begins", () => {
  assertThrows(
    () => Thread.start(there.untilStopped, [(() => "closure") as unknown as string]),
    NotPortable,
    "arguments[0]",
  );
});

Deno.test("Thread: a function that its module does not export is what join throws", async () => {
  const { makeHiddenThread } = there;
  await assertRejects(
    () => blockOn(() => Thread.start(makeHiddenThread(), []).join()),
    NotPortable,
    "does not export it",
  );
});

Deno.test("Thread: disposed, it is aborted, and nobody waits", () =>
  blockOn(function* () {
    const [memory, words] = shared();
    const thread = Thread.start(there.tidy, [memory]);
    yield* thread.recv();
    thread[Symbol.dispose]();
    while (!thread.isFinished) yield* sleep(1);
    assertEquals(words[0], 1);
  }));
