import { assertEquals } from "../../../support/assert.ts";
import { NO_LIMITS } from "../../../../commands/job-queue/model/limits.ts";
import {
  type Lane,
  QueueBook,
  type Share,
} from "../../../../commands/job-queue/store/queue_book.ts";

/** The shares of these keys; each has something pending. */
function shares(queue: QueueBook, ...keys: string[]): Share[] {
  return keys.map((key) => Object.assign(queue.share(key), { pending: 1 }));
}

function turns({ turns }: QueueBook): string {
  return [...turns].map(({ key }) => key).join(" ");
}

function laneOf(queue: QueueBook, share: Share, id: number): Lane {
  const lane = { id, queue, share, type: "t", scheduled: 0, pending: 0, running: 0 };
  share.lanes.add(lane);
  return lane;
}

Deno.test("queue book: shares and types are made when they are asked for, and stay the same", () => {
  const queue = new QueueBook("q");
  const share = queue.share("ann");
  assertEquals([share.key, share.pending, share.running, share.usedUpTo], ["ann", 0, 0, 0]);
  assertEquals([queue.share("ann") === share, queue.share("ben") === share], [true, false]);
  const type = queue.type("t");
  assertEquals([type, queue.type("t") === type], [{ running: 0, usedUpTo: 0 }, true]);
});

Deno.test("queue book: nobody misses one that is empty, and about which nothing was said", () => {
  const now = 1_000;
  const rate = { count: 1, per: 1_000 };
  const needed: ((queue: QueueBook) => unknown)[] = [
    (queue) => queue.counts.dead = 1,
    (queue) => queue.paused = true,
    (queue) => queue.setLimits({ ...NO_LIMITS, key: { concurrency: 1 } }),
    (queue) => queue.setLimits({ ...NO_LIMITS, queue: { rate } }),
    (queue) => queue.setLimits({ ...NO_LIMITS, types: { t: {} } }),
    (queue) => queue.usedUpTo = now + 1,
    (queue) => queue.type("t").usedUpTo = now + 1,
    (queue) => queue.share("ann"),
  ];
  for (const need of needed) {
    const queue = new QueueBook("q");
    queue.type("t").usedUpTo = queue.usedUpTo = now;
    assertEquals(queue.isForgettable(now), true);
    need(queue);
    assertEquals(queue.isForgettable(now), false, String(need));
  }
});

Deno.test("queue book: who has something pending stands in line once, where it came", () => {
  const queue = new QueueBook("q");
  const [b, a] = shares(queue, "b", "a");
  queue.noteTurn(queue.share("nothing"));
  for (const share of [b, a, b]) queue.noteTurn(share);
  assertEquals(turns(queue), "b a");
});

Deno.test("queue book: who rests is not in line until the rest is over", () => {
  const queue = new QueueBook("q");
  const [a, b, c] = shares(queue, "a", "b", "c");
  for (const [share, until] of [[a, 30], [b, 10], [c, 20]] as const) {
    queue.resting.set(share, until);
  }
  for (const share of [a, b, c]) queue.noteTurn(share);
  queue.wakeAt = 10;
  queue.wake(9);
  assertEquals([turns(queue), queue.wakeAt], ["", 10]);
  queue.wake(10);
  assertEquals([turns(queue), queue.wakeAt], ["b", 20]);
  queue.wake(30);
  assertEquals([turns(queue), queue.wakeAt, queue.resting.size], ["b a c", Infinity, 0]);
});

Deno.test("queue book: new limits let everybody stand in line again", () => {
  const queue = new QueueBook("q");
  const [a] = shares(queue, "a", "b");
  queue.resting.set(a, 10);
  queue.wakeAt = 10;
  const limits = { ...NO_LIMITS, queue: { concurrency: 1 } };
  queue.setLimits(limits);
  assertEquals([queue.limits, turns(queue), queue.wakeAt], [limits, "a b", Infinity]);
});

Deno.test("queue book: a share goes with its last lane", () => {
  const queue = new QueueBook("q");
  const [share, other] = shares(queue, "a", "b");
  const lanes = [laneOf(queue, share, 1), laneOf(queue, share, 2)];
  queue.noteTurn(share);
  queue.noteTurn(other);
  queue.removeLane(lanes[0]);
  assertEquals([turns(queue), queue.share("a") === share], ["a b", true]);
  queue.resting.set(share, 10);
  queue.removeLane(lanes[1]);
  assertEquals([turns(queue), queue.resting.size, queue.share("a") === share], ["b", 0, false]);
});

Deno.test("queue book: what is written down is enough to go on", () => {
  const queue = new QueueBook("q");
  queue.paused = true;
  queue.limits = { ...NO_LIMITS, types: { http: { concurrency: 2 } } };
  queue.counts.pending = 3;
  queue.totals.enqueued = 4;
  queue.usedUpTo = 5;
  queue.type("http").usedUpTo = 6;
  queue.type("noop").running = 7;
  const note = JSON.parse(JSON.stringify(queue.note()));
  assertEquals(note.types, { http: 6 });
  const again = new QueueBook("q");
  again.read(note);
  assertEquals(again.note(), queue.note());
  assertEquals([again.type("http"), again.type("noop").running], [{ running: 0, usedUpTo: 6 }, 0]);
});

Deno.test("queue book: a type may be called as what every object has", () => {
  const queue = new QueueBook("q");
  for (const name of ["__proto__", "constructor"]) queue.type(name).usedUpTo = 6;
  const again = new QueueBook("q");
  again.read(JSON.parse(JSON.stringify(queue.note())));
  assertEquals([again.type("__proto__").usedUpTo, again.type("constructor").usedUpTo], [6, 6]);
});
