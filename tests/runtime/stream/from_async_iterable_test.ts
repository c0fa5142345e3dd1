import { End, stream } from "wakeful/runtime";
import { ask } from "../../support/ask.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { microtasks } from "../../support/fake_conn.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { handPoll } from "../../support/hand_poll.ts";

/** An async iterable whose values the test delivers. */
class FakeAsync implements AsyncIterable<string> {
  asked = 0;
  returned = 0;
  #settle: PromiseWithResolvers<IteratorResult<string>> | undefined;
  /** What its cleanup throws. */
  inCleanup: Error | undefined;

  [Symbol.asyncIterator](): AsyncIterator<string> {
    return {
      next: () => {
        this.asked++;
        this.#settle = Promise.withResolvers();
        return this.#settle.promise;
      },
      return: () => {
        this.returned++;
        if (this.inCleanup !== undefined) return Promise.reject(this.inCleanup);
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  async give(value: string): Promise<void> {
    this.#settle!.resolve({ done: false, value });
    await microtasks();
  }

  async end(): Promise<void> {
    this.#settle!.resolve({ done: true, value: undefined });
    await microtasks();
  }

  async fail(error: Error): Promise<void> {
    this.#settle!.reject(error);
    await microtasks();
  }
}

Deno.test("fromAsyncIterable: asks for one value at a time, and only when it is asked", async () => {
  const source = new FakeAsync();
  const items = stream.fromAsyncIterable(source);
  assertEquals(source.asked, 0);
  const next = handPoll(items.next());
  next.assertPending();
  next.assertPending();
  assertEquals(source.asked, 1);
  await source.give("a");
  assert(next.woken);
  next.assertReady("a");
  assertEquals(source.asked, 1);
});

Deno.test("fromAsyncIterable: a value that comes after its next() was dropped is not lost", async () => {
  const source = new FakeAsync();
  const items = stream.fromAsyncIterable(source);
  ask(items);
  await source.give("a");
  assertEquals([ask(items), source.asked], ["a", 1]);
  ask(items);
  await source.give("b");
  assertEquals([ask(items), source.asked], ["b", 2]);
});

Deno.test("fromAsyncIterable: ends, and does not close what has closed itself", async () => {
  const source = new FakeAsync();
  const items = stream.fromAsyncIterable(source);
  ask(items);
  await source.end();
  assertEquals([ask(items), source.returned], [End, 0]);
});

Deno.test("fromAsyncIterable: an error comes from next(), once", async () => {
  const source = new FakeAsync();
  const items = stream.fromAsyncIterable(source);
  ask(items);
  await source.fail(new RangeError("own"));
  assertThrows(() => ask(items), RangeError, "own");
  assertEquals([ask(items), source.returned], [End, 0]);
});

Deno.test("fromAsyncIterable: dropping calls return() once, and not when nothing had begun", () => {
  const source = new FakeAsync();
  stream.fromAsyncIterable(source).drop();
  assertEquals(source.returned, 0);
  const items = stream.fromAsyncIterable(source);
  const next = handPoll(items.next());
  next.assertPending();
  items.drop();
  items.drop();
  assertEquals([source.returned, next.kept], [1, 0]);
});

Deno.test("fromAsyncIterable: dropped between two values it calls return()", async () => {
  const source = new FakeAsync();
  const items = stream.fromAsyncIterable(source);
  ask(items);
  await source.give("a");
  ask(items);
  items.drop();
  assertEquals(source.returned, 1);
});

Deno.test("fromAsyncIterable: what its cleanup rejects with is reported", async () => {
  const loop = new FakeLoop();
  const source = new FakeAsync();
  source.inCleanup = new RangeError("in cleanup");
  const items = stream.fromAsyncIterable(source);
  ask(items, loop);
  items.drop();
  await microtasks();
  assertEquals(loop.unclaimed, [source.inCleanup]);
});

Deno.test("fromAsyncIterable: a ReadableStream is cancelled when the stream is dropped", async () => {
  let cancelled = 0;
  const readable = new ReadableStream<string>({
    start: (controller) => controller.enqueue("a"),
    cancel: () => void cancelled++,
  });
  const items = stream.fromAsyncIterable(readable);
  ask(items);
  await microtasks();
  assertEquals(ask(items), "a");
  items.drop();
  await microtasks();
  assertEquals(cancelled, 1);
});
