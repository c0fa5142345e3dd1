/**
 * Lesson 24, cancellation safety: what is lost when a wait is dropped half-way.
 *
 * A wait that loses a select is dropped, so whatever lies in it, and nowhere else, is gone.
 *
 * Read on in net/read_half.ts, where `read` is safe and `readExact` is not, and in
 * net/bytes/buf_reader.ts, whose `readExact` is. Every public method that waits says which it is.
 */

import {
  type Co,
  End,
  interval,
  mpsc,
  now,
  select,
  type Sender,
  sleep,
  spawn,
  UnexpectedEof,
  yieldNow,
} from "wakeful/runtime";
import { BufReader, duplex, type DuplexStream } from "wakeful/net";
import { runTest } from "wakeful/testing";
import { assertEquals, assertGreater } from "../support/assert.ts";
import { type PublicApi, publicApi, type PublicFunction } from "../support/public_api.ts";
import { show } from "./show.ts";

const FRAME_BYTES = 4;
/** The reader looks up from its frames this often; the halves of a frame come 1,000 ms apart. */
const TICK_MS = 1_400;
const ticking = () => interval(TICK_MS, { immediate: false });

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** The frames ABCD and EFGH in halves, at 1,000, 2,000, 3,000 and 4,000 ms; then the end. */
function* sendHalves(client: DuplexStream) {
  for (const half of ["AB", "CD", "EF", "GH"]) {
    yield* sleep(1_000);
    yield* client.writeAll(new TextEncoder().encode(half));
  }
  client.close();
}

/** Lets `reader` read what `sendHalves` sends. */
function readHalves<T>(reader: (server: DuplexStream) => Co<T>): Promise<T> {
  return runTest(function* () {
    const [client, server] = duplex();
    const sender = spawn(() => sendHalves(client));
    const seen = yield* reader(server);
    yield* sender;
    return seen;
  });
}

Deno.test("lesson 24.1 · readExact beside a timer loses the half frame it had when the timer won", async () => {
  const seen = await readHalves(function* (server) {
    const seen: string[] = [];
    const frame = new Uint8Array(FRAME_BYTES);
    const { key } = yield* select({ frame: () => server.readExact(frame), tick: sleep(TICK_MS) });
    seen.push(`${key} at ${now()}`);
    yield* server.readExact(frame); // a new one begins behind the bytes that the first had taken
    seen.push(textOf(frame));
    try {
      yield* server.readExact(frame);
    } catch (error) {
      if (!(error instanceof UnexpectedEof)) throw error;
      seen.push(`end after ${error.got} of ${error.wanted}`);
    }
    return seen;
  });
  show(...seen);
  assertEquals(seen, ["tick at 1400", "CDEF", "end after 2 of 4"]); // AB is lost, nothing fits any more
});

/** Reads frames without ever being interrupted, and hands them on whole. */
function* readFrames(server: DuplexStream, frames: Sender<string>) {
  using _closedAtTheEnd = frames;
  for (const frame of [new Uint8Array(FRAME_BYTES), new Uint8Array(FRAME_BYTES)]) {
    yield* server.readExact(frame);
    yield* frames.send(textOf(frame));
  }
}

const WHOLE = ["tick at 1400", "ABCD at 2000", "tick at 2800", "EFGH at 4000"];

Deno.test("lesson 24.2 · cured by a task of its own: what is selected is a channel, which is safe", async () => {
  const seen = await readHalves(function* (server) {
    const seen: string[] = [];
    const [sender, receiver] = mpsc<string>(1);
    const ticks = ticking();
    spawn(() => readFrames(server, sender));
    for (;;) {
      const { key, value } = yield* select({ frame: receiver.recv(), tick: ticks.tick() });
      if (value === End) return seen;
      seen.push(`${key === "frame" ? value : key} at ${now()}`);
    }
  });
  assertEquals(seen, WHOLE);
});

Deno.test("lesson 24.3 · cured by keeping what has come outside of the wait, across rounds", async () => {
  const seen = await readHalves(function* (server) {
    const seen: string[] = [];
    const ticks = ticking();
    const frame = new Uint8Array(FRAME_BYTES);
    for (let got = 0;;) {
      const rest = frame.subarray(got);
      const first = yield* select({ bytes: server.read(rest), tick: ticks.tick() });
      if (first.key === "tick") seen.push(`tick at ${now()}`);
      else if (first.value === 0) return seen;
      else got += first.value; // a dropped `read` has taken nothing
      if (got < FRAME_BYTES) continue;
      seen.push(`${textOf(frame)} at ${now()}`);
      got = 0;
    }
  });
  assertEquals(seen, WHOLE);
});

/** The classes that are futures, `Future` itself among them. */
function futures({ classes }: PublicApi): Set<string> {
  const found = new Set(["Future"]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const { name, base } of classes) if (found.has(base ?? "")) found.add(name);
  }
  return found;
}

/** Whether it says whether it is safe: itself, by a link to one that does, or through its class. */
function saysWhetherSafe(api: PublicApi, { name, returns, doc }: PublicFunction): boolean {
  if (doc.includes("Cancel safety: ")) return true;
  const [owner] = name.split(".");
  const ofClass = (name: string) => api.classes.find((each) => each.name === name)?.doc ?? "";
  if (ofClass(returns).includes("Cancel safety: ")) return true; // as every Sleep, every JoinHandle
  if (/Cancel safety: (all|every)/.test(ofClass(owner))) return true;
  for (const [, link] of doc.matchAll(/(?<!Errors )\bas\s+\{@link ([\w.]+)\}/gi)) {
    const target = api.functions.find((each) => [link, `${owner}.${link}`].includes(each.name));
    if (target !== undefined && target.name !== name && saysWhetherSafe(api, target)) return true;
  }
  return false;
}

Deno.test("lesson 24.4 · everything public that waits documents whether it is cancel-safe", async () => {
  const api = await publicApi("runtime/mod.ts", "runtime/stream/mod.ts", "net/mod.ts");
  const waiting = futures(api).add("Co");
  const waits = api.functions.filter(({ returns }) => waiting.has(returns));
  const silent = waits.filter((each) => !saysWhetherSafe(api, each)).map(({ name }) => name);
  show(`${waits.length} public functions and methods wait`);
  assertGreater(waits.length, 100);
  assertEquals(silent, []);
});

Deno.test("lesson 24.5 · a buffered reader is safe by design: what has come lies in the reader", async () => {
  const seen = await readHalves(function* (server) {
    const seen: string[] = [];
    const ticks = ticking();
    const reader = new BufReader(server);
    while (seen.length < WHOLE.length) {
      const frame = reader.readExact(FRAME_BYTES);
      const first = yield* select({ frame, tick: ticks.tick() });
      seen.push(`${first.key === "frame" ? textOf(first.value) : first.key} at ${now()}`);
    }
    return seen;
  });
  assertEquals(seen, WHOLE);
});

Deno.test("lesson 24.5 · dropped at every single poll, it still loses nothing", async () => {
  const text = "The quick brown fox jumps over the lazy dog.";
  let drops = 0;
  const seen = await runTest(function* () {
    const [client, server] = duplex();
    spawn(function* () {
      for (const letter of text) {
        yield* client.writeAll(new TextEncoder().encode(letter));
        yield* yieldNow();
      }
    });
    const reader = new BufReader(server);
    for (;;) {
      const first = yield* select(
        { all: reader.readExact(text.length), now: yieldNow() },
        { biased: true },
      );
      if (first.key === "all") return textOf(first.value);
      drops++;
    }
  });
  assertGreater(drops, 10);
  assertEquals(seen, text);
});
