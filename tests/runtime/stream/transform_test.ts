import { End, Pending, stream } from "wakeful/runtime";
import { COOPERATIVE_BUDGET } from "../../../runtime/core/context.ts";
import { ask, available } from "../../support/ask.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { FakeItems } from "../../support/fake_items.ts";
import { handPoll } from "../../support/hand_poll.ts";

const numbers = (count: number) => stream.from(Array.from({ length: count }, (_, i) => i));

Deno.test("map, filter, filterMap: do to a stream what their namesakes do to an array", () => {
  assertEquals(available(numbers(3).map(String)).items, ["0", "1", "2"]);
  assertEquals(available(numbers(5).filter((n) => n % 2 === 0)).items, [0, 2, 4]);
  const halves = numbers(5).filterMap((n) => n % 2 === 0 ? n / 2 : undefined);
  assertEquals(available(halves).items, [0, 1, 2]);
});

Deno.test("filter: keeps an item that is undefined, and narrows the type", () => {
  assertEquals(available(stream.from([undefined, 1]).filter(() => true)).items, [undefined, 1]);
  const text = stream.from([1, "a"]).filter((item) => typeof item === "string");
  assertEquals(available(text.map((word) => word.length)).items, [1]);
});

Deno.test("filter: one that leaves out everything lets others run now and then", () => {
  const endless = handPoll(stream.fromPoll(() => 1).filter(() => false).next());
  endless.assertPending();
  assert(endless.woken);
});

Deno.test("filter: what it leaves out within one budget does not suspend it", () => {
  const last = COOPERATIVE_BUDGET - 1;
  handPoll(numbers(COOPERATIVE_BUDGET).filter((n) => n === last).next()).assertReady(last);
});

Deno.test("take: asks for no more than it gives, and gives the source back", () => {
  const source = new FakeItems<string>().give("a", "b", "c");
  const two = source.stream.take(2);
  assertEquals([ask(two), ask(two), ask(two)], ["a", "b", End]);
  assertEquals([source.polls, source.dropped], [2, 1]);
});

Deno.test("take: a wait does not count, and none are taken of what has ended", () => {
  const source = new FakeItems<string>();
  const one = source.stream.take(1);
  assertEquals(ask(one), Pending);
  source.give("a");
  assertEquals(available(one), { items: ["a"], ended: true });
  assertEquals([available(stream.empty().take(3)), available(numbers(3).take(0)).items], [
    { items: [], ended: true },
    [],
  ]);
});

Deno.test("takeWhile: ends at the first that is not wanted and drops the source", () => {
  const source = new FakeItems<number>().give(1, 2, 3, 1);
  assertEquals(available(source.stream.takeWhile((n) => n < 3)), { items: [1, 2], ended: true });
  assertEquals([source.polls, source.dropped], [3, 1]);
});

Deno.test("skip: leaves out the first, be there more or fewer", () => {
  const skipped = [0, 2, 9].map((count) => available(numbers(4).skip(count)).items);
  assertEquals(skipped, [[0, 1, 2, 3], [2, 3], []]);
});

Deno.test("enumerate, inspect, scan: numbers, looks, sums", () => {
  const seen: string[] = [];
  const sums = stream.from([5, 6]).inspect((n) => void seen.push(`saw ${n}`)).scan(
    0,
    (a, b) => a + b,
  )
    .enumerate();
  assertEquals(available(sums).items, [[0, 5], [1, 11]]);
  assertEquals(seen, ["saw 5", "saw 6"]);
});

Deno.test("take, skip: a count that is none is refused, and the stream stays usable", () => {
  const source = new FakeItems<string>().give("a");
  const items = source.stream;
  assertThrows(() => items.take(-1), RangeError, "from 0 up, got -1");
  assertThrows(() => items.skip(1.5), RangeError, "got 1.5");
  assertEquals(ask(items), "a");
});
