import {
  type Co,
  currentLoop,
  now,
  pending,
  pollFn,
  shielded,
  Signal,
  sleep,
  spawn,
  timeout,
} from "wakeful/runtime";
import { Leaked, runTest, type TestOptions } from "wakeful/testing";
import { assert, assertEquals, assertMatch, assertRejects } from "../../support/assert.ts";
import { failing } from "../../support/bodies.ts";
import { FakeDriver } from "../../support/fake_driver.ts";
import { Recorder } from "../../support/recorder.ts";
import { stubbed } from "../../support/stub.ts";

/** The fake driver, which rests no longer than the platform takes for one turn. */
class EagerDriver extends FakeDriver {
  override unpark(): void {
    super.unpark();
    queueMicrotask(() => this.step());
  }

  override yield(resume: () => void): void {
    super.yield(resume);
    setTimeout(() => this.step(), 0);
  }
}

/** Runs a test that fails, and answers what it printed. */
async function printed(
  body: () => Co<unknown>,
  error: new (message: string) => Error,
  message: string,
  options?: TestOptions,
): Promise<string> {
  const lines: string[] = [];
  using _ = stubbed(console, "error", (line: string) => lines.push(line));
  await assertRejects(() => runTest(body, options), error, message);
  return lines.join("\n");
}

Deno.test("runTest: answers the body's value; the clock begins at 0 and stands", async () => {
  const seen = await runTest(function* () {
    const begin = now();
    yield* sleep(3_600_000);
    return [begin, now()];
  });
  assertEquals(seen, [0, 3_600_000]);
});

Deno.test("runTest: sleeps end in the order of their deadlines", async () => {
  const log = new Recorder();
  await runTest(function* () {
    const naps = [300, 100, 200].map((ms) =>
      spawn(function* () {
        yield* sleep(ms);
        log.note(`${ms}`);
      })
    );
    for (const nap of naps) yield* nap;
  });
  assertEquals(log.line, "100 200 300");
});

Deno.test("runTest: what the body throws fails it, and the seed is printed", async () => {
  const line = await printed(() => failing(), RangeError, "own");
  assertMatch(line, /failed with seed (\d+); runTest\(body, \{ seed: \1 \}\) replays it/);
});

Deno.test("runTest: the seed that was printed replays the test", async () => {
  const drawn: number[] = [];
  const body = function* (): Co<void> {
    drawn.push(currentLoop().random.next());
    yield* failing();
  };
  const line = await printed(body, RangeError, "own");
  const seed = Number(line.match(/seed: (\d+)/)![1]);
  assertEquals(await printed(body, RangeError, "own", { seed }), line);
  await printed(body, RangeError, "own", { seed: seed + 1 });
  assertEquals(drawn[0], drawn[1]);
  assert(drawn[0] !== drawn[2]);
});

Deno.test("runTest: an error that nobody asks for fails it, also in the body's last moment", async () => {
  for (const length of [0, 5]) {
    const body = function* () {
      spawn(() => failing(), { name: "forgotten" });
      yield* sleep(length);
    };
    await printed(body, Error, "Task forgotten failed, and nobody has asked for its outcome");
  }
});

Deno.test("runTest: a task that is left is a leak, with its name, and is ended", async () => {
  const log = new Recorder();
  const body = function* () {
    spawn(function* () {
      try {
        yield* pending();
      } finally {
        yield* shielded(1_000, () => sleep(500));
        log.note("ended");
      }
    }, { name: "forgotten" });
  };
  await printed(body, Leaked, "1 task (forgotten waits for Never), 0 timers and 0 registrations");
  assertEquals(log.line, "ended");
});

Deno.test("runTest: a task that sleeps is left, however soon it would have ended", async () => {
  const body = function* () {
    spawn(() => sleep(1), { name: "sleeper" });
  };
  await printed(body, Leaked, "1 task (sleeper waits for sleep until 1), 1 timer");
});

Deno.test("runTest: a task that ends together with the body is no leak", async () => {
  await runTest(function* () {
    spawn(function* () {
      yield* sleep(5);
    });
    yield* sleep(5);
  });
});

Deno.test("runTest: a timer that is left is a leak", async () => {
  const body = function* () {
    const nap = timeout(10, pending());
    yield* pollFn((cx) => void nap.poll(cx));
  };
  await printed(body, Leaked, "0 tasks, 1 timer and 0 registrations");
});

Deno.test("runTest: a registration that is left is a leak", async () => {
  const driver = new EagerDriver();
  const body = function* () {
    new Signal("SIGHUP");
  };
  await printed(body, Leaked, "0 tasks, 0 timers and 1 registration", { driver: () => driver });
  assertEquals(driver.state, "closed");
});

Deno.test("runTest: the runtime can be configured further", async () => {
  const started: string[] = [];
  await runTest(
    function* () {
      yield* spawn(() => sleep(1), { name: "child" });
    },
    { configure: (builder) => builder.onTaskStart(({ name }) => started.push(name)) },
  );
  assert(started.includes("main") && started.includes("child"));
});

Deno.test("runTest: a sleep without end sets no timer, and the stopped clock does not chase it", async () => {
  await runTest(function* () {
    const forEver = spawn(sleep(Infinity));
    yield* sleep(1_000);
    assertEquals(now(), 1_000);
    forEver.abort();
  });
});
