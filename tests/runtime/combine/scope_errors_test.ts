import { pending, type Scope, scope, shielded, sleep, yieldNow } from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { failing, failingInCleanup, waiting } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { Recorder } from "../../support/recorder.ts";
import { runScope } from "../../support/run_scope.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

const failChild = () => failing(new RangeError("child"));

Deno.test("scope: a child's error cancels its siblings and the body, then the scope throws it", () => {
  const log = new Recorder();
  assertThrows(
    () =>
      runScope(function* (s) {
        s.spawn(waiting(log, "sibling"));
        s.spawn(function* () {
          yield* sleep(5);
          throw new RangeError("child");
        });
        yield* waiting(log, "body");
      }),
    RangeError,
    "child",
  );
  assertEquals(log.line, "sibling body");
});

Deno.test("scope: the body's error cancels the children, then the scope throws it", () => {
  const log = new Recorder();
  assertThrows(
    () =>
      runScope(function* (s) {
        s.spawn(waiting(log, "a"));
        s.spawn(waiting(log, "b"));
        yield* sleep(5);
        throw new RangeError("body");
      }),
    RangeError,
    "body",
  );
  assertEquals(log.line, "a b");
});

Deno.test("scope: the first error is the one thrown, not that of a sibling's cleanup", () => {
  assertThrows(
    () =>
      runScope(function* (s) {
        s.spawn(() => failingInCleanup(new TypeError("in cleanup")));
        s.spawn(failChild);
        yield* new Gate();
      }, 1),
    RangeError,
    "child",
  );
});

Deno.test("scope: the first error is thrown, and that of the body's cleanup reported", () => {
  using virtual = new VirtualRuntime();
  const body = scope(function* (s) {
    s.spawn(failChild);
    yield* failingInCleanup();
  });
  assertThrows(() => virtual.run(body), RangeError, "child");
  assertEquals(virtual.reported.map(([, error]) => (error as Error).message), ["in cleanup"]);
});

Deno.test("scope: the body's error is thrown, not that of a child's cleanup after it", () => {
  const body = function* (s: Scope) {
    s.spawn(failingInCleanup());
    yield* yieldNow();
    yield* failing(new TypeError("body"));
  };
  assertThrows(() => runScope(body, 1), TypeError, "body");
});

Deno.test("scope: a joined child's error ends the scope although the body catches it", () => {
  const body = function* (s: Scope) {
    try {
      yield* s.spawn(failChild);
    } catch {
      return "caught";
    }
  };
  assertThrows(() => runScope(body), RangeError, "child");
});

Deno.test("scope: aborting one child by its handle is no error, and the others go on", () => {
  const log = new Recorder();
  runScope(function* (s) {
    const one = s.spawn(waiting(log, "aborted"));
    s.spawn(function* () {
      yield* sleep(5);
      log.note("other");
    });
    yield* yieldNow();
    one.abort();
  });
  assertEquals(log.line, "aborted other");
});

Deno.test("scope: an error in an aborted child's cleanup ends the scope", () => {
  const body = function* (s: Scope) {
    const child = s.spawn(failingInCleanup);
    yield* yieldNow();
    child.abort();
  };
  assertThrows(() => runScope(body), RangeError, "in cleanup");
});

Deno.test("scope: nested, an inner error can be caught and leaves the outer one be", () => {
  const log = new Recorder();
  runScope(function* (outer) {
    outer.spawn(function* () {
      yield* sleep(5);
      log.note("outer child");
    });
    try {
      yield* scope(function* (inner) {
        inner.spawn(failChild);
      });
    } catch (error) {
      log.note((error as Error).message);
    }
  });
  assertEquals(log.line, "child outer child");
});

Deno.test("scope: the error of a child's cleanup is not lost when the scope is dropped", () => {
  using virtual = new VirtualRuntime();
  const task = virtual.spawn(scope(function* (s) {
    s.spawn(failingInCleanup);
    yield* new Gate();
  }));
  virtual.settle();
  task.abort();
  virtual.settle();
  assertEquals(virtual.reported.map(([, error]) => (error as Error).message), ["in cleanup"]);
});

Deno.test("scope: once a child has failed the body gets no further", () => {
  const log = new Recorder();
  const body = function* (s: Scope) {
    const gate = new Gate();
    s.spawn(function* () {
      gate.open();
      yield* failChild();
    });
    yield* gate;
    log.note("went on");
  };
  assertThrows(() => runScope(body), RangeError, "child");
  assertEquals(log.line, "");
});

/** Waits for ever; its cleanup takes `milliseconds` and is allowed 100. */
function* slowly(milliseconds: number, log: Recorder) {
  try {
    yield* pending();
  } finally {
    yield* shielded(100, () => sleep(milliseconds));
    log.note(`after ${milliseconds}`);
  }
}

Deno.test("scope: that the body's cleanup takes too long is reported, and the children are waited for", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = virtual.spawn(() =>
    scope(function* (s) {
      s.spawn(() => slowly(90, log));
      s.spawn(() =>
        scope((inner) => {
          inner.spawn(() => slowly(80, log));
          return slowly(70, log);
        })
      );
      s.spawn(function* () {
        yield* sleep(1);
        yield* failChild();
      });
      yield* slowly(1_000, log);
    })
  );
  task.then(() => {}, () => {});
  virtual.advance(100);
  assertEquals([log.line, task.isFinished()], ["after 70 after 80 after 90", false]);
  virtual.advance(1);
  virtual.settle();
  assertThrows(() => virtual.outcome(task), RangeError, "child");
  assertEquals(virtual.reported.map(([name]) => name), ["cleanup of a scope"]);
});

Deno.test("scope: that the body's cleanup fails does not end the wait for the children", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = virtual.spawn(() =>
    scope(function* (s) {
      s.spawn(() => slowly(90, log));
      s.spawn(failChild);
      try {
        yield* slowly(50, log);
      } finally {
        yield* failing(new TypeError("body"));
      }
    })
  );
  task.then(() => {}, () => {});
  virtual.advance(60);
  assertEquals([log.line, task.isFinished()], ["after 50", false]);
  virtual.advance(30);
  virtual.settle();
  assertEquals([log.line, task.isFinished()], ["after 50 after 90", true]);
  assertThrows(() => virtual.outcome(task), RangeError, "child");
  assertEquals(virtual.reported.map(([, error]) => (error as Error).message), ["body"]);
});
