import { Closed, countingWaker, denoDriver, Reactor, READABLE, WouldBlock } from "wakeful/runtime";
import { assertEquals, assertStrictEquals, assertThrows } from "../../../support/assert.ts";

Deno.test("DenoSignal: one try takes one delivery; closed it listens no more", async () => {
  const reactor = new Reactor(denoDriver());
  const source = reactor.signal("SIGHUP");
  const { waker, count } = countingWaker();
  assertStrictEquals(source.tryReceive(), WouldBlock);
  reactor.setWaker(source.token, READABLE, waker);
  Deno.kill(Deno.pid, "SIGHUP");
  assertEquals(await reactor.wait(10_000), 1);
  assertEquals([count.wakes, source.tryReceive()], [1, undefined]);
  assertStrictEquals(source.tryReceive(), WouldBlock);
  source.close();
  source.close();
  assertThrows(() => source.tryReceive(), Closed, "the signal");
  assertEquals(reactor.size, 0);
  reactor.close();
});
