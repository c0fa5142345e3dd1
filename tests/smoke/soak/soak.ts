import { type Co, epollDriver, joinAll, Runtime, spawn, stream } from "wakeful/runtime";
import { TcpStream } from "wakeful/net";
import { ServerProcess } from "../tool_process.ts";
import { type Census, takeCensus } from "./census.ts";
import { client } from "./clients.ts";
import type { SoakOptions } from "./options.ts";

/** How many of those that come and go are there at a time. */
const ROUND = 50;
/** How many of those that stay are connecting at a time. */
const CONNECTING = 200;
/** Deno opens a pair of sockets of its own, once, at some time. */
const DENOS_OWN = 2;
/** How long the server may take to notice that everybody has gone. */
const SETTLE_MS = 10_000;
/** How much larger the server may become in the second half of the time than in the first. */
const MOST_GROWTH = 1.15;
/** Memory goes up and down with the garbage collector: a shorter time says nothing about it. */
const TELLING_MS = 60_000;
const HELLO = new TextEncoder().encode("hello\n");
const MIB = 2 ** 20;

/**
 * Waves of clients against an echo server of its own, until the time is up; then what has been
 * lost, line by line: none when all is well.
 */
export async function soak(options: SoakOptions, tell: (line: string) => void): Promise<string[]> {
  await using server = new ServerProcess("echo-server", ...flags(options));
  const port = Number(await server.listening());
  const before = await takeCensus(server.pid, Infinity, 0);
  const runtime = Runtime.builder().driver(epollDriver).enableAll().build();
  const waves: Census[] = [];
  let clients = 0;
  for (const end = performance.now() + options.duration; performance.now() < end;) {
    await runtime.blockOn(() => wave(port, options, clients));
    clients += options.connections + ROUND * options.rounds;
    waves.push(await takeCensus(server.pid, before.descriptors + DENOS_OWN, SETTLE_MS));
    const { descriptors, residentBytes } = waves.at(-1)!;
    const more = descriptors - before.descriptors;
    tell(`${clients} clients: ${more} more descriptors, ${(residentBytes / MIB).toFixed(1)} MiB`);
  }
  await runtime.close();
  server.signal("SIGTERM");
  const exitCode = await server.exitCode();
  const { tasks, timers, registrations } = runtime.statistics();
  return [
    ...lostDescriptors(before, waves.at(-1)!),
    ...(options.duration < TELLING_MS ? [] : grownMemory(waves)),
    ...(exitCode === 0 ? [] : [`the server's exit code was ${exitCode}`]),
    ...(tasks + timers + registrations === 0 ? [] : ["the clients' runtime has something left"]),
  ];
}

function flags({ connections, driver, threads }: SoakOptions): string[] {
  const most = connections + 2 * ROUND;
  const limits = ["--idle-timeout", "off", "--max-connections", `${most}`];
  return ["--port", "0", "--driver", driver, "--threads", `${threads}`, ...limits];
}

/** Some clients stay while others come and go; then they go too, half of them by a reset. */
function* wave(port: number, { connections, rounds }: SoakOptions, first: number): Co<void> {
  const staying = yield* stream.from(Array.from({ length: connections }))
    .map(() => TcpStream.connect({ port }))
    .bufferUnordered(CONNECTING)
    .collect();
  for (let round = 0; round < rounds; round++) {
    const numbers = Array.from({ length: ROUND }, (_, i) => first + ROUND * round + i);
    yield* joinAll(numbers.map((n) => spawn(() => client(n, port))));
  }
  for (const [i, one] of staying.entries()) {
    yield* one.writeAll(HELLO);
    // A connection that is closed with bytes unread is reset by the system.
    if (i % 2 === 0) yield* one.readExact(new Uint8Array(HELLO.length));
    else yield* one.fill();
    one.close();
  }
}

function lostDescriptors(before: Census, last: Census): string[] {
  const lost = last.descriptors - before.descriptors;
  return lost > DENOS_OWN ? [`${lost} descriptors were lost`] : [];
}

/** Compares the most of the second half with the most of the first. */
function grownMemory(waves: readonly Census[]): string[] {
  const sizes = waves.map(({ residentBytes }) => residentBytes);
  const half = Math.ceil(sizes.length / 2);
  const growth = Math.max(...sizes.slice(half)) / Math.max(...sizes.slice(0, half));
  return growth > MOST_GROWTH ? [`the memory grew ${growth.toFixed(2)} times half by half`] : [];
}
