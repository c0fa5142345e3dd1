import fc from "../../support/fast_check.ts";
import { End, Pending, Stream } from "wakeful/runtime";
import { assert, assertEquals } from "../../support/assert.ts";
import {
  type Delays,
  FlakyItems,
  FlakyWork,
  Ticker,
  WorkLedger,
} from "../../support/flaky_items.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { handPoll } from "../../support/hand_poll.ts";

const RUNS = { numRuns: 400 };

const numbers = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 12 });
const delays: fc.Arbitrary<Delays> = fc.array(fc.nat(2), { minLength: 1, maxLength: 4 });
const count = fc.integer({ min: 1, max: 4 });
const step = fc.oneof(
  fc.record({ kind: fc.constantFrom("map", "filter", "filterMap", "scan", "enumerate" as const) }),
  fc.record({ kind: fc.constantFrom("take", "skip", "takeWhile", "chunks" as const), count }),
  fc.record({ kind: fc.constantFrom("buffered", "mapAsync" as const), count, delays }),
  fc.record({ kind: fc.constantFrom("chain", "zip" as const), values: numbers, delays }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const sum = (items: number[]) => items.reduce((a, b) => a + b, 0);

/** The same steps on a stream and on an array. */
class Rig {
  readonly ticker = new Ticker();
  readonly ledger = new WorkLedger();
  readonly sources: FlakyItems<number>[] = [];
  readonly loop = new FakeLoop();
  limit = 0;

  source(values: number[], delays: Delays, failure?: Error): Stream<number> {
    const source = new FlakyItems(values, delays, this.ticker, failure);
    this.sources.push(source);
    return new Stream(source);
  }

  work(delays: Delays): (n: number) => FlakyWork<number> {
    let begun = 0;
    return (n) => new FlakyWork(n, delays[begun++ % delays.length], this.ticker, this.ledger);
  }

  onStream(stream: Stream<number>, step: Step): Stream<number> {
    switch (step.kind) {
      case "map":
        return stream.map((n) => n + 1);
      case "filter":
        return stream.filter((n) => n % 2 === 0);
      case "filterMap":
        return stream.filterMap((n) => n > 0 ? n * 2 : undefined);
      case "scan":
        return stream.scan(0, (a, b) => a + b);
      case "enumerate":
        return stream.enumerate().map(([i, n]) => i * n);
      case "take":
        return stream.take(step.count);
      case "skip":
        return stream.skip(step.count);
      case "takeWhile":
        return stream.takeWhile((n) => n < step.count);
      case "chunks":
        return stream.chunks(step.count).map(sum);
      case "buffered":
        this.limit += step.count;
        return stream.map(this.work(step.delays)).buffered(step.count);
      case "mapAsync":
        this.limit += 1;
        return stream.mapAsync(this.work(step.delays));
      case "chain":
        return stream.chain(this.source(step.values, step.delays));
      case "zip":
        return stream.zip(this.source(step.values, step.delays)).map(([a, b]) => a * 3 + b);
    }
  }

  onArray(items: number[], step: Step): number[] {
    switch (step.kind) {
      case "map":
        return items.map((n) => n + 1);
      case "filter":
        return items.filter((n) => n % 2 === 0);
      case "filterMap":
        return items.flatMap((n) => n > 0 ? [n * 2] : []);
      case "scan":
        return items.map((_, i) => sum(items.slice(0, i + 1)));
      case "enumerate":
        return items.map((n, i) => i * n);
      case "take":
        return items.slice(0, step.count);
      case "skip":
        return items.slice(step.count);
      case "takeWhile": {
        const end = items.findIndex((n) => n >= step.count);
        return end < 0 ? items : items.slice(0, end);
      }
      case "chunks":
        return Array.from(
          { length: Math.ceil(items.length / step.count) },
          (_, i) => sum(items.slice(i * step.count, (i + 1) * step.count)),
        );
      case "buffered":
      case "mapAsync":
        return items;
      case "chain":
        return [...items, ...step.values];
      case "zip":
        return items.slice(0, step.values.length).map((n, i) => n * 3 + step.values[i]);
    }
  }

  /**
   * Draws at most `most` items. Each wait is given up after its first poll when `impatient` says
   * so; a wait that goes on must be woken.
   */
  draw(
    stream: Stream<number>,
    impatient: readonly boolean[],
    most = Infinity,
    items: number[] = [],
  ): number[] {
    let next = handPoll(stream.next(), this.loop);
    for (let poll = 0; items.length < most; poll++) {
      const item = next.poll();
      if (item === End) break;
      if (item === Pending) {
        this.ticker.tick();
        assert(next.woken, "whatever is pending is woken");
        if (!impatient[poll % impatient.length]) continue;
        next.drop();
      } else items.push(item);
      next = handPoll(stream.next(), this.loop);
    }
    next.drop();
    return items;
  }

  /** Everything was given back, exactly once, and never more ran than was allowed. */
  checkGivenBack(): void {
    assertEquals(this.sources.map((source) => source.dropped), this.sources.map(() => 1));
    assertEquals([this.ledger.running, this.ledger.most <= this.limit], [0, true]);
  }
}

const impatient = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 });
const steps = fc.array(step, { maxLength: 5 });

Deno.test("Stream: a chain of adapters does to a stream what it does to an array", () => {
  fc.assert(
    fc.property(numbers, delays, steps, impatient, (values, delays, steps, impatient) => {
      const rig = new Rig();
      const stream = steps.reduce((s, step) => rig.onStream(s, step), rig.source(values, delays));
      const expected = steps.reduce((items, step) => rig.onArray(items, step), values);
      assertEquals(rig.draw(stream, impatient), expected);
      rig.checkGivenBack();
    }),
    RUNS,
  );
});

Deno.test("Stream: dropped after any number of items, it has given the first ones and drops all once", () => {
  fc.assert(
    fc.property(numbers, delays, steps, impatient, fc.nat(8), (values, delays, steps, im, most) => {
      const rig = new Rig();
      const stream = steps.reduce((s, step) => rig.onStream(s, step), rig.source(values, delays));
      const expected = steps.reduce((items, step) => rig.onArray(items, step), values);
      assertEquals(rig.draw(stream, im, most), expected.slice(0, most));
      handPoll(stream.next(), rig.loop).poll();
      stream.drop();
      stream.drop();
      rig.checkGivenBack();
    }),
    RUNS,
  );
});

Deno.test("Stream: an error of the source is thrown once, or never asked for, and drops all once", () => {
  fc.assert(
    fc.property(numbers, delays, steps, impatient, (values, delays, steps, impatient) => {
      const rig = new Rig();
      const failure = new Error("source");
      const source = rig.source(values, delays, failure);
      const stream = steps.reduce((s, step) => rig.onStream(s, step), source);
      const expected = steps.reduce((items, step) => rig.onArray(items, step), values);
      const seen: number[] = [];
      try {
        assertEquals(rig.draw(stream, impatient, Infinity, seen), expected);
      } catch (error) {
        assertEquals(error, failure);
        assertEquals(seen, expected.slice(0, seen.length));
      }
      assertEquals(rig.draw(stream, impatient), []);
      rig.checkGivenBack();
      assertEquals(rig.loop.unclaimed, []);
    }),
    RUNS,
  );
});

Deno.test("merge: every item once, those of one source in their order; all sources dropped once", () => {
  const input = fc.array(fc.record({ size: fc.nat(6), delays }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(input, impatient, fc.option(fc.nat(10)), (inputs, impatient, most) => {
      const rig = new Rig();
      const lists = inputs.map(({ size }, i) => Array.from({ length: size }, (_, j) => 10 * i + j));
      const [first, ...others] = lists.map((list, i) => rig.source(list, inputs[i].delays));
      const merged = first.merge(...others);
      const items = rig.draw(merged, impatient, most ?? Infinity);
      const apart = lists.map((_, i) => items.filter((n) => Math.floor(n / 10) === i));
      assertEquals(apart, lists.map((list, i) => list.slice(0, apart[i].length)));
      assertEquals(items.length, Math.min(lists.flat().length, most ?? Infinity));
      merged.drop();
      rig.checkGivenBack();
    }),
    RUNS,
  );
});

Deno.test("bufferUnordered: every result once, never more at once than the limit, none left", () => {
  fc.assert(
    fc.property(numbers, delays, delays, count, impatient, fc.option(fc.nat(10)), (...args) => {
      const [values, delays, waits, limit, impatient, most] = args;
      const rig = new Rig();
      rig.limit = limit;
      const work = rig.source(values, delays).map(rig.work(waits));
      const results = work.bufferUnordered(limit);
      const items = rig.draw(results, impatient, most ?? Infinity);
      const missing = [...values];
      for (const item of items) assert(missing.splice(missing.indexOf(item), 1)[0] === item);
      assertEquals(items.length, Math.min(values.length, most ?? Infinity));
      results.drop();
      rig.checkGivenBack();
    }),
    RUNS,
  );
});
