/** A thread that sends numbers through a channel whose ticket it is handed. */
/// <reference lib="deno.worker" />
import { blockOn, type SenderTicket, SharedSender } from "wakeful/runtime";

const BATCH = 1000;

self.onmessage = ({ data }: MessageEvent<{ ticket: SenderTicket; count: number }>) =>
  blockOn(function* () {
    using sender = new SharedSender<number>(data.ticket);
    for (let n = 0; n < data.count; n += BATCH) {
      const length = Math.min(BATCH, data.count - n);
      yield* sender.sendAll(Array.from({ length }, (_, i) => n + i));
    }
  });
