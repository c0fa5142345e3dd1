import { MissingDriver, now, OutsideRuntime } from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

Deno.test("now: reads the runtime's clock, also in the middle of a turn", () => {
  const loop = new FakeLoop();
  loop.clock.time = 7;
  assertEquals(loop.inside(now), 7);
});

Deno.test("now: needs a task, and a runtime with time", () => {
  assertThrows(now, OutsideRuntime);
  using virtual = new VirtualRuntime((builder) => builder.enableIo());
  virtual.run(function* () {
    assertThrows(now, MissingDriver, "time");
  });
});
