import { type Logger, now } from "../../runtime/mod.ts";

const WARNING_INTERVAL_MS = 1_000;

/** Warns of the limit of connections, once a second at most. */
export class LimitWarning {
  readonly #limit: number;
  readonly #log: Logger;
  #warnedAt = -Infinity;

  constructor(limit: number, log: Logger) {
    this.#limit = limit;
    this.#log = log;
  }

  warn(consequence: string): void {
    if (now() < this.#warnedAt + WARNING_INTERVAL_MS) return;
    this.#warnedAt = now();
    this.#log.warn(`at the limit of ${this.#limit} connections: ${consequence}`);
  }
}
