import type { Address, Co, Logger } from "../../runtime/mod.ts";
import type { Listener, Stream } from "../../net/mod.ts";
import { listen } from "../cli/listen.ts";
import { ChatThreads } from "./chat_threads.ts";
import type { ChatOptions } from "./command.ts";
import type { Journal } from "./journal.ts";
import type { LedgerFigures } from "./ledger.ts";
import { ChatServer } from "./server.ts";
import type { Service } from "./service.ts";

/** What a chat server speaks to. */
export interface Records {
  readonly log: Logger;
  readonly journal: Journal;
}

/**
 * Listens as the options say, on this operating system.
 *
 * @throws {CommandError} when that cannot be
 */
export function* open(options: ChatOptions, { log, journal }: Records, os: string): Co<Service> {
  if (options.threads > 1) return yield* ChatThreads.open(options, { log, journal }, os);
  return new OneThread(yield* listen(options), new ChatServer(options, log, journal));
}

class OneThread implements Service {
  readonly #listener: Listener<Stream>;
  readonly #server: ChatServer;
  readonly #running: Disposable;

  constructor(listener: Listener<Stream>, server: ChatServer) {
    this.#listener = listener;
    this.#server = server;
    this.#running = server.start();
  }

  get localAddr(): Address {
    return this.#listener.localAddr;
  }

  get ledger(): LedgerFigures {
    return this.#server.ledger;
  }

  serve(): Co<never> {
    return this.#server.serve(this.#listener);
  }

  ordered(): Co<string> {
    return this.#server.ordered();
  }

  drain(reason: string): Co<void> {
    this.#listener.close();
    return this.#server.drain(reason);
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    this.#running[Symbol.dispose]();
  }
}
