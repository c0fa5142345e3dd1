import { Random } from "wakeful/runtime";
import { Kernel } from "../../../../runtime/reactor/sim/kernel.ts";
import { type LinkOptions, Path } from "../../../../runtime/reactor/sim/link.ts";
import { assert, assertEquals, assertFalse } from "../../../support/assert.ts";

const DRAWS = 2_000;

function pathOf(options: LinkOptions): Path {
  return new Path(new Kernel(new Random(1)), options);
}

function times<T>(draw: () => T): T[] {
  return Array.from({ length: DRAWS }, draw);
}

function assertNear(actual: number, expected: number): void {
  assert(Math.abs(actual - expected) < 0.05, `${actual} is far from ${expected}`);
}

function shareOf(draw: () => boolean): number {
  return times(draw).filter(Boolean).length / DRAWS;
}

Deno.test("Path: a packet arrives after the latency, which may be drawn", () => {
  assertEquals(pathOf({ latency: 3 }).arrival(100), 3);
  const path = pathOf({ latency: [2, 4] });
  const arrivals = times(() => path.arrival(100));
  assert(arrivals.every((at) => at >= 2 && at <= 4));
  assert(Math.min(...arrivals) < 2.1 && Math.max(...arrivals) > 3.9);
});

Deno.test("Path: packets share the bandwidth, one behind the other", () => {
  const path = pathOf({ latency: 1, bandwidth: 10 });
  assertEquals([path.arrival(100), path.arrival(50), path.arrival(0)], [11, 16, 16]);
});

Deno.test("Path: losses and doubles are as frequent as it says", () => {
  const path = pathOf({ loss: 0.25, duplication: 0.1 });
  assertNear(shareOf(() => path.loses()), 0.25);
  assertNear(shareOf(() => path.doubles()), 0.1);
  assertEquals(shareOf(() => pathOf({}).loses()), 0);
  assertEquals(shareOf(() => pathOf({ loss: 1 }).loses()), 1);
});

Deno.test("Path: a piece has one byte at least, and all of them mostly", () => {
  const path = pathOf({ fragmentation: 0.25 });
  const pieces = times(() => path.piece(10));
  assert(pieces.every((piece) => piece >= 1 && piece <= 10));
  assertNear(pieces.filter((piece) => piece < 10).length / DRAWS, 0.225);
  assertEquals([path.piece(0), path.piece(1)], [0, 1]);
});

Deno.test("Path: is up when it was opened as often as it was shut", () => {
  const path = pathOf({});
  path.shut();
  path.shut();
  path.open();
  assertFalse(path.up);
  path.open();
  path.open();
  assert(path.up);
  path.shut();
  assertFalse(path.up, "an open too many opens nothing in advance");
});

Deno.test("Path: trouble lasts until recovery, and heal opens as well", () => {
  const path = pathOf({ latency: 1 });
  path.worsen({ latency: 50 });
  path.change({ bandwidth: 1 });
  assertEquals(path.arrival(10), 60);
  path.recover();
  assertEquals(path.arrival(0), 11);
  path.worsen({ loss: 1 });
  path.shut();
  path.heal();
  assertEquals([path.up, path.loses()], [true, false]);
});
