/** The trivial task by plain messages: one there, one back. */
/// <reference lib="deno.worker" />
self.onmessage = ({ data }: MessageEvent<number>) => self.postMessage(data + 1);
