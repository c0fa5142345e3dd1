import {
  byRef,
  Cancelled,
  type Co,
  type Ended,
  intoFuture,
  type JoinHandle,
  now,
  pending,
  race,
  ready,
  shielded,
  sleep,
  type Spawnable,
} from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { failing, failingInCleanup, waiting } from "../../support/bodies.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** Waits for ever; its cleanup waits 50 ms, and then does `last`. */
function* slowly(last: () => void): Co<void> {
  try {
    yield* pending();
  } finally {
    try {
      yield* shielded(100, () => sleep(50));
    } finally {
      last();
    }
  }
}

function throwing(error: Error): () => never {
  return () => {
    throw error;
  };
}

/** A task that was aborted and waits in its cleanup; `ends` are its ends, of which there may be one. */
function unwinding(virtual: VirtualRuntime, body: Spawnable<void>) {
  const ends: Ended<void>[] = [];
  const task: JoinHandle<void> = virtual.runtime.spawn(body, { onEnd: (end) => ends.push(end) });
  virtual.settle();
  task.abort("over");
  virtual.settle();
  return { task, ends };
}

Deno.test("unwinding: a shutdown that meets failing cleanup ends every task nevertheless", () => {
  const virtual = new VirtualRuntime();
  const log = new Recorder();
  const error = new RangeError("in cleanup");
  const { ends } = unwinding(virtual, slowly(throwing(error)));
  unwinding(virtual, slowly(() => log.note("other")));
  virtual.spawn(waiting(log, "waiting"));
  virtual.settle();
  virtual.runtime.shutdown();
  assertEquals([log.line, ends], ["other waiting", [{ how: "error", error }]]);
  assertEquals(virtual.runtime.statistics().tasks, 0);
});

Deno.test("unwinding: of several cleanups that are cut short each runs, whatever the others throw", () => {
  const virtual = new VirtualRuntime();
  const log = new Recorder();
  const { ends } = unwinding(
    virtual,
    () => race(slowly(throwing(new RangeError("first"))), slowly(() => log.note("second"))),
  );
  virtual.runtime.shutdown();
  assertEquals([log.line, ends.map(({ how }) => how)], ["second", ["error"]]);
});

Deno.test("unwinding: a work that fails while it is cut short does not keep the block around it", () => {
  const virtual = new VirtualRuntime();
  const log = new Recorder();
  unwinding(virtual, function* () {
    try {
      yield* shielded(100, () => failingInCleanup());
    } finally {
      log.note("outer");
    }
  });
  virtual.runtime.shutdown();
  assertEquals(log.line, "outer");
});

Deno.test("unwinding: cleanup that is cut short still runs inside its task", () => {
  const virtual = new VirtualRuntime();
  const log = new Recorder();
  const { ends } = unwinding(virtual, slowly(() => log.note(`at ${now()}`)));
  virtual.runtime.shutdown();
  assertEquals([log.line, ends.map(({ how }) => how)], ["at 0", ["aborted"]]);
});

Deno.test("unwinding: a shutdown from the cleanup of an abort ends the task once", () => {
  const virtual = new VirtualRuntime();
  const { task, ends } = unwinding(virtual, function* () {
    try {
      yield* pending();
    } finally {
      virtual.runtime.shutdown();
    }
  });
  assertEquals(ends, [{ how: "aborted", reason: "over" }]);
  assertThrows(() => virtual.outcome(task), Cancelled, "over");
});

Deno.test("unwinding: a shutdown from cleanup that waited ends the task, the rest of its cleanup before", () => {
  const virtual = new VirtualRuntime();
  const log = new Recorder();
  const { ends } = unwinding(virtual, function* () {
    try {
      yield* slowly(() => log.note("outer"));
    } finally {
      virtual.runtime.shutdown();
      try {
        yield* shielded(100, () => sleep(50));
      } finally {
        log.note("cut short");
      }
    }
  });
  assertEquals(log.line, "");
  virtual.advance(50);
  assertEquals([log.line, ends.length], ["outer cut short", 1]);
  assertEquals(virtual.runtime.statistics().tasks, 0);
});

Deno.test("unwinding: the first error of a cleanup is the outcome, a later one is reported", () => {
  using virtual = new VirtualRuntime();
  const task = virtual.spawn(() =>
    race(failingInCleanup(), slowly(throwing(new TypeError("later"))))
  );
  task.then(() => {}, () => {});
  virtual.settle();
  task.abort();
  virtual.advance(50);
  virtual.settle();
  assertThrows(() => virtual.outcome(task), RangeError, "in cleanup");
  assertEquals(virtual.reported.map(([, error]) => (error as Error).message), ["later"]);
});

Deno.test("unwinding: of two that fail after a wait the first error is the outcome, the other reported", () => {
  using virtual = new VirtualRuntime();
  const task = virtual.spawn(() =>
    race(slowly(throwing(new RangeError("one"))), slowly(throwing(new TypeError("two"))))
  );
  task.then(() => {}, () => {});
  virtual.settle();
  task.abort();
  virtual.advance(50);
  virtual.settle();
  assertThrows(() => virtual.outcome(task), RangeError, "one");
  assertEquals(virtual.reported.map(([, error]) => (error as Error).message), ["two"]);
});

Deno.test("unwinding: an abort from the task's own cleanup changes nothing", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const { task, ends } = unwinding(virtual, () =>
    slowly(() => {
      task.abort("again");
      log.note("done");
    }));
  virtual.advance(50);
  assertEquals([log.line, ends], ["done", [{ how: "aborted", reason: "over" }]]);
  assert(task.isFinished());
});

Deno.test("unwinding: a coroutine that delegates to one whose cleanup waited gets no further than its next await", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const { ends } = unwinding(virtual, function* () {
    try {
      yield* slowly(() => log.note("inner"));
      yield* pending();
      log.note("never");
    } finally {
      yield* shielded(100, () => sleep(5));
      log.note("outer");
    }
  });
  virtual.advance(50);
  assertEquals([log.line, ends.length], ["inner", 0]);
  virtual.advance(5);
  assertEquals([log.line, ends], ["inner outer", [{ how: "aborted", reason: "over" }]]);
});

Deno.test("unwinding: a shutdown of a task that has not begun to clean up cuts its cleanup short, without an error", () => {
  const virtual = new VirtualRuntime();
  const log = new Recorder();
  const ends: Ended<void>[] = [];
  virtual.runtime.spawn(() => slowly(() => log.note("left")), { onEnd: (end) => ends.push(end) });
  virtual.settle();
  virtual.runtime.shutdown();
  assertEquals([log.line, ends.map(({ how }) => how)], ["left", ["aborted"]]);
});

Deno.test("unwinding: what a finally block awaits that is ready may lose something shielded on the way", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const { ends } = unwinding(virtual, function* () {
    try {
      yield* pending();
    } finally {
      log.note(yield* race<string>(farewell(log), ready("winner")));
    }
  });
  assertEquals([log.line, ends.length], ["winner", 1]);
  virtual.advance(50);
  assertEquals(log.line, "winner farewell");
});

/** Waits 50 ms in a finally block, although nothing is being dropped. */
function* farewell(log: Recorder): Co<string> {
  try {
    return "farewell";
  } finally {
    yield* shielded(100, function* () {
      yield* sleep(50);
      log.note("farewell");
    });
  }
}

Deno.test("unwinding: what a finally block drops is waited for, also when the block throws", () => {
  for (const error of [undefined, new RangeError("own")]) {
    using virtual = new VirtualRuntime();
    const log = new Recorder();
    const { task, ends } = unwinding(virtual, function* () {
      using kept = intoFuture(slowly(() => log.note("kept")));
      try {
        yield* byRef(kept);
      } finally {
        kept.drop();
        log.note("dropped");
        if (error !== undefined) yield* failing(error);
      }
    });
    assertEquals([log.line, ends.length], ["dropped", 0]);
    virtual.advance(50);
    assertEquals([log.line, ends.length], ["dropped kept", 1]);
    assertThrows(() => virtual.outcome(task), error === undefined ? Cancelled : RangeError);
  }
});
