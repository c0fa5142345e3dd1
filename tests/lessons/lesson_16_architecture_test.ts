/**
 * Lesson 16, a runtime's architecture: a builder, a loop on one thread, and handles to it.
 *
 * Leads to runtime/runtime.ts (builder, runtime, handle), runtime/engine/event_loop.ts (one turn:
 * timers, tasks, rest) and runtime/engine/executor.ts (the queue).
 */

import {
  blockOn,
  Closed,
  type Handle,
  MissingDriver,
  Runtime,
  sleep,
  spawn,
  yieldNow,
} from "wakeful/runtime";
import { copy, TcpListener, TcpStream } from "wakeful/net";
import { assertEquals, assertRejects, assertThrows } from "../support/assert.ts";
import { bytes, textOf } from "../support/bytes.ts";
import { DRIVERS } from "./drivers.ts";
import { show } from "./show.ts";

for (const [driver, makeDriver] of DRIVERS) {
  Deno.test(`lesson 16.1 · ${driver}: an echo server and its clients, all on the current thread`, async () => {
    await using runtime = Runtime.builder().driver(makeDriver).enableIo().build();
    const answers = await runtime.blockOn(function* () {
      using listener = yield* TcpListener.bind({ port: 0 });
      using _server = spawn(function* () {
        for (;;) {
          const stream = yield* listener.accept();
          spawn(function* () {
            using client = stream;
            yield* copy(client, client);
          });
        }
      }).abortOnDrop();
      const clients = ["ann", "ben", "cleo"].map((name) =>
        spawn(function* () {
          using stream = yield* TcpStream.connect(listener.localAddr);
          yield* stream.writeAll(bytes(name));
          yield* stream.shutdown();
          const answer = new Uint8Array(name.length);
          yield* stream.readExact(answer);
          return textOf(answer);
        })
      );
      const answers: string[] = [];
      for (const client of clients) answers.push(yield* client);
      return answers;
    });
    assertEquals(answers, ["ann", "ben", "cleo"]);
  });
}

Deno.test("lesson 16.3 · a runtime without time says so when it is asked to sleep", async () => {
  await using runtime = Runtime.builder().enableIo().build();
  const error = await assertRejects(
    () => runtime.blockOn(() => sleep(1)),
    MissingDriver,
    "enableTime()",
  );
  show((error as Error).message);
  assertEquals((error as MissingDriver).part, "time");
});

Deno.test("lesson 16.3 · a runtime without I/O says so when it is asked for a socket", async () => {
  await using runtime = Runtime.builder().enableTime().build();
  const error = await assertRejects(
    () => runtime.blockOn(() => TcpListener.bind({ port: 0 })),
    MissingDriver,
    "enableIo()",
  );
  show((error as Error).message);
  assertEquals((error as MissingDriver).part, "io");
});

/** A plain async function: it is no task, and has nothing of the runtime but a handle. */
async function outsider(handle: Handle, log: string[]): Promise<number> {
  await Promise.resolve();
  const answer = handle.spawn(function* () {
    log.push("the task runs");
    yield* yieldNow();
    return 42;
  });
  log.push("spawned");
  return await answer;
}

Deno.test("lesson 16.4 · a handle spawns from a plain async function, which awaits the outcome", async () => {
  await using runtime = Runtime.builder().build();
  const log: string[] = [];
  assertEquals(await outsider(runtime.handle(), log), 42);
  assertEquals(log, ["spawned", "the task runs"]);
});

Deno.test("lesson 16.4 · a handle to a runtime that was closed says so", async () => {
  const runtime = Runtime.builder().build();
  const handle = runtime.handle();
  await runtime.close();
  assertThrows(() => handle.spawn(() => yieldNow()), Closed);
  assertEquals(await blockOn(() => yieldNow()), undefined); // which is no one else's affair
});
