import {
  type Context,
  type Future,
  Pending,
  type Poll,
  pollFn,
  TimedOut,
} from "../../../runtime/mod.ts";
import type { AsyncWrite } from "../../bytes/async_write.ts";
import type { Patience } from "./patience.ts";

/** Writes to a client for as long as that goes on taking something. */
export class PatientWriter {
  /** Whether a write has failed: then the client is gone, or as good as that. */
  broken = false;
  #writer: AsyncWrite;
  #patience: Patience;
  #timeout: number;

  /** @param timeout how long the client may take nothing, in milliseconds */
  constructor(writer: AsyncWrite, patience: Patience, timeout: number) {
    this.#writer = writer;
    this.#patience = patience;
    this.#timeout = timeout;
  }

  /**
   * Writes all of it.
   *
   * Cancel safety: not safe; dropped, it has written some.
   *
   * @throws {TimedOut} when the client took nothing for too long; otherwise as the writer
   */
  write(bytes: Uint8Array): Future<void> {
    let rest = bytes;
    let waiting = false;
    return pollFn((cx) => {
      while (rest.length > 0) {
        const n = this.#pollWrite(cx, rest, waiting);
        waiting = n === Pending;
        if (n === Pending) return Pending;
        rest = rest.subarray(n);
      }
    });
  }

  #pollWrite(cx: Context, bytes: Uint8Array, waiting: boolean): Poll<number> {
    try {
      const n = this.#writer.pollWrite(cx, bytes);
      if (n !== Pending) {
        if (waiting) this.#patience.end();
        return n;
      }
      if (!waiting) this.#patience.begin(this.#timeout);
      if (this.#patience.pollPassed(cx)) throw new TimedOut(this.#timeout, "room for an answer");
      return Pending;
    } catch (error) {
      this.broken = true;
      throw error;
    }
  }
}
