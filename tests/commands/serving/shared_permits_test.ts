import fc from "../../support/fast_check.ts";
import { spawn, yieldNow } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { type SharedPermit, SharedPermits } from "../../../commands/serving/shared_permits.ts";
import { assert, assertEquals, assertFalse } from "../../support/assert.ts";

/** The views of several threads on one memory; rings arrive at once. */
function views(permits: number, seats: number): SharedPermits[] {
  const memory = SharedPermits.memory(permits, seats);
  const all: SharedPermits[] = [];
  for (let seat = 0; seat < seats; seat++) {
    all.push(new SharedPermits(memory, seat, (rung) => all[rung].rung()));
  }
  return all;
}

Deno.test("SharedPermits: all seats together get as many as there are", () => {
  const [ann, ben] = views(2, 2);
  const [first, second] = [ann.tryAcquire(), ben.tryAcquire()];
  assert(first !== undefined && second !== undefined);
  assertEquals([ann.tryAcquire(), ben.tryAcquire()], [undefined, undefined]);
  assertEquals([ann.held(0), ann.held(1)], [1, 1]);
  second.release();
  second.release(); // once is enough
  assert(ann.tryAcquire() !== undefined);
  assertEquals([ann.held(0), ann.held(1), ben.tryAcquire()], [2, 0, undefined]);
});

Deno.test("SharedPermits: who waits is rung when another seat gives one back", () =>
  runTest(function* () {
    const [ann, ben] = views(1, 2);
    const held = ann.tryAcquire()!;
    const waiting = spawn(() => ben.acquire());
    yield* yieldNow();
    assertFalse(waiting.isFinished());
    held.release();
    (yield* waiting).release();
    assertEquals(ben.held(1), 0);
  }));

Deno.test("SharedPermits: who waits hears of the permits of its own seat as well", () =>
  runTest(function* () {
    const [ann] = views(1, 1);
    const held = ann.tryAcquire()!;
    const waiting = spawn(() => ann.acquire());
    yield* yieldNow();
    held.release();
    yield* waiting;
  }));

Deno.test("SharedPermits: a permit can be handed to another seat, which gives it back", () => {
  const [main, worker] = views(1, 2);
  const permit = main.tryAcquire()!;
  permit.handTo(1);
  permit.release(); // it is not this one's any more
  assertEquals([main.held(0), main.held(1), main.tryAcquire()], [0, 1, undefined]);
  worker.taken().release();
  assert(main.tryAcquire() !== undefined);
});

Deno.test("SharedPermits: what a dead thread held is there for the others", () =>
  runTest(function* () {
    const [main, worker] = views(3, 2);
    for (let i = 0; i < 3; i++) worker.tryAcquire();
    const waiting = spawn(() => main.acquire());
    yield* yieldNow();
    main.releaseAll(1);
    yield* waiting;
    assertEquals([main.held(0), main.held(1)], [1, 0]);
  }));

Deno.test("SharedPermits: whatever is done, held and free ones are as many as at first", () => {
  const steps = fc.array(fc.tuple(fc.nat(2), fc.constantFrom("take", "give", "hand"), fc.nat(2)));
  fc.assert(fc.property(steps, (steps) => {
    const all = views(4, 3);
    const mine: SharedPermit[][] = [[], [], []];
    for (const [seat, what, other] of steps) {
      if (what === "take") {
        const permit = all[seat].tryAcquire();
        assertEquals(permit === undefined, mine.flat().length === 4);
        if (permit !== undefined) mine[seat].push(permit);
      } else if (what === "give") mine[seat].pop()?.release();
      else if (mine[seat].length > 0) {
        mine[seat].pop()!.handTo(other);
        mine[other].push(all[other].taken());
      }
      assertEquals([0, 1, 2].map((s) => all[0].held(s)), mine.map(({ length }) => length));
    }
  }));
});
