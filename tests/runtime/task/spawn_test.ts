import { OutsideRuntime, ready, spawn, yieldNow } from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

Deno.test("spawn: outside a task it is an error", () => {
  assertThrows(() => spawn(ready(1)), OutsideRuntime, "handle()");
});

Deno.test("spawn: the task runs after the one that spawned it suspends, kept or not", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  virtual.run(function* () {
    spawn(function* () {
      log.note("child");
    });
    log.note("parent");
    yield* yieldNow();
    log.note("parent again");
  });
  assertEquals(log.line, "parent child parent again");
});

Deno.test("spawn: takes a future as well as a coroutine, and a name", () => {
  using virtual = new VirtualRuntime();
  const outcome = virtual.run(function* () {
    const handle = spawn(ready(7), { name: "seven" });
    return [handle.name, yield* handle];
  });
  assertEquals(outcome, ["seven", 7]);
});

Deno.test("spawn: a task may spawn while it is being cancelled", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const handle = virtual.spawn(function* () {
    try {
      for (;;) yield* yieldNow();
    } finally {
      spawn(function* () {
        log.note("last will");
      });
    }
  });
  virtual.driver.step();
  handle.abort();
  virtual.settle();
  assertEquals(log.line, "last will");
});
