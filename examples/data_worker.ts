/**
 * One of the data server's worker threads: it decodes requests, thinks about each for a second, and
 * answers. All requests that it has are thought about at once: each is a task. With no request the
 * thread rests and uses no CPU.
 */
/// <reference lib="deno.worker" />

import {
  blockOn,
  type Co,
  End,
  type SenderTicket,
  sharedChannel,
  SharedSender,
  sleep,
  spawn,
} from "wakeful/runtime";
import { decodeMessage, encodeFrame } from "./data_protocol.ts";

/** A request on its way to a worker: whose it is, and its bytes. */
export type Request = readonly [connection: number, message: Uint8Array];
/** What the worker has made of it: a frame to send, or why it could not. */
export type Answer = readonly [connection: number, frame: Uint8Array | string];

/** What a worker is told first: where its answers go, and how long to think. */
export interface Start {
  readonly answers: SenderTicket;
  readonly thinkMs: number;
}

const MOST_AT_ONCE = 256;

function* think([connection, bytes]: Request, thinkMs: number): Co<Answer> {
  try {
    const { field1, field2 } = decodeMessage(bytes);
    yield* sleep(thinkMs);
    return [connection, encodeFrame({ field1, field2, field3: "Hello, client!" })];
  } catch (error) {
    return [connection, error instanceof Error ? error.message : String(error)];
  }
}

function* work({ answers, thinkMs }: Start): Co<void> {
  using requests = sharedChannel<Request>({ capacity: 1 << 20 });
  using sender = new SharedSender<Answer>(answers);
  const ticket = requests.ticket();
  self.postMessage(ticket, [ticket.port]);
  for (;;) {
    const some = yield* requests.recvMany(MOST_AT_ONCE);
    if (some === End) return;
    for (const request of some) {
      spawn(function* () {
        yield* sender.send(yield* think(request, thinkMs));
      });
    }
  }
}

self.onmessage = async ({ data }: MessageEvent<Start>) => {
  await blockOn(() => work(data));
  self.close();
};
