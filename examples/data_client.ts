/**
 * Sends requests to `data_server.ts`, all at once, and counts the answers.
 *
 *   deno run --allow-net examples/data_client.ts 7070 --requests 4000
 *
 * The requests go over a thousand connections at most, several on each if there are more of them.
 * Every answer takes the server a second; all of them together take little longer.
 */

import { blockOn, type Co, End, joinAll, now } from "wakeful/runtime";
import { TcpStream } from "wakeful/net";
import { decodeMessage, encodeFrame, readFrame } from "./data_protocol.ts";

const DEFAULT_PORT = 7070;
const DEFAULT_REQUESTS = 4_000;
const MOST_REQUESTS = 1_000_000;
const MOST_CONNECTIONS = 1_000;
const HIGHEST_PORT = 65_535;
const ANSWER = "Hello, client!";

/** Sends `count` requests over one connection; answers how many came back as they should. */
function* ask(port: number, first: number, count: number): Co<number> {
  using stream = yield* TcpStream.connect({ host: "127.0.0.1", port });
  stream.setNoDelay(true);
  for (let i = 0; i < count; i++) {
    yield* stream.writeAll(
      encodeFrame({ field1: first + i, field2: i & 0xff, field3: "Hello, server!" }),
    );
  }
  yield* stream.shutdown();
  const missing = new Set(Array.from({ length: count }, (_, i) => first + i));
  let good = 0;
  for (;;) {
    const bytes = yield* readFrame(stream);
    if (bytes === End) return good;
    const { field1, field3 } = decodeMessage(bytes);
    if (missing.delete(field1) && field3 === ANSWER) good++;
  }
}

/** Sends `requests` at once; answers how many were answered, and in how many milliseconds. */
export function* dataClient(port: number, requests: number): Co<[answered: number, ms: number]> {
  const begin = now();
  const connections = Math.min(requests, MOST_CONNECTIONS);
  const each = Math.ceil(requests / connections);
  const asks = [];
  for (let first = 0; first < requests; first += each) {
    asks.push(ask(port, first, Math.min(each, requests - first)));
  }
  const answered = yield* joinAll(asks);
  return [answered.reduce((sum, n) => sum + n, 0), now() - begin];
}

function settingsFrom(words: readonly string[]): { port: number; requests: number } {
  const rest = [...words];
  const flag = rest.indexOf("--requests");
  const [, count = `${DEFAULT_REQUESTS}`] = flag < 0 ? [] : rest.splice(flag, 2);
  const [word = `${DEFAULT_PORT}`] = rest;
  const [port, requests] = [Number(word), Number(count)];
  if (rest.length > 1 || !/^\d+$/.test(word) || port > HIGHEST_PORT) {
    throw new RangeError(`expected a port, got "${rest.join(" ")}"`);
  }
  if (!/^\d+$/.test(count) || requests < 1 || requests > MOST_REQUESTS) {
    throw new RangeError(`expected requests from 1 to ${MOST_REQUESTS}, got "${count}"`);
  }
  return { port, requests };
}

async function main(words: readonly string[]): Promise<number> {
  try {
    const { port, requests } = settingsFrom(words);
    const [answered, ms] = await blockOn(() => dataClient(port, requests));
    console.log(`${answered} of ${requests} answered, elapsed ${(ms / 1000).toFixed(3)} s`);
    return answered === requests ? 0 : 1;
  } catch (error) {
    console.error(`data_client: ${error instanceof Error ? error.message : error}`);
    return error instanceof RangeError ? 2 : 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
