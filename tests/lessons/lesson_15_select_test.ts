/**
 * Lesson 15, select: wait for several things in one task, go on with the first, drop the others.
 *
 * Read on in runtime/combine/race.ts, select.ts, by_ref.ts and fuse.ts. All of them poll their
 * branches in one loop; what matters is what they do with the losers.
 */

import {
  byRef,
  type Context,
  End,
  fuse,
  Future,
  interval,
  mpsc,
  now,
  Pending,
  type Poll,
  PolledAfterReady,
  race,
  ready,
  select,
  sleep,
  spawn,
} from "wakeful/runtime";
import { byHand, runTest } from "wakeful/testing";
import { assertEquals, assertThrows } from "../support/assert.ts";
import { show } from "./show.ts";

/** A future that is never ready and keeps count of what is done to it. */
class Loser extends Future<never> {
  polls = 0;
  drops = 0;

  poll(_cx: Context): Poll<never> {
    this.polls++;
    return Pending;
  }

  override drop(): void {
    this.drops++;
  }
}

function* runner(name: string, milliseconds: number) {
  yield* sleep(milliseconds);
  return name;
}

Deno.test("lesson 15.1 · of two sleeps the shorter wins, and nobody waits for the longer", async () => {
  const outcome = await runTest(function* () {
    const winner = yield* race(() => runner("tortoise", 2_000), () => runner("hare", 1_000));
    return [winner, now()];
  });
  assertEquals(outcome, ["hare", 1_000]);
});

Deno.test("lesson 15.1 · select tells by name who was first", async () => {
  const outcome = await runTest(() =>
    select({ tortoise: () => runner("slow", 2_000), hare: () => runner("quick", 1_000) })
  );
  assertEquals(outcome, { key: "hare", value: "quick" });
});

Deno.test("lesson 15.2 · the loser was polled exactly once, and dropped once", async () => {
  const loser = new Loser();
  await runTest(function* () {
    // Biased: the sleep is asked first, so once it is ready the loser is not asked again.
    const { key } = yield* select({ timer: sleep(1_000), loser }, { biased: true });
    assertEquals(key, "timer");
    assertEquals([loser.polls, loser.drops], [1, 1]);
  });
});

Deno.test("lesson 15.2 · a loser that is lent by reference is not dropped, and can win later", async () => {
  await runTest(function* () {
    using slow = sleep(1_500);
    const rounds: string[] = [];
    while (rounds.at(-1) !== "slow") {
      const { key } = yield* select({ slow: byRef(slow), tick: sleep(1_000) });
      rounds.push(key);
    }
    assertEquals([rounds, now()], [["tick", "slow"], 1_500]); // not 2,500: it went on waiting
  });
});

Deno.test("lesson 15.2 · no branch starves: the fair order is drawn from the runtime's seed", async () => {
  const wins = { left: 0, right: 0 };
  await runTest(function* () {
    for (let round = 0; round < 1_000; round++) {
      wins[(yield* select({ left: ready(1), right: ready(2) })).key]++;
    }
  }, { seed: 15 });
  show(`of 1,000 rounds left won ${wins.left}, right ${wins.right}`);
  assertEquals(wins.left + wins.right, 1_000);
  assertEquals([wins.left, wins.right].map((n) => n > 400), [true, true]);
});

Deno.test("lesson 15.3 · a loop over a channel and an interval ends when the channel closes", async () => {
  const seen: string[] = [];
  await runTest(function* () {
    const [sender, receiver] = mpsc<string>(8);
    spawn(function* () {
      using _closedAtTheEnd = sender;
      for (const word of ["alpha", "beta"]) {
        yield* sleep(1_500);
        yield* sender.send(word);
      }
    });
    const clock = interval(1_000);
    for (;;) {
      const { key, value } = yield* select({ tick: clock.tick(), word: receiver.recv() });
      if (value === End) break;
      seen.push(key === "tick" ? `tick ${value}` : value);
    }
    assertEquals(now(), 3_000);
  });
  show(...seen);
  // At 3,000 a tick, a word and the end fall together; the seed decides about the tick alone.
  assertEquals(seen.filter((line) => line !== "tick 3000"), [
    "tick 0",
    "tick 1000",
    "alpha",
    "tick 2000",
    "beta",
  ]);
});

Deno.test("lesson 15.4 · a fused future gives its value once and is pending for ever after", () => {
  const once = byHand(fuse(ready(42)));
  assertEquals([once.pollOnce(), once.pollOnce(), once.pollOnce()], [42, Pending, Pending]);
});

Deno.test("lesson 15.4 · without fuse a second poll is an error, so a loop must take the branch out", async () => {
  const unfused = byHand(ready(42));
  unfused.assertReady();
  assertThrows(() => unfused.pollOnce(), PolledAfterReady, "already given its value");

  await runTest(function* () {
    using first = fuse(() => runner("first", 1_000));
    const seen: [string, number][] = [];
    while (seen.length < 3) {
      const { key } = yield* select({ first: byRef(first), tick: sleep(700) });
      seen.push([key, now()]);
    }
    assertEquals(seen, [["tick", 700], ["first", 1_000], ["tick", 1_700]]);
  });
});
