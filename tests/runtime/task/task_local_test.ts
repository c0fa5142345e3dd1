import {
  type Co,
  Misuse,
  pending,
  race,
  shielded,
  sleep,
  spawn,
  TaskLocal,
  yieldNow,
} from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

const user = new TaskLocal<string>("user");

/** What is bound, before and after an await. */
function* across(): Co<(string | undefined)[]> {
  const before = user.tryGet();
  yield* sleep(1);
  return [before, user.tryGet()];
}

Deno.test("TaskLocal: the value is there across awaits, and gone after the scope", () => {
  using virtual = new VirtualRuntime();
  const seen = virtual.run(function* () {
    return [...yield* user.scope("ann", across), user.tryGet()];
  });
  assertEquals(seen, ["ann", "ann", undefined]);
});

Deno.test("TaskLocal: tasks that take turns do not see each other's", () => {
  using virtual = new VirtualRuntime();
  const names = ["ann", "bob", "cy"];
  const handles = names.map((name) => virtual.spawn(() => user.scope(name, across)));
  virtual.advance(1);
  assertEquals(handles.map((handle) => virtual.outcome(handle)), names.map((name) => [name, name]));
});

Deno.test("TaskLocal: an inner scope shadows the outer one for its own length", () => {
  using virtual = new VirtualRuntime();
  const seen = virtual.run(() =>
    user.scope("outer", function* () {
      const inner = yield* user.scope("inner", across);
      return [...inner, user.get()];
    })
  );
  assertEquals(seen, ["inner", "inner", "outer"]);
});

Deno.test("TaskLocal: a spawned task begins without any", () => {
  using virtual = new VirtualRuntime();
  const seen = virtual.run(() =>
    user.scope("ann", function* () {
      return yield* spawn(across);
    })
  );
  assertEquals(seen, [undefined, undefined]);
});

Deno.test("TaskLocal: two locals do not disturb each other", () => {
  const other = new TaskLocal<number>("other");
  const seen = user.syncScope("ann", () => other.syncScope(7, () => [user.get(), other.get()]));
  assertEquals(seen, ["ann", 7]);
  assertEquals([user.tryGet(), other.tryGet()], [undefined, undefined]);
});

Deno.test("TaskLocal: cleanup runs with what its body knew, whoever drops it", () => {
  const seen: unknown[] = [];
  const bound = handPoll(user.scope("ann", function* () {
    try {
      yield* new Gate();
    } finally {
      seen.push(user.tryGet());
    }
  }));
  bound.assertPending();
  user.syncScope("bob", () => bound.drop());
  assertEquals(seen, ["ann"]);
  assertEquals(user.tryGet(), undefined);
});

Deno.test("TaskLocal: a task that aborts another keeps its own", () => {
  using virtual = new VirtualRuntime();
  const seen: unknown[] = [];
  virtual.run(() =>
    user.scope("ann", function* () {
      const other = spawn(() =>
        user.scope("bob", function* () {
          try {
            yield* new Gate();
          } finally {
            seen.push(user.tryGet());
          }
        })
      );
      yield* yieldNow();
      other.abort();
      seen.push(user.tryGet());
    })
  );
  assertEquals(seen, ["bob", "ann"]);
});

Deno.test("TaskLocal: a body that throws leaves nothing bound", () => {
  const bound = handPoll(user.scope("ann", function* () {
    throw new RangeError(user.get());
  }));
  assertThrows(() => bound.poll(), RangeError, "ann");
  assertEquals(user.tryGet(), undefined);
  assertThrows(() =>
    user.syncScope("ann", () => {
      throw new RangeError("own");
    }), RangeError);
  assertEquals(user.tryGet(), undefined);
});

Deno.test("TaskLocal: get() and with() outside a scope say what is missing; undefined is a value", () => {
  assertThrows(() => user.get(), Misuse, "The task-local user is not bound here");
  assertThrows(() => user.with((name) => name), Misuse, "user");
  const maybe = new TaskLocal<undefined>("maybe");
  assertEquals(maybe.syncScope(undefined, () => maybe.get()), undefined);
  assertEquals(user.syncScope("ann", () => user.with((name) => name.length)), 3);
});

/** Waits for ever; its cleanup waits, and looks what is bound after that. */
function* lookingAfterCleanup(seen: unknown[]): Co<void> {
  try {
    yield* pending();
  } finally {
    yield* shielded(100, () => sleep(5));
    seen.push(user.tryGet());
  }
}

Deno.test("TaskLocal: cleanup that waits still knows what its body knew", () => {
  using virtual = new VirtualRuntime();
  const seen: unknown[] = [];
  const task = virtual.spawn(function* () {
    try {
      yield* user.scope("ann", () => lookingAfterCleanup(seen));
    } finally {
      seen.push(user.tryGet());
    }
  });
  virtual.settle();
  task.abort();
  virtual.advance(5);
  assertEquals(seen, ["ann", undefined]);
});

Deno.test("TaskLocal: cleanup that the loop sees to its end knows it, too", () => {
  using virtual = new VirtualRuntime();
  const seen: unknown[] = [];
  virtual.run(() => user.scope("ann", () => race<void>(sleep(1), lookingAfterCleanup(seen))));
  virtual.advance(5);
  assertEquals([seen, virtual.reported], [["ann"], []]);
});

Deno.test("TaskLocal: shielded work that runs on after a cancel knows it, and so when cut short", () => {
  const seen: unknown[] = [];
  const work = () =>
    shielded(100, function* () {
      try {
        yield* sleep(5);
        seen.push(user.tryGet());
        yield* sleep(5);
      } finally {
        seen.push(user.tryGet());
      }
    });
  using virtual = new VirtualRuntime();
  const task = virtual.spawn(() => user.scope("ann", work));
  virtual.settle();
  task.abort();
  virtual.advance(5);
  virtual.runtime.shutdown();
  assertEquals(seen, ["ann", "ann"]);
});
