import { countingWaker, READABLE, Registry, WRITABLE } from "wakeful/runtime";
import { assertEquals } from "../../support/assert.ts";

Deno.test("Registry: an event answers whether somebody waited for it", () => {
  const registry = new Registry();
  const token = registry.register();
  const { waker, count } = countingWaker();
  assertEquals(registry.deliver(token, READABLE), false);
  registry.setWaker(token, READABLE, waker);
  assertEquals(registry.deliver(token, WRITABLE), false);
  assertEquals(registry.deliver(token, READABLE), true);
  assertEquals(registry.deliver(token, READABLE), false);
  assertEquals(count.wakes, 1);
});

Deno.test("Registry: wake is an event, too", () => {
  const registry = new Registry();
  const token = registry.register();
  const { waker, count } = countingWaker();
  registry.setWaker(token, WRITABLE, waker);
  registry.wake(token, WRITABLE);
  assertEquals(count.wakes, 1);
});

Deno.test("Registry: a token that was given back wakes at once and keeps nothing", () => {
  const registry = new Registry();
  const token = registry.register();
  const { waker, count } = countingWaker();
  registry.setWaker(token, READABLE, waker);
  registry.deregister(token);
  assertEquals(count, { wakes: 1, handles: 1 });
  registry.setWaker(token, READABLE, waker);
  assertEquals(count, { wakes: 2, handles: 1 });
  assertEquals([registry.deliver(token, READABLE), registry.size], [false, 0]);
});
