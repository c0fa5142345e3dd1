import fc from "../../../support/fast_check.ts";
import type { Co } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import {
  type Capacity,
  findCapacity,
  type Probe,
} from "../../../../commands/load-tester/judge/capacity.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { seeded } from "../../../support/random.ts";

/** Whether the window of that number meets the goal at that rate. */
type Server = (rate: number, window: number) => boolean;

function search(most: number, server: Server): Promise<Capacity> {
  let windows = 0;
  return runTest(() =>
    findCapacity(most, function* (rate): Co<Probe> {
      return { rate, met: server(rate, windows++), keptUp: true, value: rate, throughput: rate };
    })
  );
}

/** A server that takes so many a second, and no more. */
const upTo = (capacity: number): Server => (rate) => rate <= capacity;

Deno.test("capacity: a server's known capacity is found, to 3 %", async () => {
  const someServers = fc.record({
    most: fc.integer({ min: 100, max: 200_000 }),
    share: fc.double({ min: 0.05, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(someServers, async ({ most, share }) => {
      const capacity = most * share;
      const { rate, failedAt, confirmed } = await search(most, upTo(capacity));
      assert(rate <= capacity && rate >= capacity * 0.97, `${rate} of ${capacity}`);
      assert(failedAt === undefined ? share > 0.97 : failedAt > capacity && failedAt < rate * 1.03);
      assertEquals(confirmed, { met: 3, of: 3 });
    }),
    { numRuns: 50 },
  );
});

Deno.test("capacity: windows that fail by chance do not make it much lower", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const draw = seeded(seed);
    const most = 10_000;
    const noisy: Server = (rate) => {
      if (rate > 7_300 || rate < 6_700) return rate <= 7_000;
      return draw(0, 600) > rate - 6_700; // ever less likely around 7,000
    };
    const { rate, confirmed } = await search(most, noisy);
    assert(rate > 7_000 * 0.94 && rate < 7_000 * 1.05, `seed ${seed}: ${rate}`);
    assert(confirmed.met >= 2);
  }
});

Deno.test("capacity: one lucky window is no answer", async () => {
  const lucky: Server = (rate, window) => rate <= 1_000 || window === 0;
  const { rate, probes } = await search(2_000, lucky);
  assert(rate <= 1_600 * 0.97 ** 8 || rate <= 1_000, `${rate}`);
  assertEquals(probes[0], {
    rate: 1_600,
    met: true,
    keptUp: true,
    value: 1_600,
    throughput: 1_600,
  });
});

Deno.test("capacity: a server that meets it at any rate is limited by what it answers", async () => {
  const { rate, failedAt } = await search(1_000, () => true);
  assertEquals(failedAt, undefined);
  assert(rate >= 1_100 / 1.02 && rate <= 1_100, `${rate}`);
});

Deno.test("capacity: when no rate meets it, it is 0, and the search ends", async () => {
  const { rate, failedAt, confirmed, probes } = await search(8_000, () => false);
  assertEquals([rate, confirmed.met], [0, 0]);
  assertEquals(failedAt, probes.at(-1)!.rate);
  assert(probes.length < 20 && probes.at(-1)!.rate < 1);
  assertEquals((await search(0, () => true)).probes, []);
});

Deno.test("capacity: a rate that does not stand further windows is lowered", async () => {
  /** Whatever was tried once it does not take again, but for what is well below. */
  const tired: Server = (rate, window) => rate <= 700 || (rate <= 800 && window < 12);
  const { rate, confirmed } = await search(1_000, tired);
  assert(rate <= 800 && rate > 660, `${rate}`);
  assert(confirmed.met >= 2);
  const hopeless: Server = (_, window) => window === 0;
  assertEquals((await search(1_000, hopeless)).rate, 0);
});

Deno.test("capacity: whoever ends the search gets what it has found by then", async () => {
  const endedAfter = (windows: number) => {
    let left = windows;
    const tryRate = function* (rate: number): Co<Probe> {
      left--;
      return { rate, met: rate <= 500, keptUp: true, value: rate, throughput: rate };
    };
    return runTest(() => findCapacity(1_000, tryRate, () => left > 0));
  };
  for (const windows of [0, 1, 2, 4, 7]) {
    const { probes, rate, confirmed } = await endedAfter(windows);
    assertEquals([probes.length, confirmed.met], [windows, 0]);
    assertEquals(rate, Math.max(0, ...probes.filter(({ met }) => met).map(({ rate }) => rate)));
  }
});

Deno.test("capacity: all that was tried is told, in order", async () => {
  const { probes, rate, failedAt } = await search(1_000, upTo(500));
  assertEquals(probes.slice(0, 2).map((probe) => [probe.rate, probe.met]), [
    ...[[800, false], [400, true]] as [number, boolean][],
  ]);
  for (const probe of probes) assertEquals(probe.met, probe.rate <= 500);
  assertEquals(probes.slice(-3).map((probe) => probe.rate), [rate, rate, rate]);
  assert(probes.length < 20 && failedAt! / rate < 1.021);
});
