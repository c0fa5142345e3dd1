/**
 * A program that does to the epoll driver what could make it lose a descriptor, and prints how many
 * each of these has lost, as JSON. A process of its own, since descriptors are counted by process.
 */

import { noopWaker, type Source, WouldBlock } from "wakeful/runtime";
import { AF_INET, SOCK_STREAM } from "../../runtime/reactor/epoll/libc.ts";
import { type Pollable, Poller } from "../../runtime/reactor/epoll/poller.ts";
import { newSocket } from "../../runtime/reactor/epoll/socket.ts";
import { epollReactor, libc, openDescriptors } from "./epoll.ts";
import type { RealReactor } from "./real_reactor.ts";

/** What the program prints: descriptors lost by scenario, and what late events have met. */
export interface DescriptorReport {
  readonly lost: Record<string, number>;
  readonly reuse: { sameNumber: boolean; lateEvents: number; ownEvents: number };
}

/** Deno opens a pair of sockets of its own at some time: what is lost must be lost each time. */
const TIMES = 20;
const LOOPBACK = { transport: "tcp", host: "127.0.0.1" } as const;

type Scenario = (real: RealReactor) => void | Promise<void>;

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "connections that end": async (real) => {
    const [client, server] = await real.pair();
    client.close();
    await real.readAll(server);
    server.close();
  },
  "resets with unread bytes": async (real) => {
    const [client, server] = await real.pair();
    await real.write(client, new Uint8Array(10));
    server.close();
    await real.read(client).catch(() => {});
    client.close();
  },
  "half-closes": async (real) => {
    const [client, server] = await real.pair();
    client.tryShutdown();
    await real.readAll(server);
    server.tryShutdown();
    await real.readAll(client);
    for (const stream of [client, server]) stream.close();
  },
  "connects given up": (real) => real.reactor.connect(real.listener.localAddr).close(),
  "names given up": (real) =>
    real.reactor.connect({ ...LOOPBACK, host: "localhost", port: 1 }).close(),
  "connects refused": async (real) => {
    const attempt = real.reactor.connect({ ...LOOPBACK, port: 1 });
    await real.connected(attempt).catch(() => {});
    attempt.close();
  },
  "connects to paths that are not there": (real) => {
    const attempt = real.reactor.connect({ transport: "unix", path: "/nowhere/at all" });
    attempted(() => attempt.tryConnect());
    attempt.close();
  },
  "binds that fail": (real) => {
    const { reactor, listener } = real;
    attempted(() => reactor.listen(listener.localAddr));
    attempted(() => reactor.listen({ transport: "unix", path: "/nowhere/at all" }));
    attempted(() => reactor.bindUdp({ transport: "udp", host: "192.0.2.1", port: 0 }));
  },
  "clients that nobody accepts": (real) => {
    const listener = real.reactor.listen({ ...LOOPBACK, port: 0 });
    const client = real.reactor.connect(listener.localAddr);
    listener.close();
    client.close();
  },
  "datagram sockets": (real) =>
    real.reactor.bindUdp({ transport: "udp", host: "127.0.0.1", port: 0 }).close(),
  "reactors, closed at rest": async () => {
    const other = epollReactor();
    other.reactor.setWaker(other.listener.token, 1, noopWaker());
    const waiting = other.reactor.wait(20);
    await Promise.race([waiting, new Promise((done) => setTimeout(done, 1))]);
    await other.close();
  },
  "descriptors that cannot be watched": () => {
    const poller = new Poller();
    const fd = newSocket(AF_INET, SOCK_STREAM);
    const make = (generation: number): Pollable => ({ generation, onEvents: () => {} });
    poller.add(fd, make);
    try {
      poller.add(fd, make); // it is watched already: refused, and closed
    } catch {
      // as it should
    }
    poller.end();
  },
};

function attempted(attempt: () => Source | typeof WouldBlock): void {
  try {
    const source = attempt();
    if (source !== WouldBlock) source.close();
  } catch {
    // that is the scenario
  }
}

async function lostBy(scenario: Scenario): Promise<number> {
  const real = epollReactor();
  await scenario(real); // whatever is opened once and for all
  await real.reactor.wait(1);
  await drainBacklog(real);
  const before = openDescriptors();
  for (let i = 0; i < TIMES; i++) await scenario(real);
  await real.reactor.wait(1);
  await drainBacklog(real);
  const lost = Math.trunc((openDescriptors() - before) / TIMES);
  await real.close();
  return lost;
}

async function drainBacklog(real: RealReactor): Promise<void> {
  for (;;) {
    const stream = real.listener.tryAccept();
    if (stream === WouldBlock) return;
    stream.close();
    await real.reactor.wait(1);
  }
}

/** A wait brings an event for a descriptor that is closed, and whose number is another's by then. */
async function reuse(): Promise<DescriptorReport["reuse"]> {
  const poller = new Poller();
  const events: Record<string, number> = { old: 0, young: 0 };
  const listenAs = (name: string) => {
    const fd = newSocket(AF_INET, SOCK_STREAM);
    libc.listen(fd, 1); // it gets a port by itself
    return poller.add(fd, (generation) => ({ generation, fd, onEvents: () => events[name]++ }));
  };
  const event = () => poller.wait(1000);
  const old = listenAs("old");
  libc.shutdown(old.fd, 2);
  await event(); // told, and not yet handed out
  poller.close(old.fd);
  const young = listenAs("young");
  poller.collect(0);
  const lateEvents = events.young;
  libc.shutdown(young.fd, 2);
  await event();
  poller.collect(0);
  const report = { sameNumber: old.fd === young.fd, lateEvents, ownEvents: events.young };
  poller.close(young.fd);
  poller.end();
  return report;
}

if (import.meta.main) {
  const lost: Record<string, number> = {};
  for (const [name, scenario] of Object.entries(SCENARIOS)) lost[name] = await lostBy(scenario);
  console.log(JSON.stringify({ lost, reuse: await reuse() } satisfies DescriptorReport));
  Deno.exit();
}
