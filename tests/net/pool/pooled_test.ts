import { Pooled } from "wakeful/net";
import { Misuse } from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";

for (const [how, reusable] of [["release", true], ["discard", false]] as const) {
  Deno.test(`Pooled: ${how} gives the connection back once, and ends its use`, () => {
    const calls: boolean[] = [];
    const pooled = new Pooled("connection", (reusable) => calls.push(reusable));
    assertEquals(pooled.value, "connection");
    pooled[how]();
    pooled.release();
    pooled.discard();
    assertEquals(calls, [reusable]);
    assertThrows(() => pooled.value, Misuse, "given back");
  });
}
