import { type Co, ready, spawn, yieldNow } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { Outgoing } from "../../../commands/serving/outgoing.ts";
import { assertEquals, assertFalse } from "../../support/assert.ts";
import { Gate } from "../../support/gate.ts";

Deno.test("Outgoing: what was posted before a send goes in one batch, in order", () =>
  runTest(function* () {
    const outgoing = new Outgoing<number>();
    const batches: number[][] = [];
    for (const n of [1, 2, 3]) outgoing.post(n);
    using _pump = spawn(() =>
      outgoing.pump((batch) => {
        batches.push([...batch]);
        return ready(undefined);
      })
    ).abortOnDrop();
    yield* yieldNow();
    outgoing.post(4);
    yield* yieldNow();
    yield* yieldNow();
    assertEquals(batches, [[1, 2, 3], [4]]);
  }));

Deno.test("Outgoing: room waits until what is too much has gone", () =>
  runTest(function* () {
    const outgoing = new Outgoing<number>();
    for (let n = 0; n < 1_024; n++) outgoing.post(n);
    yield* outgoing.room();
    outgoing.post(1_024);
    const waiting = spawn(() => outgoing.room());
    const gate = new Gate();
    using _pump = spawn(() =>
      outgoing.pump(function* (): Co<void> {
        yield* gate;
      })
    ).abortOnDrop();
    yield* yieldNow();
    yield* yieldNow();
    assertFalse(waiting.isFinished());
    gate.open();
    yield* waiting;
  }));
