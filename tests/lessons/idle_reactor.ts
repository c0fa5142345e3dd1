/**
 * The program of lesson 08.2: a reactor that waits a second for a client who never comes. It prints
 * what the second has cost. A process of its own, since CPU time is counted by process. Argument:
 * the driver.
 */

import process from "node:process";
import { countingWaker, denoDriver, epollDriver, Reactor, READABLE } from "wakeful/runtime";

/** What the program prints, as JSON. */
export interface IdleReport {
  readonly elapsed: number;
  readonly events: number;
  readonly wakes: number;
  /** Milliseconds of CPU time, user's and system's. */
  readonly cpu: number;
}

const IDLE_MS = 1000;
const MICROSECONDS_PER_MS = 1000;

if (import.meta.main) {
  const reactor = new Reactor(Deno.args[0] === "epoll" ? epollDriver() : denoDriver());
  const listener = reactor.listen({ transport: "tcp", host: "127.0.0.1", port: 0 });
  const { waker, count } = countingWaker();
  listener.tryAccept();
  reactor.setWaker(listener.token, READABLE, waker);
  const [begin, before] = [performance.now(), process.cpuUsage()];
  const events = await reactor.wait(IDLE_MS);
  const { user, system } = process.cpuUsage(before);
  const elapsed = performance.now() - begin;
  const cpu = (user + system) / MICROSECONDS_PER_MS;
  const { wakes } = count; // before the close, which wakes whoever waits
  listener.close();
  await reactor.close();
  console.log(JSON.stringify({ elapsed, events, wakes, cpu } satisfies IdleReport));
}
