import { now, spawn } from "wakeful/runtime";
import { countDown, marksOf } from "../../../commands/chat-server/countdown.ts";
import { assertEquals } from "../../support/assert.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

Deno.test("marksOf: at once, and at round moments before the end", () => {
  assertEquals(marksOf(90_000), [90_000, 60_000, 30_000, 10_000, 5_000, 3_000, 2_000, 1_000]);
  assertEquals([marksOf(5_000), marksOf(0)], [[5_000, 3_000, 2_000, 1_000], [0]]);
});

Deno.test("countDown: says how long it still is, when it is so", () => {
  using time = new VirtualRuntime();
  const told: [number, string][] = [];
  const end = time.run(function* () {
    yield* countDown(12_000, function* (left) {
      told.push([now(), left]);
      yield* spawn(function* () {});
    });
    return now();
  });
  assertEquals(told.slice(0, 4), [[0, "12s"], [2_000, "10s"], [7_000, "5s"], [9_000, "3s"]]);
  assertEquals([told.length, end], [6, 12_000]);
});
