/**
 * Lesson 28, testing: time, chance and the order of things in the test's hands.
 *
 * So an hour of sleeping takes no time, and a failure can be replayed.
 *
 * Read on in runtime/testing: run_test.ts is the helper for whole programs, by_hand.ts and
 * manual_loop.ts are for single polls, sim/simulate.ts is
 * for several machines and a network between them. net/duplex.ts is a connection in memory. runtime/time/pause.ts tells how a clock that stands moves by
 * itself.
 */

import {
  End,
  mpsc,
  now,
  random,
  type Receiver,
  Runtime,
  scope,
  type Sender,
  sleep,
  spawn,
  type Spawnable,
} from "wakeful/runtime";
import { type AsyncRead, type AsyncWrite, duplex, lines } from "wakeful/net";
import { byHand, Leaked, runTest } from "wakeful/testing";
import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertLess,
  assertRejects,
  assertStringIncludes,
} from "../support/assert.ts";
import { stubbed } from "../support/stub.ts";
import { show } from "./show.ts";

const HOUR = 3_600_000;

Deno.test("lesson 28.1 · runTest gives a runtime whose hour takes no time, and the body's value", async () => {
  const begun = performance.now();
  const value = await runTest(function* () {
    yield* sleep(HOUR);
    return now();
  });
  assertEquals(value, HOUR);
  assertLess(performance.now() - begun, 1_000);
});

/** A test that fails: how, and what it tells on the console. */
async function failing(body: Spawnable<unknown>, seed?: number) {
  let told = "";
  using _quiet = stubbed(console, "error", (line: string) => told += line);
  const error = await assertRejects(() => runTest(body, { seed }), Error);
  return { error, told };
}

Deno.test("lesson 28.1 · runTest fails when the body leaves a task behind, and names it", async () => {
  const { error } = await failing(function* () {
    const forgetful = function* () {
      yield* sleep(HOUR);
    };
    spawn(forgetful, { name: "forgotten" });
  });
  assertInstanceOf(error, Leaked);
  assertStringIncludes(error.message, "forgotten waits for sleep until 3600000");
});

Deno.test("lesson 28.1 · runTest fails when a task has failed and nobody has asked", async () => {
  const { error } = await failing(function* () {
    spawn(function* () {
      throw new RangeError("nobody looks");
    }, { name: "lonely" });
    yield* sleep(1);
  });
  assertEquals(error.message, "Task lonely failed, and nobody has asked for its outcome");
  assertEquals((error.cause as Error).message, "nobody looks");
});

Deno.test("lesson 28.1 · a failure prints its seed, and the seed draws the same numbers again", async () => {
  const drawn: number[] = [];
  const dice = function* () {
    drawn.push(random().below(1_000_000), random().below(1_000_000));
    throw new Error("an unlucky throw");
  };
  const { told } = await failing(dice);
  const seed = Number(/seed (\d+)/.exec(told)![1]);
  await failing(dice, seed);
  assertEquals(drawn.slice(2), drawn.slice(0, 2));
});

/** Tries until it works; after each failure it waits twice as long as before. */
function* withBackoff<T>(attempt: () => T, wait: number, longest: number) {
  for (;; wait = Math.min(2 * wait, longest)) {
    try {
      return attempt();
    } catch {
      yield* sleep(wait);
    }
  }
}

Deno.test("lesson 28.2 · an exponential backoff is tested in no real time", async () => {
  const begun = performance.now();
  const attempts: number[] = [];
  const answer = await runTest(() => {
    const connect = () => {
      attempts.push(now());
      if (attempts.length < 8) throw new Error("refused");
      return "connected";
    };
    return withBackoff(connect, 100, 10_000);
  });
  show(`attempts at ${attempts.join(", ")} ms`);
  assertEquals(answer, "connected");
  assertEquals(attempts, [0, 100, 300, 700, 1_500, 3_100, 6_300, 12_700]);
  assertLess(performance.now() - begun, 1_000);
});

function* produce(sender: Sender<number>, count: number) {
  using _closedAtTheEnd = sender;
  for (let n = 1; n <= count; n++) {
    yield* sleep(100);
    yield* sender.send(n);
  }
}

function* consume(receiver: Receiver<number>) {
  const seen: [n: number, at: number][] = [];
  for (let n = yield* receiver.recv(); n !== End; n = yield* receiver.recv()) {
    seen.push([n, now()]);
    yield* sleep(250);
  }
  return seen;
}

Deno.test("lesson 28.3 · a producer and a slower consumer: every moment is known", async () => {
  const seen = await runTest(() =>
    scope(function* (s) {
      const [sender, receiver] = mpsc<number>(1);
      s.spawn(() => produce(sender, 4));
      return yield* consume(receiver);
    })
  );
  assertEquals(seen, [[1, 100], [2, 350], [3, 600], [4, 850]]);
});

Deno.test("lesson 28.3 · the same producer, poll by poll", () => {
  const [sender, receiver] = mpsc<number>(1);
  const producer = byHand(() => produce(sender, 2));
  producer.assertPending(); // it sleeps
  producer.loop.advance(99);
  assertFalse(producer.wasWoken());
  producer.loop.advance(1);
  assert(producer.wasWoken());
  producer.assertPending(); // it has sent 1, and sleeps again
  assertEquals(receiver.length, 1);
  producer.loop.advance(100);
  producer.assertPending(); // there is no room for 2
  assertEquals(receiver.tryRecv(), 1);
  assert(producer.wasWoken());
  producer.assertReady();
  assertEquals([receiver.tryRecv(), receiver.tryRecv()], [2, End]);
  assertEquals(producer.wakersKept, 0);
});

/** What is to be tested: it knows a stream, not where it leads. */
function* greet(stream: AsyncRead & AsyncWrite) {
  const name = yield* lines(stream).nextLine();
  yield* stream.writeAll(new TextEncoder().encode(`Hello, ${name === End ? "?" : name}!\n`));
  yield* stream.shutdown();
}

Deno.test("lesson 28.4 · a server's conversation is tested over a pipe in memory, without a port", async () => {
  await runTest(() =>
    scope(function* (s) {
      const [client, server] = duplex();
      s.spawn(() => greet(server));
      for (const part of ["A", "da\n"]) {
        yield* client.writeAll(new TextEncoder().encode(part));
        yield* sleep(1_000);
      }
      const answers = lines(client);
      assertEquals([yield* answers.nextLine(), yield* answers.nextLine()], ["Hello, Ada!", End]);
      assertEquals(now(), 2_000);
    })
  );
});

Deno.test("lesson 28.4 · the pipe is bounded, as a socket is: a full one makes the writer wait", () => {
  const [client, server] = duplex(4);
  const writing = byHand(() => client.writeAll(new Uint8Array(6)));
  writing.assertPending();
  const into = new Uint8Array(8);
  assertEquals(byHand(() => server.read(into)).assertReady(), 4);
  assert(writing.wasWoken());
  writing.assertReady();
  client.close();
  assertEquals(byHand(() => server.read(into)).assertReady(), 2);
  assertEquals(byHand(() => server.read(into)).assertReady(), 0);
});

Deno.test("lesson 28.5 · shutdown leaves no task, no timer and no registration", async () => {
  const cleaned: number[] = [];
  const runtime = Runtime.builder().startPaused().build();
  for (let i = 0; i < 3; i++) {
    runtime.spawn(function* () {
      try {
        yield* sleep(HOUR);
      } finally {
        cleaned.push(i);
      }
    });
  }
  await runtime.blockOn(() => sleep(1)); // blockOn waits for its own task only
  assertEquals(runtime.statistics(), { tasks: 3, timers: 3, registrations: 0 });
  runtime.shutdown();
  assertEquals(cleaned, [0, 1, 2]); // before shutdown returns
  assertEquals(runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
});

Deno.test("lesson 28.5 · when every task waits, the clock jumps from one deadline to the next", async () => {
  const seen: [task: string, at: number][] = [];
  await runTest(() =>
    scope(function* (s) {
      for (const [name, period] of [["fast", 20 * 60_000], ["slow", HOUR]] as const) {
        s.spawn(function* () {
          while (now() < HOUR) {
            yield* sleep(period);
            seen.push([name, now() / 60_000]);
          }
        });
      }
    })
  );
  assertEquals(seen, [["fast", 20], ["fast", 40], ["slow", 60], ["fast", 60]]);
});
