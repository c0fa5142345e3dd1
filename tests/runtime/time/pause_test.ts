import {
  advance,
  blockOn,
  fromPromise,
  MissingDriver,
  Misuse,
  Notify,
  now,
  pause,
  resume,
  Runtime,
  sleep,
  spawn,
  timeout,
} from "wakeful/runtime";
import { assertEquals, assertRejects } from "../../support/assert.ts";
import { Recorder } from "../../support/recorder.ts";

/** Runs with a clock that stands, on the real driver; answers how far it moved meanwhile. */
async function elapsed(body: Parameters<Runtime["blockOn"]>[0]): Promise<number> {
  await using runtime = Runtime.builder().startPaused().build();
  const before = await runtime.blockOn(function* () {
    return now();
  });
  await runtime.blockOn(body);
  return await runtime.blockOn(function* () {
    return now() - before;
  });
}

Deno.test("pause: sleeps end in the order of their deadlines, and time is what they say", async () => {
  const log = new Recorder();
  const moved = await elapsed(function* () {
    const tasks = [3_000, 1_000, 2_000].map((milliseconds) =>
      spawn(function* () {
        yield* sleep(milliseconds);
        log.note(`${milliseconds}`);
      })
    );
    for (const task of tasks) yield* task;
  });
  assertEquals([log.line, moved], ["1000 2000 3000", 3_000]);
});

Deno.test("pause: while a task can run, time stands", async () => {
  const moved = await elapsed(function* () {
    const bell = new Notify();
    const sleeper = spawn(() => sleep(1_000));
    for (let i = 0; i < 1_000; i++) {
      spawn(function* () {
        bell.notifyOne();
      });
      yield* bell.notified();
    }
    sleeper.abort();
  });
  assertEquals(moved, 0);
});

Deno.test("pause: a promise that is settled soon is not overtaken by a time limit", async () => {
  const moved = await elapsed(() => timeout(1_000, fromPromise(() => Promise.resolve().then())));
  assertEquals(moved, 0);
});

Deno.test("advance: what was due on the way happens now, late, in order", async () => {
  const log = new Recorder();
  await elapsed(function* () {
    const start = now();
    for (const milliseconds of [10, 20]) {
      spawn(function* () {
        yield* sleep(milliseconds);
        log.note(`${milliseconds}@${now() - start}`);
      });
    }
    yield* sleep(5);
    yield* advance(50);
    log.note(`${now() - start}`);
  });
  assertEquals(log.line, "10@55 20@55 55");
});

Deno.test("resume: the clock runs again, from where it stands", async () => {
  await blockOn(function* () {
    pause();
    const start = now();
    yield* sleep(60_000);
    resume();
    assertEquals(now() - start >= 60_000, true);
    yield* sleep(1);
    assertEquals(now() - start >= 60_001, true);
  });
});

Deno.test("pause: needs a clock; advance: needs one that stands", async () => {
  await assertRejects(
    () =>
      blockOn(function* () {
        yield* advance(1);
      }),
    Misuse,
    "pause() it first",
  );
  using runtime = Runtime.builder().build();
  await assertRejects(
    () =>
      runtime.blockOn(function* () {
        pause();
      }),
    MissingDriver,
    "enableTime",
  );
});
