/** Orders of events that have broken other runtimes, each by its name. */

import {
  CancellationToken,
  Cancelled,
  type Co,
  JoinSet,
  Notify,
  pending,
  race,
  scope,
  shielded,
  sleep,
  spawn,
  TimedOut,
  timeout,
  yieldNow,
} from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { waiting } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

const NOTHING = { tasks: 0, timers: 0, registrations: 0 };

function assertClean(virtual: VirtualRuntime): void {
  virtual.settle();
  assertEquals([virtual.runtime.statistics(), virtual.reported], [NOTHING, []]);
}

/** Waits for ever, then `milliseconds` in its cleanup. */
function* slowly(log: Recorder, name: string, milliseconds = 10): Co<void> {
  try {
    yield* pending();
  } finally {
    yield* shielded(100, () => sleep(milliseconds));
    log.note(name);
  }
}

Deno.test("race: woken to completion and then aborted, a task is aborted; its value was not there yet", () => {
  using virtual = new VirtualRuntime();
  const gate = new Gate<number>();
  const task = virtual.spawn(gate);
  virtual.settle();
  gate.open(1);
  task.abort("too late");
  assertThrows(() => virtual.outcome(task), Cancelled, "too late");
  assertEquals(gate.dropped, 1);
  assertClean(virtual);
});

Deno.test("race: aborted in the tick of its completion, just after it, a task keeps its value", () => {
  using virtual = new VirtualRuntime();
  const task = virtual.run(function* () {
    const task = spawn(function* () {
      yield* sleep(5);
      return 7;
    });
    yield* sleep(5);
    yield* yieldNow();
    task.abort();
    return { value: yield* task };
  });
  assertEquals(task.value, 7);
  assertClean(virtual);
});

Deno.test("race: a task that aborts itself and then ends has ended", () => {
  using virtual = new VirtualRuntime();
  const value = virtual.run(function* () {
    const task = spawn(function* (): Co<number> {
      yield* yieldNow();
      task.abort();
      return 7;
    });
    return yield* task;
  });
  assertEquals(value, 7);
  assertClean(virtual);
});

Deno.test("race: a task that aborts itself in shielded work finishes that first", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = virtual.spawn(function* (): Co<void> {
    try {
      yield* shielded(100, function* () {
        task.abort("own");
        yield* sleep(5);
        log.note("work");
      });
      log.note("never");
    } finally {
      log.note("cleaned");
    }
  });
  task.then(() => {}, () => {});
  virtual.advance(5);
  assertEquals(log.line, "work cleaned");
  assertThrows(() => virtual.outcome(task), Cancelled, "own");
  assertClean(virtual);
});

Deno.test("race: a waiter list that changes while it is woken loses nobody", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const bell = new Notify();
  const tasks = ["a", "b", "c"].map((name, place) =>
    virtual.spawn(function* (): Co<void> {
      yield* bell.notified();
      log.note(name);
      tasks[(place + 1) % 3].abort();
      yield* bell.notified();
      log.note(`${name} again`);
    })
  );
  virtual.settle();
  bell.notifyAll();
  virtual.settle();
  bell.notifyAll();
  virtual.settle();
  assertEquals(log.line, "a c c again");
  assertEquals(tasks.map((task) => task.isFinished()), [true, true, true]);
  assertClean(virtual);
});

Deno.test("race: cancelled again during its cleanup, by anyone, a task cleans up once", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = virtual.spawn(() => slowly(log, "cleaned"));
  task.then(() => {}, () => {});
  virtual.settle();
  for (const reason of ["first", "second", "third"]) {
    task.abort(reason);
    virtual.advance(3);
  }
  virtual.advance(1);
  assertEquals(log.line, "cleaned");
  assertThrows(() => virtual.outcome(task), Cancelled, "first");
  assertClean(virtual);
});

Deno.test("race: a task that awaited another and was cancelled leaves no observer on it", () => {
  using virtual = new VirtualRuntime();
  const gate = new Gate<number>();
  const awaited = virtual.spawn(gate);
  const observer = virtual.spawn(function* () {
    yield* race<unknown>(awaited, pending());
  });
  virtual.settle();
  observer.abort();
  gate.open(7);
  virtual.settle();
  assertEquals(awaited.isFinished(), true);
  assertClean(virtual);
});

Deno.test("race: a late wake of a finished task does nothing", () => {
  using virtual = new VirtualRuntime();
  const gate = new Gate();
  const task = virtual.spawn(() => race(gate, sleep(1)));
  virtual.settle();
  const late = gate.waker!.clone();
  virtual.advance(1);
  virtual.outcome(task);
  late.wakeByRef();
  late.wake();
  assertEquals(virtual.driver.awake, false);
  assertClean(virtual);
});

for (const first of ["cancel", "timer"] as const) {
  Deno.test(`race: a timer and a cancel at the same instant, the ${first} first`, () => {
    using virtual = new VirtualRuntime();
    const token = new CancellationToken();
    const cancels = () =>
      virtual.spawn(function* () {
        yield* sleep(5);
        token.cancel("enough");
      });
    if (first === "cancel") cancels();
    const task = virtual.spawn(function* () {
      yield* token.run(() => sleep(5));
      return "slept";
    });
    if (first === "timer") cancels();
    task.then(() => {}, () => {});
    virtual.advance(5);
    if (first === "timer") assertEquals(virtual.outcome(task), "slept");
    else assertThrows(() => virtual.outcome(task), Cancelled, "enough");
    assertEquals(token.waiting, 0);
    assertClean(virtual);
  });
}

Deno.test("race: an abort in the tick of a timeout ends the body once", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = virtual.spawn(() => timeout(5, waiting(log, "dropped")));
  task.then(() => {}, () => {});
  virtual.spawn(function* () {
    yield* sleep(5);
    task.abort("at once");
  });
  virtual.advance(5);
  assertEquals(log.line, "dropped");
  assertThrows(() => virtual.outcome(task), TimedOut);
  assertClean(virtual);
});

Deno.test("race: a task that is aborted from its own cleanup ends as it was going to", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = virtual.spawn(function* (): Co<string> {
    try {
      yield* sleep(1);
      return "value";
    } finally {
      task.abort("from cleanup");
      log.note("cleaned");
    }
  });
  virtual.advance(1);
  assertEquals([virtual.outcome(task), log.line], ["value", "cleaned"]);
  assertClean(virtual);
});

Deno.test("race: a child that aborts its parent ends with it, and the parent waits for its cleanup", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const parent = virtual.spawn(() =>
    scope(function* (s): Co<void> {
      s.spawn(function* () {
        yield* yieldNow();
        parent.abort("by its child");
        yield* slowly(log, "child");
      });
      yield* waiting(log, "body");
    })
  );
  parent.then(() => {}, () => {});
  virtual.advance(9);
  assertEquals([log.line, parent.isFinished()], ["body", false]);
  virtual.advance(1);
  assertEquals([log.line, parent.isFinished()], ["body child", true]);
  assertThrows(() => virtual.outcome(parent), Cancelled, "by its child");
  assertClean(virtual);
});

Deno.test("race: two tasks that abort each other from their cleanups end once each", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const pair = [0, 1].map((place) =>
    virtual.spawn(function* (): Co<void> {
      try {
        yield* pending();
      } finally {
        pair[1 - place].abort();
        log.note(`${place}`);
      }
    })
  );
  virtual.settle();
  pair[0].abort();
  assertEquals([log.line, pair.every((task) => task.isFinished())], ["1 0", true]);
  assertClean(virtual);
});

Deno.test("race: a shield inside a shield: the outer one's limit ends the wait, the inner work is finished", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = virtual.spawn(function* () {
    try {
      yield* shielded(20, function* () {
        try {
          yield* shielded(1_000, () => sleep(50));
          log.note("inner done");
        } finally {
          log.note("inner left");
        }
      });
    } finally {
      log.note("outer left");
    }
  });
  task.then(() => {}, () => {});
  virtual.settle();
  task.abort();
  virtual.advance(20);
  assertEquals(log.line, "outer left");
  virtual.advance(30);
  virtual.settle();
  assertEquals(log.line, "outer left inner left");
  assertEquals(virtual.reported.map(([, error]) => error instanceof TimedOut), [true]);
  assertEquals(virtual.runtime.statistics(), NOTHING);
});

Deno.test("race: a shield inside a shielded finally block waits for both", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = virtual.spawn(function* () {
    try {
      yield* pending();
    } finally {
      yield* shielded(100, function* () {
        try {
          yield* shielded(10, () => sleep(5));
          log.note("inner");
        } finally {
          yield* shielded(10, () => sleep(5));
          log.note("innermost");
        }
      });
      log.note("outer");
    }
  });
  task.then(() => {}, () => {});
  virtual.settle();
  task.abort();
  virtual.advance(10);
  assertEquals([log.line, task.isFinished()], ["inner innermost outer", true]);
  assertClean(virtual);
});

Deno.test("race: a token cancelled from inside its own waiter's wake tells each once", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const token = new CancellationToken();
  token.subscribe(() => {
    token.cancel("again");
    log.note("callback");
  });
  virtual.spawn(function* () {
    log.note(yield* token.cancelled());
    token.cancel("once more");
    log.note(yield* token.cancelled());
  });
  virtual.settle();
  token.cancel("first");
  virtual.settle();
  assertEquals(log.line, "callback first first");
  assertClean(virtual);
});

Deno.test("race: a cancel by token in cleanup reaches a task that is itself being aborted", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const token = new CancellationToken();
  const task = virtual.spawn(function* () {
    try {
      yield* token.run(() => waiting(log, "body"));
    } finally {
      token.cancel();
      log.note("outer");
    }
  });
  virtual.settle();
  task.abort();
  assertEquals([log.line, token.waiting], ["body outer", 0]);
  assertClean(virtual);
});

Deno.test("race: a drain that begins while a task unwinds waits for it", async () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = virtual.spawn(() => slowly(log, "cleaned"));
  task.then(() => {}, () => {});
  virtual.settle();
  task.abort("before");
  virtual.advance(5);
  const closed = virtual.runtime.close().then(() => log.note("closed"));
  virtual.advance(5);
  await closed;
  assertEquals(log.line, "cleaned closed");
  assertThrows(() => virtual.outcome(task), Cancelled, "before");
});

Deno.test("race: a drain waits for cleanup that the loop has taken over", async () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  virtual.spawn(() => race<void>(slowly(log, "loser"), sleep(1)));
  virtual.advance(1);
  const closed = virtual.runtime.close().then(() => log.note("closed"));
  virtual.advance(10);
  await closed;
  assertEquals(log.line, "loser closed");
  assert(virtual.reported.length === 0);
});

Deno.test("race: a set whose task drops the set's waiter is joined by whoever comes next", () => {
  using virtual = new VirtualRuntime();
  const seen = virtual.run(function* () {
    using set = new JoinSet<number>();
    const waiter = spawn(function* () {
      yield* set.joinNext();
    });
    yield* yieldNow();
    set.spawn(function* () {
      waiter.abort();
      return 7;
    });
    yield* yieldNow();
    yield* yieldNow();
    return yield* set.joinNext();
  });
  assertEquals(seen, 7);
  assertClean(virtual);
});
