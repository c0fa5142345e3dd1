import { PolledAfterReady, yieldNow } from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

Deno.test("yieldNow: is pending once, wakes at once, then is ready, then an error", () => {
  const future = handPoll(yieldNow());
  future.assertPending();
  assertEquals([future.wakes, future.kept], [1, 0]);
  future.assertReady(undefined);
  assertThrows(() => future.poll(), PolledAfterReady, "yieldNow()");
});

Deno.test("yieldNow: every other ready task runs once before it goes on", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  for (const name of ["a", "b", "c"]) {
    virtual.spawn(function* () {
      for (let i = 1; i <= 2; i++) {
        log.note(name + i);
        yield* yieldNow();
      }
    });
  }
  virtual.settle();
  assertEquals(log.line, "a1 b1 c1 a2 b2 c2");
});
