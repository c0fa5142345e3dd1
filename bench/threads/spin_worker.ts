/** Computes as the pools do, without one: what the machine itself gives two threads just now. */
/// <reference lib="deno.worker" />
import { compute } from "./tasks.ts";
self.onmessage = ({ data }: MessageEvent<number>) => self.postMessage(compute.run(data));
