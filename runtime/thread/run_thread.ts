import type { MessagePort } from "node:worker_threads";
import type { RuntimeBuilder } from "../builder.ts";
import { DRIVERS } from "../drivers.ts";
import { Runtime } from "../runtime.ts";
import { answered } from "../threads/answered.ts";
import { cloneFor } from "../threads/crossing.ts";
import { describeFailure } from "../threads/failure.ts";
import { importPortable } from "../threads/portable.ts";
import { sharedChannel } from "../threads/shared_channel.ts";
import { SharedSender } from "../threads/shared_sender.ts";
import type { FromThread, ThreadStart, ToThread } from "./messages.ts";
import { ThreadSelf } from "./thread_self.ts";

/**
 * Runs the function that this thread was started for, and tells the owner how it ended; not before
 * its runtime is closed.
 */
export async function runThread(start: ThreadStart, port: MessagePort): Promise<void> {
  const tell = (message: FromThread, items: readonly Transferable[] = []) =>
    port.postMessage(message, [...items] as []);
  const inbox = sharedChannel<unknown>({ capacity: start.capacity });
  const self = new ThreadSelf(start.name, inbox, new SharedSender(start.outbox));
  const over = Promise.withResolvers<void>();
  port.on("message", (message: ToThread) => message.kind === "over" && over.resolve());
  try {
    const crash = firstCrash();
    const run = await importPortable(start.task);
    await using runtime = await makeRuntime(start);
    const body = runtime.spawn(() => answered(run(self, ...start.args)), { name: "main" });
    port.on("message", (message: ToThread) => {
      if (message.kind === "stop") self.stopping.cancel(message.reason);
      if (message.kind === "abort") body.abort(message.reason);
    });
    const ticket = inbox.ticket();
    tell({ kind: "begun", inbox: ticket }, [ticket.port]);
    const value = await Promise.race([body, crash]);
    await runtime.close();
    self.close();
    tell({ kind: "value", value: cloneFor(value, "the result").copy });
  } catch (error) {
    self.close();
    tell({ kind: "failure", failure: describeFailure(error) });
  }
  await over.promise;
  port.unref(); // nothing is left that keeps this thread
}

async function makeRuntime({ name, driver, prepare, args }: ThreadStart): Promise<Runtime> {
  const builder: RuntimeBuilder<Runtime> = Runtime.builder().enableAll().threadName(name);
  if (driver !== undefined) builder.driver(DRIVERS[driver]);
  if (prepare !== undefined) (await importPortable(prepare))(builder, ...args);
  return builder.build();
}

/**
 * Rejects with the first error that nobody has caught. Left to the platform it would end this thread
 * on the spot, with everything open that it has open.
 */
function firstCrash(): Promise<never> {
  return new Promise((_, reject) => {
    addEventListener("error", (event) => {
      event.preventDefault();
      reject(event.error);
    });
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      reject(event.reason);
    });
  });
}
