/** What runs on the second thread of lessons 03 and 05. */
/// <reference lib="deno.worker" />

import { Parker } from "wakeful/runtime";
import type { Errand } from "./second_thread.ts";

const ANSWER = 42;

self.onmessage = ({ data }: MessageEvent<Errand>) => {
  Atomics.store(new Int32Array(data.answer), 0, ANSWER);
  new Parker(data.parker).waker().wake();
};
self.postMessage("started");
