import { Busy, Cancelled, Closed, sleep, stream } from "wakeful/runtime";
import { assertEquals, assertRejects } from "../../support/assert.ts";
import { microtasks } from "../../support/fake_conn.ts";
import { FakeItems } from "../../support/fake_items.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** Lets tasks and promises take turns until both rest. */
async function settle(virtual: VirtualRuntime): Promise<void> {
  for (let i = 0; i < 5; i++) {
    virtual.settle();
    await microtasks();
  }
}

Deno.test("toAsyncIterable: for await sees all items, and the tasks are gone", async () => {
  using virtual = new VirtualRuntime();
  const slow = stream.generate<number>(function* (emit) {
    for (let n = 1; n <= 3; n++) {
      yield* sleep(1);
      yield* emit(n);
    }
  });
  const seen: number[] = [];
  const reading = (async () => {
    for await (const n of slow.toAsyncIterable(virtual.runtime)) seen.push(n);
  })();
  for (let i = 0; i < 5; i++) {
    await settle(virtual);
    virtual.advance(1);
  }
  await settle(virtual);
  await reading;
  assertEquals(seen, [1, 2, 3]);
  assertEquals(virtual.runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
});

Deno.test("toAsyncIterable: break drops the stream, inside a task", async () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const source = new FakeItems<string>("dropped", log).give("a", "b");
  const reading = (async () => {
    for await (const item of source.stream.toAsyncIterable(virtual.runtime)) {
      log.note(item);
      break;
    }
  })();
  await settle(virtual);
  await reading;
  assertEquals(log.line, "a dropped");
});

Deno.test("toAsyncIterable: return() ends a next() that waits, and later ones", async () => {
  using virtual = new VirtualRuntime();
  const source = new FakeItems<string>();
  const items = source.stream.toAsyncIterable(virtual.runtime);
  const waiting = items.next();
  await settle(virtual);
  const left = items.return!();
  await settle(virtual);
  const end = { done: true as const, value: undefined };
  assertEquals([await waiting, await left, await items.next()], [end, end, end]);
  assertEquals([source.dropped, virtual.runtime.statistics().tasks], [1, 0]);
});

Deno.test("toAsyncIterable: an error rejects, and then the iteration has ended", async () => {
  using virtual = new VirtualRuntime();
  const items = new FakeItems<string>().fail().stream.toAsyncIterable(virtual.runtime);
  const failed = items.next();
  const rejected = assertRejects(() => failed, RangeError, "own");
  await settle(virtual);
  await rejected;
  const after = items.next();
  await settle(virtual);
  assertEquals(await after, { done: true, value: undefined });
  assertEquals(virtual.reported, []);
});

Deno.test("toAsyncIterable: a second next() beside one that waits is refused", async () => {
  using virtual = new VirtualRuntime();
  const source = new FakeItems<string>();
  const items = source.stream.toAsyncIterable(virtual.runtime);
  const waiting = items.next();
  await assertRejects(() => items.next(), Busy);
  source.give("a");
  await settle(virtual);
  assertEquals(await waiting, { done: false, value: "a" });
});

Deno.test("toAsyncIterable: makes a ReadableStream, whose cancel drops the stream", async () => {
  using virtual = new VirtualRuntime();
  const source = new FakeItems<string>().give("a", "b");
  const reader = ReadableStream.from(source.stream.toAsyncIterable(virtual.runtime)).getReader();
  const first = reader.read();
  await settle(virtual);
  assertEquals((await first).value, "a");
  const cancelled = reader.cancel();
  await settle(virtual);
  await cancelled;
  assertEquals(source.dropped, 1);
});

Deno.test("toAsyncIterable: when the runtime is shut down, or was, the stream is dropped", async () => {
  for (const [waits, error] of [[true, Cancelled], [false, Closed]] as const) {
    using virtual = new VirtualRuntime();
    const source = new FakeItems<string>();
    const items = source.stream.toAsyncIterable(virtual.runtime);
    if (!waits) virtual.runtime.shutdown();
    const rejected = assertRejects<Error>(() => items.next(), error);
    virtual.settle();
    virtual.runtime.shutdown();
    await rejected;
    assertEquals(source.dropped, 1);
  }
});
