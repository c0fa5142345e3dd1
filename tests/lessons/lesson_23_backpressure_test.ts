/**
 * Lesson 23, backpressure: whoever is slower lets whoever is faster wait.
 *
 * What lies between the two is bounded, or it grows until the memory is gone.
 *
 * Read on in runtime/sync/channel/mpsc_channel.ts, where a slot is what a sender waits for, in
 * runtime/sync/semaphore.ts, and in runtime/sync/channel/broadcast_log.ts for a buffer that drops
 * its oldest instead of letting anybody wait.
 */

import {
  broadcast,
  End,
  Lagged,
  mpsc,
  now,
  type Receiver,
  scope,
  Semaphore,
  type Sender,
  sleep,
  spawn,
  unbounded,
} from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { assert, assertEquals, assertGreater, assertLess } from "../support/assert.ts";
import { show } from "./show.ts";

const ITEMS = 100_000;
const ITEM_NUMBERS = 32;
const BYTES_PER_NUMBER = 8;
const MIB = 1024 * 1024;

const heap = () => Deno.memoryUsage().heapUsed;

/** A producer that never rests before a consumer that begins late: how much lies between them? */
function* memoryBetween([sender, receiver]: [Sender<number[]>, Receiver<number[]>]) {
  const before = heap();
  spawn(function* () {
    using _closedAtTheEnd = sender;
    for (let i = 0; i < ITEMS; i++) yield* sender.send(new Array<number>(ITEM_NUMBERS).fill(i));
  });
  yield* sleep(1_000);
  const waiting = receiver.length, bytes = heap() - before;

  let received = 0;
  while ((yield* receiver.recv()) !== End) received++;
  return { waiting, bytes, received };
}

Deno.test("lesson 23.1 · 100,000 items: unbounded they all lie in memory, bounded a hundred do", async () => {
  const held = await runTest(() => memoryBetween(mpsc(100)));
  const free = await runTest(() => memoryBetween(unbounded()));
  for (const [kind, { waiting, bytes }] of Object.entries({ bounded: held, unbounded: free })) {
    show(`${kind}: ${waiting} items wait in ${(bytes / MIB).toFixed(1)} MiB`);
  }
  assertEquals([free.waiting, free.received], [ITEMS, ITEMS]);
  assertEquals([held.waiting, held.received], [100, ITEMS]);
  assertGreater(free.bytes, ITEMS * ITEM_NUMBERS * BYTES_PER_NUMBER / 2); // what was garbage may go
  assertLess(held.bytes, MIB);
});

Deno.test("lesson 23.2 · a limiter lets two through at a time, and logs who had to wait", async () => {
  const log: string[] = [];
  await runTest(function* () {
    const limiter = new Semaphore(2);
    yield* scope(function* (s) {
      for (const name of ["a", "b", "c", "d", "e"]) {
        s.spawn(function* () {
          const came = now();
          if (limiter.available === 0) log.push(`${now()} ${name} waits`);
          using _permit = yield* limiter.acquire();
          log.push(`${now()} ${name} enters after ${now() - came}`);
          yield* sleep(1_000);
        });
      }
    });
  });
  show(...log);
  assertEquals(log, [
    "0 a enters after 0",
    "0 b enters after 0",
    "0 c waits",
    "0 d waits",
    "0 e waits",
    "1000 c enters after 1000",
    "1000 d enters after 1000",
    "2000 e enters after 2000",
  ]);
});

Deno.test("lesson 23.3 · a buffer that drops its oldest never lets the sender wait, and counts the loss", async () => {
  const outcome = await runTest(function* () {
    const [sender, receiver] = broadcast<number>(4);
    for (let reading = 1; reading <= 10; reading++) sender.send(reading);
    const kept = sender.length;
    sender.close();
    let missed = 0;
    const seen: number[] = [];
    for (;;) {
      try {
        const reading = yield* receiver.recv();
        if (reading === End) return { kept, missed, seen };
        seen.push(reading);
      } catch (error) {
        if (!(error instanceof Lagged)) throw error;
        missed += error.missed;
      }
    }
  });
  assertEquals(outcome, { kept: 4, missed: 6, seen: [7, 8, 9, 10] });
});

/** Hands everything on, one at a time. */
function* stage(input: Receiver<number>, output: Sender<number>) {
  using _closedAtTheEnd = output;
  for (let n = yield* input.recv(); n !== End; n = yield* input.recv()) yield* output.send(n);
}

Deno.test("lesson 23.4 · a slow sink slows the source down through every channel between them", async () => {
  const sent: number[] = [], stored: number[] = [];
  let mostOnTheWay = 0;
  await runTest(() =>
    scope(function* (s) {
      const [source, first] = mpsc<number>(1);
      const [between, second] = mpsc<number>(1);
      const [last, sink] = mpsc<number>(1);
      s.spawn(() => stage(first, between));
      s.spawn(() => stage(second, last));
      s.spawn(function* () {
        using _closedAtTheEnd = source;
        for (let n = 0; n < 10; n++) {
          yield* source.send(n);
          sent.push(now());
          mostOnTheWay = Math.max(mostOnTheWay, sent.length - stored.length);
        }
      });
      for (let n = yield* sink.recv(); n !== End; n = yield* sink.recv()) {
        yield* sleep(100);
        stored.push(now());
      }
    })
  );
  show(`sent at   ${sent.join(" ")}`, `stored at ${stored.join(" ")}`);
  // Three channels, two stages and the sink hold one each: six go in at once, then one for one.
  assertEquals(mostOnTheWay, 6);
  assertEquals(sent, [0, 0, 0, 0, 0, 0, 100, 200, 300, 400]);
  assertEquals(stored, [100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000]);
});

Deno.test("lesson 23.4 · with unbounded channels nothing pushes back: the source is done at once", async () => {
  let sentBy = NaN;
  await runTest(function* () {
    const [source, first] = unbounded<number>();
    const [last, sink] = unbounded<number>();
    const middle = spawn(() => stage(first, last));
    const producer = spawn(function* () {
      using _closedAtTheEnd = source;
      for (let n = 0; n < 1_000; n++) yield* source.send(n);
      sentBy = now();
    });
    while ((yield* sink.recv()) !== End) yield* sleep(100);
    yield* middle;
    yield* producer;
    assertEquals(now(), 100_000);
  });
  assert(sentBy === 0);
});
