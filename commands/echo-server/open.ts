import type { Address, Co, Logger } from "../../runtime/mod.ts";
import type { Listener, Stream } from "../../net/mod.ts";
import { listen } from "../cli/listen.ts";
import type { EchoOptions } from "./command.ts";
import { EchoServer } from "./server.ts";
import type { Service } from "./service.ts";
import { EchoThreads } from "./threads.ts";

/**
 * Listens as the options say, on this operating system.
 *
 * @throws {CommandError} when that cannot be
 */
export function* open(options: EchoOptions, log: Logger, os: string): Co<Service> {
  if (options.threads > 1) return yield* EchoThreads.open(options, log, os);
  return new OneThread(yield* listen(options), new EchoServer(options, log));
}

class OneThread implements Service {
  readonly #listener: Listener<Stream>;
  readonly #server: EchoServer;

  constructor(listener: Listener<Stream>, server: EchoServer) {
    this.#listener = listener;
    this.#server = server;
  }

  get localAddr(): Address {
    return this.#listener.localAddr;
  }

  serve(): Co<never> {
    return this.#server.serve(this.#listener);
  }

  drain(): Co<void> {
    this.#listener.close();
    return this.#server.drain();
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }
}
