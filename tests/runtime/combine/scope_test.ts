import {
  type Cancelled,
  Closed,
  PolledAfterReady,
  ready,
  scope,
  sleep,
  spawn,
  TimedOut,
  timeout,
  yieldNow,
} from "wakeful/runtime";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { waiting } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { runScope } from "../../support/run_scope.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

Deno.test("scope: without children it gives the body's value", () => {
  assertEquals(
    runScope(function* () {
      return yield* ready("value");
    }),
    "value",
  );
});

Deno.test("scope: the body is not begun before the first poll", () => {
  const log = new Recorder();
  const future = handPoll(scope(function* () {
    log.note("body");
  }));
  assertEquals(log.line, "");
  future.assertReady(undefined);
  assertThrows(() => future.poll(), PolledAfterReady, "a scope");
});

Deno.test("scope: it ends when the last child has, also after the body", () => {
  using virtual = new VirtualRuntime();
  const [quick, slow] = [new Gate(), new Gate()];
  const task = virtual.spawn(scope(function* (s) {
    s.spawn(quick);
    s.spawn(slow);
    return "body";
  }));
  virtual.settle();
  quick.open();
  virtual.settle();
  assertFalse(task.isFinished());
  slow.open();
  virtual.settle();
  assertEquals(virtual.outcome(task), "body");
});

Deno.test("scope: it does not end while the body runs, children or none", () => {
  using virtual = new VirtualRuntime();
  const gate = new Gate();
  const task = virtual.spawn(scope(function* (s) {
    s.spawn(ready(1));
    yield* gate;
  }));
  virtual.settle();
  assertFalse(task.isFinished());
  gate.open();
  virtual.settle();
  assert(task.isFinished());
});

Deno.test("scope: children can be joined by their handles, and size counts them", () => {
  const seen = runScope(function* (s) {
    const child = s.spawn(function* () {
      yield* sleep(5);
      return 21;
    }, { name: "child" });
    const before = s.size;
    return [child.name, before, yield* child, s.size];
  });
  assertEquals(seen, ["child", 1, 21, 0]);
});

Deno.test("scope: aborting the last child ends the wait", () => {
  using virtual = new VirtualRuntime();
  let abort = () => {};
  const task = virtual.spawn(scope(function* (s) {
    const child = s.spawn(new Gate());
    abort = () => child.abort();
  }));
  virtual.settle();
  abort();
  virtual.settle();
  assert(task.isFinished());
});

Deno.test("scope: dropping it cleans up body and children before it returns", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = virtual.spawn(scope(function* (s) {
    s.spawn(waiting(log, "child"));
    yield* waiting(log, "body");
  }));
  virtual.settle();
  task.abort();
  assertEquals([log.line, virtual.runtime.statistics().tasks], ["body child", 0]);
});

Deno.test("scope: a time limit ends all of it", () => {
  const log = new Recorder();
  using virtual = new VirtualRuntime();
  const body = function* () {
    yield* timeout(
      10,
      scope(function* (s) {
        s.spawn(waiting(log, "child"));
      }),
    );
  };
  assertThrows(() => virtual.run(body), TimedOut);
  assertEquals([log.line, virtual.runtime.statistics().tasks], ["child", 0]);
});

Deno.test("scope: after its end nothing can be spawned into it", () => {
  using virtual = new VirtualRuntime();
  const kept = virtual.run(scope(function* (s) {
    return s;
  }));
  virtual.run(function* () {
    assertThrows(() => kept.spawn(ready(1)), Closed, "the scope");
  });
});

Deno.test("scope: cleanup that spawns into the dying scope is told that it has ended", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = virtual.spawn(scope(function* (s) {
    s.spawn(function* () {
      try {
        yield* new Gate();
      } finally {
        log.note((assertThrows(() => s.spawn(ready(1)), Closed) as Closed).code);
      }
    });
    yield* new Gate();
  }));
  virtual.settle();
  task.abort();
  assertEquals(log.line, "CLOSED");
});

Deno.test("scope: a child may spawn siblings, and the scope waits for them", () => {
  const log = new Recorder();
  runScope(function* (s) {
    s.spawn(function* () {
      s.spawn(function* () {
        yield* sleep(5);
        log.note("grandchild");
      });
      log.note("child");
    });
  });
  assertEquals(log.line, "child grandchild");
});

Deno.test("scope: nested, the inner one ends within the outer, innermost cleanup first", () => {
  const log = new Recorder();
  assertThrows(
    () =>
      runScope(function* (outer) {
        outer.spawn(scope(function* (inner) {
          inner.spawn(waiting(log, "inner child"));
          yield* waiting(log, "inner body");
        }));
        yield* yieldNow();
        yield* yieldNow();
        throw new RangeError("outer");
      }),
    RangeError,
    "outer",
  );
  assertEquals(log.line, "inner body inner child");
});

Deno.test("scope: abortAll ends the children with its reason, and the scope goes on", () => {
  const reason = runScope(function* (s) {
    const child = s.spawn(new Gate());
    yield* yieldNow();
    s.abortAll("enough");
    try {
      yield* child;
    } catch (error) {
      return (error as Cancelled).reason;
    }
  });
  assertEquals(reason, "enough");
});

Deno.test("scope: a detached task outlives it", () => {
  using virtual = new VirtualRuntime();
  const gate = new Gate();
  virtual.run(scope(function* () {
    spawn(gate);
    yield* yieldNow();
  }));
  assertEquals([gate.polls, gate.dropped, virtual.runtime.statistics().tasks], [1, 0, 1]);
});

Deno.test("scope: keeps no waker once it has ended", () => {
  const gate = new Gate();
  const future = handPoll(scope(function* () {
    yield* gate;
  }));
  future.assertPending();
  gate.open();
  future.assertReady(undefined);
  assertEquals(future.kept, 0);
});

Deno.test("scope: a child's own onEnd is told as well", () => {
  const log = new Recorder();
  runScope(function* (s) {
    s.spawn(new Gate(), { onEnd: ({ how }) => log.note(how) }).abort();
    s.spawn(ready(1), { onEnd: ({ how }) => log.note(how) });
  });
  assertEquals(log.line, "aborted value");
});
