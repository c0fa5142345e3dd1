/** A thread that is handed two shared buffers, writes into one and unparks through the other. */
/// <reference lib="deno.worker" />
import { Parker } from "../../runtime/threads/parker.ts";

self.onmessage = (
  { data }: MessageEvent<{ answer: SharedArrayBuffer; parker: SharedArrayBuffer }>,
) => {
  Atomics.store(new Int32Array(data.answer), 0, 42);
  new Parker(data.parker).waker().wake();
};
self.postMessage("ready");
