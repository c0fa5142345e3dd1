import fc from "../../../support/fast_check.ts";
import { NONE, Work } from "../../../../commands/load-tester/load/work.ts";
import { assert, assertEquals } from "../../../support/assert.ts";

function ticketsOf(work: Work): number[] {
  const tickets: number[] = [];
  for (let ticket = work.take(); ticket !== NONE; ticket = work.take()) tickets.push(ticket);
  return tickets;
}

Deno.test("work: tickets are handed out in order, as many as there are", () => {
  const work = new Work(3);
  assertEquals([ticketsOf(work), work.take()], [[0, 1, 2], NONE]);
  assertEquals(ticketsOf(new Work(0)), []);
});

Deno.test("work: the shares of several threads are all of it, and each ticket is in one", () => {
  fc.assert(fc.property(fc.nat(500), fc.integer({ min: 1, max: 64 }), (count, of) => {
    const shares = Array.from(
      { length: of },
      (_, index) => ticketsOf(new Work(count, undefined, { index, of })),
    );
    const sizes = shares.map(({ length }) => length);
    assert(Math.max(...sizes) - Math.min(...sizes) <= 1);
    assertEquals(
      shares.flat().toSorted((a, b) => a - b),
      Array.from({ length: count }, (_, i) => i),
    );
  }));
});

Deno.test("work: once it is stopped nothing is handed out", () => {
  const work = new Work(Infinity);
  assertEquals([work.take(), work.stopped], [0, false]);
  work.stop();
  assertEquals([work.take(), work.stopped], [NONE, true]);
});
