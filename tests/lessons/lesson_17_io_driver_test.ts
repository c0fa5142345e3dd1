/**
 * Lesson 17, the I/O driver: from the system's events to a stream that is awaited.
 *
 * The same echo three times: on the raw reactor, on streams that wait for themselves, and on
 * streams that only say when a try is worthwhile. Leads to runtime/reactor/epoll/driver.ts (the
 * loop), runtime/reactor/epoll/poller.ts (events to sources), net/half_op.ts (try, or leave a waker)
 * and net/become_ready.ts.
 */

import {
  callbackWaker,
  type Co,
  type Driver,
  pollFn,
  Reactor,
  READABLE,
  Runtime,
  spawn,
  type StreamSource,
  type TcpAddress,
  type Token,
  WouldBlock,
  WRITABLE,
  yieldNow,
} from "wakeful/runtime";
import { copy, duplex, TcpListener, TcpStream } from "wakeful/net";
import { assert, assertEquals, assertGreater } from "../support/assert.ts";
import { bytes, textOf } from "../support/bytes.ts";
import { exchange } from "../support/deno_client.ts";
import { DRIVERS } from "./drivers.ts";
import { show } from "./show.ts";

/** Longer than any event takes; reached only when something is broken. */
const FOR_EVER = 10_000;
const LINES = ["one", "two", "three"];

/** Sends each line on a connection of its own, and answers what came back. */
async function askAll(port: number): Promise<string[]> {
  const ask = async (line: string) => {
    using client = await Deno.connect({ hostname: "127.0.0.1", port });
    return await exchange(client, line);
  };
  return await Promise.all(LINES.map(ask));
}

/** Echo without tasks: whoever is woken leaves its token, and one turn serves those. */
class RawEcho {
  readonly reactor: Reactor;
  readonly port: number;
  served = 0;
  #ready: Token[] = [];
  #streams = new Map<Token, StreamSource>();
  #buffer = new Uint8Array(1024);
  #listener;

  constructor(driver: Driver) {
    this.reactor = new Reactor(driver);
    this.#listener = this.reactor.listen({ transport: "tcp", host: "127.0.0.1", port: 0 });
    this.port = (this.#listener.localAddr as TcpAddress).port;
    this.#accept();
  }

  /** One wait, and whatever it has brought. */
  async turn(): Promise<void> {
    await this.reactor.wait(FOR_EVER);
    for (const token of this.#ready.splice(0)) {
      const stream = this.#streams.get(token);
      if (stream === undefined) this.#accept();
      else this.#echo(stream);
    }
  }

  async close(): Promise<void> {
    this.#listener.close();
    await this.reactor.close();
  }

  #accept(): void {
    for (;;) {
      const stream = this.#listener.tryAccept();
      if (stream === WouldBlock) return this.#watch(this.#listener.token);
      this.#streams.set(stream.token, stream);
      this.#echo(stream);
    }
  }

  #echo(stream: StreamSource): void {
    for (;;) {
      const n = stream.tryRead(this.#buffer);
      if (n === WouldBlock) return this.#watch(stream.token);
      if (n === 0) break;
      assertEquals(stream.tryWrite(this.#buffer.subarray(0, n)), n); // short lines always fit
    }
    this.#streams.delete(stream.token);
    stream.close();
    this.served++;
  }

  #watch(token: Token): void {
    this.reactor.setWaker(token, READABLE, callbackWaker(() => this.#ready.push(token)));
  }
}

for (const [driver, makeDriver] of DRIVERS) {
  Deno.test(`lesson 17.1 · ${driver}: echo on the raw reactor, without a task`, async () => {
    const echo = new RawEcho(makeDriver());
    const answers = askAll(echo.port);
    while (echo.served < LINES.length) await echo.turn();
    assertEquals(await answers, LINES);
    assertEquals(echo.reactor.size, 1); // the listener
    await echo.close();
  });

  Deno.test(`lesson 17.2 · ${driver}: the same on TcpStream: the wakers are the tasks' own`, async () => {
    await using runtime = Runtime.builder().driver(makeDriver).enableIo().build();
    const answers = await runtime.blockOn(function* () {
      using listener = yield* TcpListener.bind({ port: 0 });
      const answers = askAll(listener.localAddr.port);
      for (const _ of LINES) {
        const stream = yield* listener.accept();
        spawn(function* () {
          using client = stream;
          yield* copy(client, client);
        });
      }
      return answers;
    });
    assertEquals(await answers, LINES);
  });

  Deno.test(`lesson 17.3 · ${driver}: ready tells which try is worthwhile, and which direction is over`, async () => {
    await using runtime = Runtime.builder().driver(makeDriver).enableIo().build();
    await runtime.blockOn(function* () {
      using listener = yield* TcpListener.bind({ port: 0 });
      using client = yield* TcpStream.connect(listener.localAddr);
      using server = yield* listener.accept();
      const into = new Uint8Array(16);

      const fresh = yield* server.ready(READABLE, WRITABLE);
      assertEquals([fresh.readable, fresh.writable], [false, true]);

      yield* client.writeAll(bytes("hello"));
      assert((yield* server.ready(READABLE)).readable);
      assertEquals(server.tryRead(into), 5);
      assertEquals(textOf(into.subarray(0, 5)), "hello");

      yield* client.shutdown();
      assert((yield* server.ready(READABLE)).readable); // the end, too, is worth a try
      assertEquals(server.tryRead(into), 0);
      const half = yield* server.ready(READABLE, WRITABLE);
      assertEquals([half.readClosed, half.writeClosed], [true, false]);

      yield* server.shutdown();
      assert((yield* server.ready(WRITABLE)).writeClosed);
    });
  });

  Deno.test(`lesson 17.4 · ${driver}: readiness is a hint: a try that finds nothing waits again`, async () => {
    await using runtime = Runtime.builder().driver(makeDriver).enableIo().build();
    const count = { received: 0, empty: 0 };
    await runtime.blockOn(function* () {
      using listener = yield* TcpListener.bind({ port: 0 });
      using client = yield* TcpStream.connect(listener.localAddr);
      using server = yield* listener.accept();
      const reader = spawn(() => readByReadiness(server, new Uint8Array(4), count));
      for (const sent of [4, 8]) {
        yield* client.writeAll(bytes("full")); // fills the reader's buffer exactly
        while (count.received < sent) yield* yieldNow();
        yield* yieldNow();
      }
      yield* client.shutdown();
      yield* reader;
    });
    show(`${driver}: ${count.received} bytes, and ${count.empty} tries that found nothing`);
    assertEquals(count.received, 8);
    // The system says nothing of a socket that was read empty; Deno's reads end with their bytes.
    assertEquals(count.empty > 0, driver === "epoll");
  });
}

/** Reads to the end by readiness alone, and counts the tries that found nothing. */
function* readByReadiness(
  stream: TcpStream,
  into: Uint8Array,
  count: { received: number; empty: number },
): Co<void> {
  for (;;) {
    yield* stream.ready(READABLE);
    const n = stream.tryRead(into);
    if (n === 0) return;
    if (n === WouldBlock) count.empty++;
    else count.received += n;
  }
}

Deno.test("lesson 17.4 · spurious wake-ups are counted and harmless: the future looks, and waits on", async () => {
  await using runtime = Runtime.builder().build();
  const [polls, text] = await runtime.blockOn(function* () {
    const [client, server] = duplex();
    const into = new Uint8Array(16);
    const read = server.read(into);
    let polls = 0;
    let wakeForNothing = () => {};
    const reader = spawn(() =>
      pollFn((cx) => {
        polls++;
        wakeForNothing = () => cx.waker.wakeByRef();
        return read.poll(cx);
      })
    );
    for (let i = 0; i < 3; i++) {
      yield* yieldNow();
      wakeForNothing();
    }
    yield* yieldNow();
    yield* client.writeAll(bytes("hello"));
    const n = yield* reader;
    return [polls, textOf(into.subarray(0, n))] as const;
  });
  show(`the reader was polled ${polls} times for one message`);
  assertGreater(polls, 2);
  assertEquals([polls, text], [5, "hello"]); // the first, three for nothing, and the last
});
