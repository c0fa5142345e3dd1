/**
 * Lesson 09, the reactor: one wait for many sockets, told apart by their tokens.
 *
 * Leads to runtime/reactor/reactor.ts, runtime/collections/slab.ts (tokens with a generation) and
 * net/half_op.ts (ReadableFuture, as the product has it).
 */

import {
  callbackWaker,
  countingWaker,
  denoDriver,
  Pending,
  pollFn,
  Reactor,
  READABLE,
  Runtime,
  spawn,
  type StreamSource,
  WouldBlock,
  yieldNow,
} from "wakeful/runtime";
import { TcpListener, TcpStream } from "wakeful/net";
import { assert, assertEquals, assertNotEquals } from "../support/assert.ts";
import { bytes, textOf } from "../support/bytes.ts";
import { RealReactor } from "../support/real_reactor.ts";
import { show } from "./show.ts";

/** Longer than any event takes; reached only when something is broken. */
const FOR_EVER = 10_000;

Deno.test("lesson 09.1 · one listener: registered, woken by a client, tried again", async () => {
  const reactor = new Reactor(denoDriver());
  const listener = reactor.listen({ transport: "tcp", host: "127.0.0.1", port: 0 });
  assertEquals(reactor.size, 1);
  assertEquals(listener.tryAccept(), WouldBlock);
  const { waker, count } = countingWaker();
  reactor.setWaker(listener.token, READABLE, waker);
  assertEquals(count.wakes, 0);

  const client = reactor.connect(listener.localAddr);
  assertEquals(await reactor.wait(FOR_EVER), 1);
  assertEquals(count.wakes, 1);
  const accepted = listener.tryAccept();
  assert(accepted !== WouldBlock);
  assertEquals(reactor.size, 3); // the listener, the client's attempt, what was accepted
  for (const source of [client, accepted, listener]) source.close();
  assertEquals([reactor.size, count.handles], [0, 1]);
  reactor.close();
});

Deno.test("lesson 09.2 · of many sockets exactly those wake that have something to say", async () => {
  const real = new RealReactor();
  const pairs: [StreamSource, StreamSource][] = [];
  for (let i = 0; i < 8; i++) pairs.push(await real.pair());
  const woken: number[] = [];
  const indexOf = new Map(pairs.map(([, server], index) => [server.token, index]));
  for (const [, { token }] of pairs) {
    const note = callbackWaker(() => woken.push(indexOf.get(token)!));
    real.reactor.setWaker(token, READABLE, note);
  }
  for (const [, server] of pairs) assertEquals(server.tryRead(new Uint8Array(1)), WouldBlock);

  for (const talker of [6, 1]) await real.write(pairs[talker][0], bytes("!"));
  while (woken.length < 2) await real.reactor.wait(FOR_EVER);
  show(`8 sockets, woken: ${woken.join(" and ")}`);
  assertEquals(woken.toSorted(), [1, 6]);
  for (const [index, [, server]] of pairs.entries()) {
    const expected = woken.includes(index) ? 1 : WouldBlock;
    assertEquals(server.tryRead(new Uint8Array(1)), expected);
  }
  real.close(...pairs.flat());
});

Deno.test("lesson 09.3 · a read as a future: registered, Pending, woken, ready", async () => {
  await using runtime = Runtime.builder().enableIo().build();
  const log: string[] = [];
  await runtime.blockOn(function* () {
    using listener = yield* TcpListener.bind({ port: 0 });
    using client = yield* TcpStream.connect(listener.localAddr);
    using server = yield* listener.accept();
    log.push(`${runtime.statistics().registrations} registered`);
    const buffer = new Uint8Array(16);
    const read = server.read(buffer);
    const reader = spawn(() =>
      pollFn((cx) => {
        const polled = read.poll(cx);
        log.push(polled === Pending ? "Pending" : `ready: ${polled} bytes`);
        return polled;
      })
    );
    yield* yieldNow(); // lets it poll once
    log.push("sent");
    yield* client.writeAll(bytes("hello"));
    const n = yield* reader;
    log.push(textOf(buffer.subarray(0, n)));
  });
  assertEquals(log, ["3 registered", "Pending", "sent", "ready: 5 bytes", "hello"]);
  assertEquals(runtime.statistics().registrations, 0);
});

Deno.test("lesson 09.4 · a closed source leaves no entry and no waker behind", async () => {
  const real = new RealReactor();
  const [client, server] = await real.pair();
  const { waker, count } = countingWaker();
  real.reactor.setWaker(server.token, READABLE, waker);
  assertEquals([real.reactor.size, count.handles], [3, 2]);
  server.close();
  assertEquals([real.reactor.size, count.handles], [2, 1]);
  assertEquals(count.wakes, 1); // whoever waited finds out by trying
  server.close();
  assertEquals(real.reactor.size, 2);
  real.close(client);
  assertEquals(real.reactor.size, 0);
});

Deno.test("lesson 09.4 · a late event for a freed token wakes nobody, not even its successor", () => {
  const reactor = new Reactor(denoDriver());
  const old = reactor.register();
  reactor.deregister(old);
  const young = reactor.register(); // in the same slot, of another generation
  const { waker, count } = countingWaker();
  reactor.setWaker(young, READABLE, waker);
  assertNotEquals(young, old);
  reactor.deliver(old, READABLE);
  assertEquals([count.wakes, reactor.size], [0, 1]);
  reactor.deliver(young, READABLE);
  assertEquals(count.wakes, 1);
  reactor.deregister(young);
  reactor.close();
});
