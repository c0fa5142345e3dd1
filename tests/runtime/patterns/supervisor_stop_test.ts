import { type ChildSpec, RestartLimit, supervise } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { Gate } from "../../support/gate.ts";
import { leisurely, Nursery } from "../../support/nursery.ts";

const NOTHING = { tasks: 0, timers: 0, registrations: 0 };

Deno.test("supervise: dropped, it stops children in reverse order, each waited for", () => {
  using nursery = new Nursery();
  const { log, virtual } = nursery;
  const children = ["a", "b", "c"].map((name) => leisurely(log, name, 10));
  const task = nursery.supervise(children, { onEvent: () => {} });
  task.abort();
  virtual.settle();
  assertEquals(nursery.news, "c stops");
  virtual.advance(30);
  assertEquals(nursery.news, "c stopped, b stops, b stopped, a stops, a stopped");
  assert(task.isFinished());
  assertEquals([virtual.runtime.statistics(), virtual.reported], [NOTHING, []]);
});

Deno.test("supervise: when it gives up, the rest is waited for as well", () => {
  using nursery = new Nursery();
  const { log, virtual } = nursery;
  const task = nursery.supervise([leisurely(log, "a", 10), nursery.child("b")], {
    maxRestarts: 0,
    onEvent: () => {},
  });
  nursery.fail("b");
  assertEquals([nursery.news, task.isFinished()], ["b runs, a stops", false]);
  virtual.advance(10);
  assertEquals(nursery.news, "a stopped");
  assertThrows(() => virtual.outcome(task), RestartLimit);
});

Deno.test("supervise: beyond the stop limit it waits for nobody", () => {
  using nursery = new Nursery();
  const { log, virtual } = nursery;
  const children = ["a", "b", "c"].map((name) => leisurely(log, name, 100));
  const task = nursery.supervise(children, { onEvent: () => {}, stopLimit: 150 });
  task.abort();
  virtual.advance(150);
  assertEquals(nursery.news, "c stops, c stopped, b stops, a stops");
  assert(task.isFinished());
  virtual.advance(100);
  assertEquals(virtual.runtime.statistics(), NOTHING);
});

Deno.test("supervise: cancelled while it stops a group, it still stops one after the other", () => {
  using nursery = new Nursery();
  const { log, virtual } = nursery;
  const children = [leisurely(log, "a", 10), leisurely(log, "b", 10), nursery.child("c")];
  const task = nursery.supervise(children, { strategy: "one-for-all", onEvent: () => {} });
  nursery.news;
  nursery.fail("c");
  virtual.advance(5);
  task.abort();
  virtual.advance(100);
  assertEquals(nursery.news, "b stops, b stopped, a stops, a stopped");
  assert(task.isFinished());
  assertEquals(virtual.runtime.statistics(), NOTHING);
});

Deno.test("supervise: nested, the inner one that gives up is restarted by the outer one", () => {
  using nursery = new Nursery();
  const inner = () =>
    supervise([nursery.child("a"), nursery.child("b")], { maxRestarts: 1, onEvent: () => {} });
  nursery.supervise([{ name: "inner", start: inner }, nursery.child("c")]);
  nursery.news;
  nursery.fail("a");
  assertEquals(nursery.news, "a runs");
  nursery.fail("b");
  assertEquals(nursery.news, "inner failed, inner restarted for inner, a runs, b runs");
});

Deno.test("supervise: nested, dropping the outer one waits for the inner one's children", () => {
  using nursery = new Nursery();
  const { log, virtual } = nursery;
  const inner = () => supervise([leisurely(log, "a", 10), leisurely(log, "b", 10)]);
  const task = nursery.supervise([leisurely(log, "c", 10), { name: "inner", start: inner }]);
  nursery.news;
  task.abort();
  virtual.advance(30);
  assertEquals(
    nursery.news,
    "b stops, b stopped, a stops, a stopped, inner stopped, c stops, c stopped, c stopped",
  );
  assert(task.isFinished());
  assertEquals(virtual.runtime.statistics(), NOTHING);
});

Deno.test("supervise: an error in a child's cleanup is told, and the others are stopped", () => {
  using nursery = new Nursery();
  const rude: ChildSpec = {
    name: "rude",
    *start() {
      try {
        yield* new Gate();
      } finally {
        // deno-lint-ignore no-unsafe-finally -- this is what it is for
        throw new RangeError("in cleanup");
      }
    },
  };
  const task = nursery.supervise([nursery.child("a"), rude]);
  nursery.news;
  task.abort();
  nursery.virtual.settle();
  assertEquals(nursery.news, "rude failed, a stopped");
});
