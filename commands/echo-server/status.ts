import { type Co, Coroutine, type Future, Notify, race, sleep } from "../../runtime/mod.ts";
import type { Stream } from "../../net/mod.ts";

/** The status line as every client gets it. */
export function statusLine(connections: number): string {
  return `Server status: ${connections} active connections\n`;
}

/** Tells every client, from time to time, how many there are. */
export class StatusBoard {
  #due = new Notify();
  #count: () => number;

  constructor(count: () => number) {
    this.#count = count;
  }

  /** Makes the line due every `interval` milliseconds, for ever. */
  *run(interval: number): Co<never> {
    for (;;) {
      yield* sleep(interval);
      this.#due.notifyAll();
    }
  }

  /** Receives from `stream` as `fill` does, and sends it the line whenever that is due. */
  fill(stream: Stream): Future<Uint8Array> {
    return new Coroutine(this.#fillAndTell(stream));
  }

  *#fillAndTell(stream: Stream): Co<Uint8Array> {
    for (;;) {
      const chunk = yield* race<Uint8Array | void>(stream.fill(), this.#due.notified());
      if (chunk !== undefined) return chunk;
      const line = new TextEncoder().encode(statusLine(this.#count()));
      yield* stream.writeAll(line);
    }
  }
}
