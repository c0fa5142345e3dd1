import type { MessagePort } from "node:worker_threads";
import { currentLoop } from "../core/context.ts";
import { denoDriver } from "../reactor/deno/driver.ts";
import { Runtime } from "../runtime.ts";
import { describeFailure } from "./failure.ts";
import type { PoolMessage } from "./messages.ts";
import type { PoolTicket } from "./pool_layout.ts";
import { PoolMemory } from "./pool_memory.ts";
import { PoolWorker } from "./pool_worker.ts";

/** What a thread of a pool begins with. */
export interface PoolStart {
  readonly role: "pool";
  readonly ticket: PoolTicket;
  readonly seat: number;
}

/** Works on this thread until the pool closes: a runtime of its own, whose first task does it. */
export async function workInPool({ ticket, seat }: PoolStart, port: MessagePort): Promise<void> {
  // Deno 2.6 does not tell the other side what a thread has died of.
  const tell = (error: unknown) =>
    port.postMessage({ kind: "dying", failure: describeFailure(error) } satisfies PoolMessage);
  addEventListener("error", ({ error }) => tell(error));
  addEventListener("unhandledrejection", ({ reason }) => tell(reason));

  // Whatever WAKEFUL_DRIVER says: such a thread computes, and rests in its own way.
  const runtime = Runtime.builder().driver(denoDriver).enableAll().threadName(`pool-${seat}`)
    .build();
  await runtime.blockOn(function* () {
    const send = (message: PoolMessage, items: readonly Transferable[] = []) =>
      port.postMessage(message, [...items] as []);
    const worker = new PoolWorker(new PoolMemory(ticket), seat, currentLoop(), send);
    port.on("message", (message: PoolMessage) => worker.receive(message));
    yield* worker.work();
  });
  await runtime.close();
  port.unref(); // nothing is left that keeps this thread
}
