import { Closed, Misuse, NotPortable, RemoteHandle, Runtime } from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { doze, echo, fail } from "../../support/portable_functions.ts";

/** A runtime whose one thread has begun: a blocked thread cannot help it to begin. */
async function begun(): Promise<Runtime> {
  const runtime = Runtime.builder().blockingPool({ threads: 1 }).build();
  await runtime.spawnBlocking(echo, [1]);
  for (const task of [doze, fail]) {
    await runtime.spawnBlocking<never[], unknown>(task as never, [] as never).then(null, () => {});
  }
  return runtime;
}

Deno.test("RemoteHandle: another thread has a task run and waits for it", async () => {
  await using runtime = await begun();
  const worker = new Worker(new URL("../../support/remote_worker.ts", import.meta.url), {
    type: "module",
  });
  const answer = new Promise((resolve) => worker.onmessage = ({ data }) => resolve(data));
  worker.postMessage(runtime.handle().remote());
  assertEquals(await answer, 42);
  worker.terminate();
});

Deno.test("RemoteHandle: values, errors and coroutines come back to the blocked thread", async () => {
  await using runtime = await begun();
  using remote = new RemoteHandle(runtime.handle().remote());
  assertEquals(remote.call(echo, { a: [1] }), { a: [1] });
  assertEquals(remote.call(doze, 1, "awake"), "awake");
  assertThrows(() => remote.call(fail, "range"), RangeError, "too far");
});

Deno.test("RemoteHandle: what is too large for shared memory is refused", async () => {
  await using runtime = await begun();
  using remote = new RemoteHandle(runtime.handle().remote());
  assertThrows(() => remote.call(echo, "x".repeat(5000)), NotPortable, "1024 bytes");
});

Deno.test("RemoteHandle: there are four seats, and a closed one is free again", async () => {
  await using runtime = await begun();
  const ticket = runtime.handle().remote();
  const guests = Array.from({ length: 4 }, () => new RemoteHandle(ticket));
  assertThrows(() => new RemoteHandle(ticket), Misuse, "4 threads");
  guests[0].close();
  using again = new RemoteHandle(ticket);
  assertEquals(again.call(echo, 1), 1);
  for (const guest of guests) guest.close();
});

Deno.test("RemoteHandle: with the runtime closed a call says so", async () => {
  const runtime = await begun();
  using remote = new RemoteHandle(runtime.handle().remote());
  await runtime.close();
  assertThrows(() => remote.call(echo, 1), Closed);
});
