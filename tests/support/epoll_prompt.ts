/**
 * A program that measures how long signals, timers and promises of the platform wait for a runtime
 * that is idle, or that is never idle; as JSON, in milliseconds. Argument: `idle` or `busy`.
 */

import {
  type Co,
  epollDriver,
  fromPromise,
  Runtime,
  Signal,
  sleep,
  spawn,
  yieldNow,
} from "wakeful/runtime";
import { connected } from "../net/family.ts";
import { overTcp } from "../net/over_tcp.ts";

/** What the program prints: the usual wait for each. */
export interface PromptReport {
  readonly signal: number;
  readonly timer: number;
  readonly promise: number;
  readonly bytes: number;
}

const ROUNDS = 7;
const DELAY_MS = 20;
/** What one poll of a busy task takes. */
const WORK_MS = 0.2;

function* busy(): Co<never> {
  for (;;) {
    const end = performance.now() + WORK_MS;
    while (performance.now() < end);
    yield* yieldNow();
  }
}

/** The median of some waits: each tells when it was due. */
function* usual(wait: () => Co<number>): Co<number> {
  const late: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const due = yield* wait();
    late.push(performance.now() - due);
  }
  return late.toSorted((a, b) => a - b)[ROUNDS >> 1];
}

function* timer(): Co<number> {
  const due = performance.now() + DELAY_MS;
  yield* sleep(DELAY_MS);
  return due;
}

function* promise(): Co<number> {
  return yield* fromPromise(
    () => new Promise<number>((resolve) => setTimeout(() => resolve(performance.now()), DELAY_MS)),
  );
}

function* measure(load: boolean): Co<PromptReport> {
  if (load) spawn(busy);
  using hangup = new Signal("SIGHUP");
  function* signal(): Co<number> {
    const due = performance.now();
    Deno.kill(Deno.pid, "SIGHUP");
    yield* hangup.receive();
    return due;
  }
  const report = { signal: 0, timer: 0, promise: 0, bytes: 0 };
  report.signal = yield* usual(signal);
  report.timer = yield* usual(timer);
  report.promise = yield* usual(promise);
  using family = overTcp();
  yield* connected(family, function* (client, server) {
    report.bytes = yield* usual(function* () {
      const due = performance.now();
      yield* client.writeAll(new Uint8Array(1));
      yield* server.readExact(new Uint8Array(1));
      return due;
    });
  });
  return report;
}

if (import.meta.main) {
  const runtime = Runtime.builder().driver(epollDriver).enableAll().build();
  console.log(JSON.stringify(await runtime.blockOn(() => measure(Deno.args[0] === "busy"))));
  Deno.exit();
}
