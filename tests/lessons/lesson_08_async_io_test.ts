/**
 * Lesson 08, async I/O: try; if that would block, leave a waker; try again when it was used.
 *
 * Here the reactor works by itself, without executor, tasks or futures. Leads to
 * runtime/core/io.ts (the words), runtime/reactor/reactor.ts (tokens to wakers),
 * runtime/reactor/epoll/stream.ts (what the system tells) and runtime/reactor/deno/stream.ts (how
 * Deno's promises become the same).
 */

import {
  callbackWaker,
  countingWaker,
  type Driver,
  type ListenerSource,
  Reactor,
  READABLE,
  type StreamSource,
  type TcpAddress,
  type Token,
  WouldBlock,
} from "wakeful/runtime";
import { assert, assertEquals, assertGreaterOrEqual, assertLess } from "../support/assert.ts";
import { bytes, textOf } from "../support/bytes.ts";
import { runDeno } from "../support/child_process.ts";
import { exchange } from "../support/deno_client.ts";
import { RealReactor } from "../support/real_reactor.ts";
import { DRIVERS } from "./drivers.ts";
import type { IdleReport } from "./idle_reactor.ts";
import { show } from "./show.ts";

/** Longer than any event takes; reached only when something is broken. */
const FOR_EVER = 10_000;

for (const [driver, makeDriver] of DRIVERS) {
  Deno.test(`lesson 08.1 · ${driver}: a read that finds nothing answers WouldBlock, and succeeds once bytes are there`, async () => {
    const real = new RealReactor(makeDriver);
    const { reactor } = real;
    const [client, server] = await real.pair();
    const buffer = new Uint8Array(16);
    assertEquals(server.tryRead(buffer), WouldBlock);

    const { waker, count } = countingWaker();
    reactor.setWaker(server.token, READABLE, waker);
    assertEquals(client.tryWrite(bytes("hello")), 5);
    assertEquals(await reactor.wait(FOR_EVER), 1);
    assertEquals(count.wakes, 1);
    assertEquals(server.tryRead(buffer), 5);
    assertEquals(textOf(buffer.subarray(0, 5)), "hello");
    assertEquals(server.tryRead(buffer), WouldBlock); // drained: wait again
    await real.close(client, server);
  });
}

for (const [driver, makeDriver] of DRIVERS) {
  Deno.test(`lesson 08.1 · ${driver}: the end of a stream is readable, too: a read of no bytes`, async () => {
    const real = new RealReactor(makeDriver);
    const [client, server] = await real.pair();
    const buffer = new Uint8Array(16);
    assertEquals(server.tryRead(buffer), WouldBlock);
    real.reactor.setWaker(server.token, READABLE, countingWaker().waker);
    client.close();
    assertEquals(await real.reactor.wait(FOR_EVER), 1);
    assertEquals(server.tryRead(buffer), 0);
    await real.close(server);
  });
}

for (const [driver] of DRIVERS) {
  Deno.test(`lesson 08.2 · ${driver}: a reactor that waits sleeps: an idle second costs next to no CPU time`, async () => {
    const { stdout } = await runDeno(
      ["--allow-net", "--allow-ffi"],
      "tests/lessons/idle_reactor.ts",
      {
        args: [driver],
      },
    );
    const report: IdleReport = JSON.parse(stdout);
    show(`${driver}: idle for ${report.elapsed | 0} ms, CPU time ${report.cpu.toFixed(1)} ms`);
    assertEquals([report.events, report.wakes], [0, 0]);
    assertGreaterOrEqual(report.elapsed, 1000);
    assertLess(report.cpu, 100);
  });
}

/**
 * An echo server of a reactor and a map: tokens to connections. Whoever becomes readable leaves its
 * token in `ready`; one turn serves those, and waits again.
 */
class EchoServer {
  readonly reactor: Reactor;
  readonly listener: ListenerSource;
  readonly connections = new Map<Token, StreamSource>();
  closed = 0;
  #ready: Token[] = [];
  #buffer = new Uint8Array(1024);

  constructor(driver: Driver) {
    this.reactor = new Reactor(driver);
    this.listener = this.reactor.listen({ transport: "tcp", host: "127.0.0.1", port: 0 });
    this.#accept();
  }

  async turn(): Promise<void> {
    await this.reactor.wait(FOR_EVER);
    for (const token of this.#ready.splice(0)) {
      const connection = this.connections.get(token);
      if (connection === undefined) this.#accept();
      else this.#echo(connection);
    }
  }

  close(): void | Promise<void> {
    this.listener.close();
    return this.reactor.close();
  }

  #accept(): void {
    for (;;) {
      const connection = this.listener.tryAccept();
      if (connection === WouldBlock) return this.#watch(this.listener.token);
      this.connections.set(connection.token, connection);
      this.#echo(connection);
    }
  }

  #echo(connection: StreamSource): void {
    for (;;) {
      const n = connection.tryRead(this.#buffer);
      if (n === WouldBlock) return this.#watch(connection.token);
      if (n === 0) return this.#bury(connection);
      const sent = connection.tryWrite(this.#buffer.subarray(0, n));
      assertEquals(sent, n); // one short line at a time; more would need a buffer of its own
    }
  }

  #watch(token: Token): void {
    this.reactor.setWaker(token, READABLE, callbackWaker(() => this.#ready.push(token)));
  }

  #bury(connection: StreamSource): void {
    this.connections.delete(connection.token);
    connection.close();
    this.closed++;
  }
}

for (const [driver, makeDriver] of DRIVERS) {
  Deno.test(`lesson 08.3 · ${driver}: an echo server of a reactor and a map from tokens, without an executor`, async () => {
    const server = new EchoServer(makeDriver());
    const { host: hostname, port } = server.listener.localAddr as TcpAddress;
    const lines = ["one", "two", "three"];
    const clients = await Promise.all(lines.map(() => Deno.connect({ hostname, port })));
    while (server.connections.size < 3) await server.turn();
    assertEquals(server.reactor.size, 4); // three connections and the listener
    const tokens = new Set([server.listener.token, ...server.connections.keys()]);
    assertEquals(tokens.size, 4);

    const answers = Promise.all(clients.map((client, i) => exchange(client, lines[i])));
    while (server.closed < 3) await server.turn();
    assertEquals(await answers, lines);
    assertEquals([server.connections.size, server.reactor.size], [0, 1]);
    await server.close();
    assertEquals(server.reactor.size, 0);
  });
}

for (const [driver, makeDriver] of DRIVERS) {
  Deno.test(`lesson 08.4 · ${driver}: a waker is used once: who wants to be woken again must say so again`, async () => {
    const real = new RealReactor(makeDriver);
    const [client, server] = await real.pair();
    const buffer = new Uint8Array(16);
    const { waker, count } = countingWaker();
    assertEquals(server.tryRead(buffer), WouldBlock);
    real.reactor.setWaker(server.token, READABLE, waker);
    for (let message = 1; message <= 2; message++) {
      await real.write(client, bytes("!"));
      while (server.tryRead(buffer) === WouldBlock) await real.reactor.wait(1);
    }
    assertEquals(count.wakes, 1); // by the first message; the second one found nobody waiting
    await real.close(client, server);
  });
}

for (const [driver, makeDriver] of DRIVERS) {
  Deno.test(`lesson 08.4 · ${driver}: the reactor wakes and does not read: the bytes wait for whoever asks`, async () => {
    const real = new RealReactor(makeDriver);
    const [client, server] = await real.pair();
    const buffer = new Uint8Array(16);
    const log: string[] = [];
    assertEquals(server.tryRead(buffer), WouldBlock);
    real.reactor.setWaker(server.token, READABLE, callbackWaker(() => log.push("woken")));
    await real.write(client, bytes("hello"));
    while (log.length === 0) await real.reactor.wait(FOR_EVER);
    assertEquals(log, ["woken"]);
    assert(buffer.every((byte) => byte === 0)); // the reactor has not touched it
    assertEquals(server.tryRead(buffer), 5);
    await real.close(client, server);
  });
}
