import { type Closed, End, race, scope, sleep, spawn, stream } from "wakeful/runtime";
import { ask, available } from "../../support/ask.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder, thrownBy } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** Counts for ever and notes how far it is. */
const counting = (log: Recorder) =>
  stream.generate<number>(function* (emit) {
    try {
      for (let n = 1;; n++) {
        yield* emit(n);
        log.note(`${n} taken`);
      }
    } finally {
      log.note("cleaned");
    }
  });

Deno.test("generate: gives what is emitted and ends with the coroutine", () => {
  const letters = stream.generate<string>(function* (emit) {
    yield* emit("a");
    yield* emit("b");
  });
  assertEquals(available(letters), { items: ["a", "b"], ended: true });
});

Deno.test("generate: there is no buffer: it goes on only when the next item is asked for", () => {
  const log = new Recorder();
  const numbers = counting(log);
  assertEquals([ask(numbers), log.line], [1, ""]);
  assertEquals([ask(numbers), log.line], [2, "1 taken"]);
});

Deno.test("generate: dropping the stream runs its cleanup; before the first item nothing has begun", () => {
  const log = new Recorder();
  const numbers = counting(log);
  ask(numbers);
  numbers.drop();
  numbers.drop();
  assertEquals([log.line, ask(numbers)], ["cleaned", End]);
  counting(log).drop();
  assertEquals(log.line, "cleaned");
});

Deno.test("generate: taking an item does not wake a consumer that polls the body anyway", () => {
  const gate = new Gate();
  const items = stream.generate<string>(function* (emit) {
    yield* emit("a");
    yield* gate;
    yield* emit("b");
  });
  const first = handPoll(items.next());
  first.assertReady("a");
  const second = handPoll(items.next());
  second.assertPending();
  assertEquals([first.wakes, second.wakes, first.kept], [0, 0, 0]);
  gate.open();
  assert(second.woken);
  second.assertReady("b");
  assertEquals(second.wakes, 0);
});

Deno.test("generate: what it throws comes from next(), and the stream has ended", () => {
  const items = stream.generate<string>(function* (emit) {
    yield* emit("a");
    throw new RangeError("own");
  });
  assertEquals(ask(items), "a");
  assertThrows(() => ask(items), RangeError, "own");
  assertEquals(ask(items), End);
});

Deno.test("generate: an emit that is dropped before it was taken withdraws its item", () => {
  using virtual = new VirtualRuntime();
  const gate = new Gate();
  const items = stream.generate<string>(function* (emit) {
    const hurried = spawn(() => race(emit("withdrawn"), gate));
    yield* emit("a");
    yield* hurried;
    yield* emit("b");
  });
  assertEquals(virtual.run(items.next()), "a");
  virtual.settle();
  gate.open();
  assertEquals(virtual.run(items.next()), "b");
});

Deno.test("generate: tasks that it spawns may emit, in turn; it ends when all was taken", () => {
  using virtual = new VirtualRuntime();
  const items = stream.generate<string>(function* (emit) {
    yield* scope(function* (s) {
      for (const [name, ms] of [["slow", 20], ["quick", 10]] as const) {
        s.spawn(function* () {
          for (let i = 1; i <= 2; i++) {
            yield* sleep(ms);
            yield* emit(`${name}${i}@${virtual.clock.time}`);
          }
        });
      }
    });
    yield* emit("last");
  });
  const expected = ["quick1@10", "slow1@20", "quick2@20", "slow2@40", "last"];
  assertEquals(virtual.run(() => items.collect()).toSorted(), expected.toSorted());
  assertEquals(virtual.runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
});

Deno.test("generate: an item that waits when the coroutine ends is still taken", () => {
  using virtual = new VirtualRuntime();
  const items = stream.generate<string>(function* (emit) {
    spawn(() => emit("left behind"));
    yield* sleep(1);
  });
  assertEquals(virtual.run(() => items.collect()), ["left behind"]);
});

Deno.test("generate: an emit of another task, waiting or new, fails when the stream is no more", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const items = stream.generate<string>(function* (emit) {
    spawn(function* () {
      for (const item of ["a", "b", "c"]) {
        try {
          yield* emit(item);
          log.note(`${item} taken`);
        } catch (error) {
          log.note(`${item} ${(error as Closed).code}`);
        }
      }
    });
    yield* sleep(100);
  });
  assertEquals(virtual.run(items.next()), "a");
  virtual.settle();
  assertEquals(log.line, "a taken");
  virtual.run(function* () {
    items.drop();
  });
  virtual.settle();
  assertEquals(log.line, "a taken b CLOSED c CLOSED");
});

Deno.test("generate: dropped while somebody waits, it keeps no waker", () => {
  const items = stream.generate<string>(function* () {
    yield* new Gate();
  });
  const next = handPoll(items.next());
  next.assertPending();
  items.drop();
  assertEquals(next.kept, 0);
});

Deno.test("generate: emit in the middle of a race inside the coroutine", () => {
  using virtual = new VirtualRuntime();
  const items = stream.generate<number>(function* (emit) {
    for (let n = 1; n <= 3; n++) yield* race(emit(n), sleep(50));
  });
  assertEquals(virtual.run(() => items.collect()), [1, 2, 3]);
});

Deno.test("generate: an emit polled again after it was ready is an error", () => {
  const items = stream.generate<string>(function* (emit) {
    const once = emit("a");
    yield* once;
    yield* once;
  });
  assertEquals(ask(items), "a");
  assertEquals((thrownBy(() => ask(items)) as Error).name, "PolledAfterReady");
});

Deno.test("generate: waits are the consumer's: it is pending while the coroutine sleeps", () => {
  using virtual = new VirtualRuntime();
  const late = stream.generate<string>(function* (emit) {
    yield* sleep(5);
    yield* emit("late");
  });
  const task = virtual.spawn(() => late.next());
  virtual.advance(4);
  assertEquals(task.isFinished(), false);
  virtual.advance(1);
  assertEquals(virtual.outcome(task), "late");
});
