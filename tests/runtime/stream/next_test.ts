import { Busy, End, PolledAfterReady, race, sleep, stream } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { FakeItems } from "../../support/fake_items.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

Deno.test("next: waits, is woken by an item, gives it once", () => {
  const source = new FakeItems<string>();
  const next = handPoll(source.stream.next());
  next.assertPending();
  assertEquals(next.kept, 1);
  source.give("a");
  assert(next.woken);
  next.assertReady("a");
  assertThrows(() => next.poll(), PolledAfterReady, "next()");
});

Deno.test("next: one that is dropped, after being woken too, loses no item", () => {
  const source = new FakeItems<string>();
  const items = source.stream;
  const dropped = handPoll(items.next());
  dropped.assertPending();
  source.give("a", "b");
  dropped.drop();
  handPoll(items.next()).assertReady("a");
  handPoll(items.next()).assertReady("b");
});

Deno.test("next: a second wait beside one that goes on is refused; after a drop it is not", () => {
  const source = new FakeItems<string>();
  const items = source.stream;
  const [first, second] = [handPoll(items.next()), handPoll(items.next())];
  first.assertPending();
  assertThrows(() => second.poll(), Busy, "next()");
  first.drop();
  second.assertPending();
  first.drop();
  assertThrows(() => handPoll(items.next()).poll(), Busy);
  source.give("a");
  second.assertReady("a");
  assertThrows(() => first.poll(), PolledAfterReady);
});

Deno.test("next: after an error nobody waits any more", () => {
  const items = new FakeItems<string>().fail().stream;
  const failed = handPoll(items.next());
  assertThrows(() => failed.poll(), RangeError, "own");
  assertThrows(() => failed.poll(), PolledAfterReady);
  handPoll(items.next()).assertReady(End);
});

Deno.test("next: given up again and again, a slow stream still gives everything in order", () => {
  using virtual = new VirtualRuntime();
  const seen: number[] = [];
  let givenUp = 0;
  virtual.run(function* () {
    const slow = stream.from([1, 2, 3]).throttle(10).mapAsync(function* (n) {
      yield* sleep(7);
      return n;
    });
    for (;;) {
      const item = yield* race<number | typeof End | void>(slow.next(), sleep(3));
      if (item === End) return;
      if (item === undefined) givenUp++;
      else seen.push(item);
    }
  });
  assertEquals([seen, givenUp > 5], [[1, 2, 3], true]);
});
