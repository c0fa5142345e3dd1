/**
 * Lesson 21, graceful shutdown: ask everybody to stop, let them finish, and do not wait for ever.
 *
 * Read on in runtime/cancel: cancellation_token.ts is the request, task_tracker.ts counts who has
 * not finished, shielded.ts is for cleanup that has to wait, and shutdown.ts joins the three.
 * runtime/os/signal.ts is where Ctrl-C comes in. commands/echo-server ends in the same way.
 */

import {
  blockOn,
  CancellationToken,
  Cancelled,
  End,
  fromPromise,
  IoError,
  mpsc,
  now,
  type Receiver,
  scope,
  shielded,
  Shutdown,
  sleep,
  spawn,
} from "wakeful/runtime";
import { TcpStream } from "wakeful/net";
import { runTest } from "wakeful/testing";
import { assert, assertEquals } from "../support/assert.ts";
import { ChildProcess } from "../support/child_process.ts";
import { tempDir } from "../support/temp_dir.ts";
import { show } from "./show.ts";

Deno.test("lesson 21.1 · Ctrl-C: nobody new is let in, who is inside is served, then the end", async () => {
  await using server = new ChildProcess(["--allow-net"], "tests/lessons/lesson_21_server.ts");
  const port = Number((await server.line(/listening on port (\d+)/))[1]);
  const [newcomer, answer] = await blockOn(function* () {
    using client = yield* TcpStream.connect({ port });
    yield* client.writeAll(new TextEncoder().encode("half of a "));
    yield* fromPromise(server.line(/serving/));

    server.kill("SIGINT");
    yield* fromPromise(server.line(/stopped accepting, 1 in flight/));
    const newcomer = yield* askForService(port);

    yield* client.writeAll(new TextEncoder().encode("line\n"));
    const answer = new Uint8Array("half of a line\n".length);
    yield* client.readExact(answer);
    return [newcomer, new TextDecoder().decode(answer)];
  });
  const { code, stdout } = await server.result();
  show(stdout.trim());
  assertEquals([newcomer, answer], ["not served", "HALF OF A LINE\n"]);
  assertEquals([code, stdout.split("\n").at(-2)], [0, "over on SIGINT, 0 aborted"]);
});

/** Nobody listens any more: connecting fails, or the system takes the connection down again. */
function* askForService(port: number) {
  try {
    using stream = yield* TcpStream.connect({ port });
    yield* stream.writeAll(new TextEncoder().encode("hello\n"));
    return (yield* stream.read(new Uint8Array(16))) > 0 ? "served" : "not served";
  } catch (error) {
    if (error instanceof IoError) return "not served";
    throw error;
  }
}

Deno.test("lesson 21.2 · a token's children are cancelled with it, and not the other way round", async () => {
  const left: string[] = [];
  await runTest(() =>
    scope(function* (s) {
      const root = new CancellationToken();
      const night = root.child(), day = root.child();
      for (const [i, shift] of [night, night, day, day, day].entries()) {
        s.spawn(function* () {
          const reason = yield* shift.child().cancelled();
          left.push(`${now()} worker ${i + 1}: ${reason}`);
        });
      }
      yield* sleep(1_000);
      night.cancel("dawn");
      yield* sleep(1_000);
      assertEquals([left.length, root.isCancelled, day.isCancelled], [2, false, false]);
      root.cancel("the factory closes");
    })
  );
  show(...left);
  assertEquals(left, [
    "1000 worker 1: dawn",
    "1000 worker 2: dawn",
    "2000 worker 3: the factory closes",
    "2000 worker 4: the factory closes",
    "2000 worker 5: the factory closes",
  ]);
});

Deno.test("lesson 21.3 · in flight: who is done within five seconds finishes, the rest is aborted", async () => {
  const log: string[] = [];
  const request = function* (name: string, milliseconds: number) {
    try {
      yield* sleep(milliseconds);
      log.push(`${now()} ${name} answered`);
    } finally {
      log.push(`${now()} ${name} left`);
    }
  };
  const report = await runTest(function* () {
    const shutdown = new Shutdown({ grace: 5_000 });
    shutdown.spawn(() => request("quick", 2_000));
    shutdown.spawn(() => request("endless", 3_600_000));
    yield* sleep(1_000);
    shutdown.request("deployment");
    const report = yield* shutdown.finish();
    assertEquals(now(), 6_000);
    return report;
  });
  assertEquals(report, { reason: "deployment", aborted: 1 });
  assertEquals(log, ["2000 quick answered", "2000 quick left", "6000 endless left"]);
});

Deno.test("lesson 21.3 · without stragglers it does not wait for the deadline", async () => {
  await runTest(function* () {
    const shutdown = new Shutdown({ grace: 5_000 });
    shutdown.spawn(() => sleep(1_500));
    shutdown.request("deployment");
    assertEquals(yield* shutdown.finish(), { reason: "deployment", aborted: 0 });
    assertEquals(now(), 1_500);
  });
});

/** Counts requests; what it has counted outlives it, however it ends. */
function* counter(path: string, requests: Receiver<string>) {
  let count = yield* loadCount(path);
  try {
    while ((yield* requests.recv()) !== End) count++;
  } finally {
    yield* shielded(5_000, () => saveCount(path, count)); // a plain await is not allowed here
  }
}

function* loadCount(path: string) {
  try {
    const text = yield* fromPromise(Deno.readTextFile(path));
    return (JSON.parse(text) as { count: number }).count;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** First beside the old file, then in its place: a crash leaves one or the other whole. */
function* saveCount(path: string, count: number) {
  yield* fromPromise(Deno.writeTextFile(`${path}.new`, JSON.stringify({ count })));
  yield* fromPromise(Deno.rename(`${path}.new`, path));
}

/** One life of the program: so many requests, then it is ended from outside. */
function* life(path: string, requests: number) {
  const [sender, receiver] = mpsc<string>(1);
  const service = spawn(() => counter(path, receiver));
  for (let i = 0; i < requests; i++) yield* sender.send(`request ${i}`);
  const permit = yield* sender.reserve(); // there is room again: the last one was received
  permit.release();
  service.abort("shutdown");
  try {
    yield* service; // ends when the state is saved
  } catch (error) {
    assert(error instanceof Cancelled, String(error));
  }
}

Deno.test("lesson 21.4 · the state is saved by whoever is ended, and the next life goes on with it", async () => {
  using folder = tempDir();
  const path = folder.path("state.json");
  const counts: unknown[] = [];
  for (const requests of [3, 4]) {
    await blockOn(() => life(path, requests));
    counts.push(JSON.parse(await Deno.readTextFile(path)));
  }
  assertEquals(counts, [{ count: 3 }, { count: 7 }]);
  assertEquals(Array.from(Deno.readDirSync(folder.path("")), (entry) => entry.name), [
    "state.json",
  ]);
});
