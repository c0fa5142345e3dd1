import { Worker } from "node:worker_threads";
import { reviveFailure } from "./failure.ts";
import type { PoolMessage } from "./messages.ts";
import type { PoolTicket } from "./pool_layout.ts";

/** Whom a thread tells what. */
export interface ThreadOwner {
  receive(message: PoolMessage): void;
  /** The thread has ended; with the error that ended it, if one did. */
  ended(error: unknown): void;
}

/**
 * One thread of a pool. It keeps the process alive only while the pool has something to do.
 *
 * Node's face of a Worker is used, since the platform's own does not tell of its end, and keeps the
 * process alive as long as it lives.
 */
export class PoolThread {
  #worker: Worker;
  #error: unknown;

  constructor(ticket: PoolTicket, seat: number, owner: ThreadOwner) {
    this.#worker = new Worker(new URL("./worker_main.ts", import.meta.url), {
      workerData: { role: "pool", ticket, seat },
    });
    this.#worker.unref();
    this.#worker.on("message", (message: PoolMessage) => {
      if (message.kind === "dying") this.#error = reviveFailure(message.failure);
      else owner.receive(message);
    });
    this.#worker.on("error", (error: unknown) => this.#error ??= error);
    this.#worker.on("exit", () => owner.ended(this.#error));
  }

  send(message: PoolMessage, items: readonly Transferable[] = []): void {
    this.#worker.postMessage(message, [...items] as []);
  }

  keepAlive(yes: boolean): void {
    if (yes) this.#worker.ref();
    else this.#worker.unref();
  }

  /** Ends it, whatever it does. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}
