/**
 * Lesson 12, timers: a sleeping task costs an entry in a wheel.
 *
 * The loop rests until the earliest of all entries, or until I/O comes first.
 *
 * Read on in runtime/time/sleep.ts, timer_queue.ts, timeout.ts and interval.ts, and in
 * runtime/collections/timer_wheel.ts. The tests run on a clock that stands and jumps to the next
 * deadline when every task waits (runtime/time/pause.ts), so they take no real time.
 */

import {
  CancellationToken,
  interval,
  type MissedTicks,
  now,
  Runtime,
  scope,
  select,
  sleep,
  spawn,
  TimedOut,
  timeout,
} from "wakeful/runtime";
import { TcpListener, TcpStream } from "wakeful/net";
import { runTest, simulate } from "wakeful/testing";
import { assertEquals, assertInstanceOf } from "../support/assert.ts";
import { show } from "./show.ts";

const SECOND = 1_000;

Deno.test("lesson 12.1 · sleeps of 3, 1 and 2 seconds end as 1, 2, 3, after 3 seconds", async () => {
  const ended: [seconds: number, at: number][] = [];
  await runTest(() =>
    scope(function* (s) {
      for (const seconds of [3, 1, 2]) {
        s.spawn(function* () {
          yield* sleep(seconds * SECOND);
          ended.push([seconds, now()]);
          show(`${now()} ms: the sleep of ${seconds} s is over`);
        });
      }
    })
  );
  assertEquals(ended, [[1, 1_000], [2, 2_000], [3, 3_000]]);
});

/** Sends a reading now and then, over a link that takes 10 ms. */
function* thermometer() {
  using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: 80 });
  using display = yield* listener.accept();
  for (const [pause, reading] of [[1_500, "21.5"], [100, "21.6"], [2_000, "21.4"]] as const) {
    yield* sleep(pause);
    yield* display.writeAll(new TextEncoder().encode(reading));
  }
}

Deno.test("lesson 12.2 · one loop waits for timers and a socket: each comes at its own time", async () => {
  const { value: seen } = await simulate({}, function* (world) {
    world.host("thermometer", thermometer);
    const display = world.host("display", function* () {
      yield* sleep(SECOND); // by now the link is as it is said below
      using stream = yield* TcpStream.connect({ host: "thermometer", port: 80 });
      const begin = now(), buffer = new Uint8Array(16), seen: string[] = [];
      const clock = interval(SECOND);
      for (;;) {
        const first = yield* select({ bytes: stream.read(buffer), tick: clock.tick() });
        if (first.value === 0 && first.key === "bytes") return seen;
        const at = now() - begin;
        if (first.key === "tick") seen.push(`${at} tick`);
        else seen.push(`${at} ${new TextDecoder().decode(buffer.subarray(0, first.value))}`);
      }
    });
    world.link("thermometer", "display", { latency: 10, fragmentation: 0 });
    return yield* display.outcome();
  });
  show(...seen);
  assertEquals(seen, [
    "0 tick",
    "1000 tick",
    "1520 21.5", // the server has it a way later than the client, and the bytes take another
    "1620 21.6",
    "2000 tick",
    "3000 tick",
    "3620 21.4",
  ]);
});

Deno.test("lesson 12.3 · a timeout gives the value when the work is in time, and no timer stays", async () => {
  const [answer, at] = await runTest(function* () {
    const answer = yield* timeout(5 * SECOND, function* () {
      yield* sleep(SECOND);
      return 42;
    });
    return [answer, now()];
  });
  assertEquals([answer, at], [42, 1_000]); // runTest would fail if a timer were left
});

Deno.test("lesson 12.3 · a timeout drops the work when it is late, cleanup first", async () => {
  const seen: string[] = [];
  await runTest(function* () {
    try {
      yield* timeout(SECOND, function* () {
        try {
          yield* sleep(5 * SECOND);
          seen.push("never reached");
        } finally {
          seen.push(`cleaned up at ${now()}`);
        }
      });
    } catch (error) {
      assertInstanceOf(error, TimedOut);
      seen.push(`${error.code} after ${error.milliseconds}`);
    }
  });
  assertEquals(seen, ["cleaned up at 1000", "TIMED_OUT after 1000"]);
});

Deno.test("lesson 12.4 · a heartbeat beats every second until its token is cancelled", async () => {
  const beats: number[] = [];
  const reason = await runTest(function* () {
    const stop = new CancellationToken();
    const heart = spawn(function* () {
      const heartbeat = interval(SECOND);
      for (;;) {
        const { key, value } = yield* select({ stop: stop.cancelled(), beat: heartbeat.tick() });
        if (key === "stop") return value;
        beats.push(now());
      }
    });
    yield* sleep(3.5 * SECOND);
    stop.cancel("the patient has left");
    const reason = yield* heart;
    assertEquals(now(), 3_500);
    return reason;
  });
  assertEquals([beats, reason], [[0, 1_000, 2_000, 3_000], "the patient has left"]);
});

const AFTER_A_BUSY_SPELL: Record<MissedTicks, { at: number[]; meaning: string }> = {
  burst: { at: [0, 2_500, 2_500, 3_000, 4_000], meaning: "the missed ones follow at once" },
  delay: { at: [0, 2_500, 3_500, 4_500, 5_500], meaning: "the rhythm begins anew" },
  skip: { at: [0, 2_500, 3_000, 4_000, 5_000], meaning: "the rhythm is kept, with a gap" },
};

for (const [missed, { at, meaning }] of Object.entries(AFTER_A_BUSY_SPELL)) {
  Deno.test(`lesson 12.4 · ticks that were missed, policy ${missed}: ${meaning}`, async () => {
    const answered = await runTest(function* () {
      const heartbeat = interval(SECOND, { missed: missed as MissedTicks });
      const answered: number[] = [];
      while (answered.length < at.length) {
        yield* heartbeat.tick();
        answered.push(now());
        if (answered.length === 1) yield* sleep(2.5 * SECOND); // too busy for two ticks
      }
      return answered;
    });
    show(`${missed}: ${answered.join(", ")} (${meaning})`);
    assertEquals(answered, at);
  });
}

Deno.test("lesson 12 · an idle timer that is put off a thousand times is still one timer", async () => {
  using runtime = Runtime.builder().startPaused().build();
  await runtime.blockOn(function* () {
    const begin = now();
    const idle = sleep(SECOND);
    const watcher = spawn(idle);
    for (let request = 0; request < 1_000; request++) {
      yield* sleep(500);
      idle.reset(now() + SECOND);
      assertEquals(runtime.statistics().timers, 1);
    }
    yield* watcher;
    assertEquals(now() - begin, 1_000 * 500 + SECOND);
  });
});
