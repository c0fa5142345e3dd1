import {
  Closed,
  type Co,
  End,
  IoError,
  random,
  scope,
  sleep,
  TimedOut,
  timeout,
} from "wakeful/runtime";
import { BufReader, type TcpEndpoint, TcpStream } from "wakeful/net";
import { textOf } from "../../support/bytes.ts";
import type { Transcript } from "./audit.ts";

/** How somebody behaves who chats. */
export interface Chatter {
  readonly to: TcpEndpoint;
  readonly transcripts: Transcript[];
  /** Numbers messages, so that each is unlike all others. */
  nextMessage(): number;
  /** The chat is over: no new connection is made. */
  over(): boolean;
}

const TOKEN = "sesame";
const ROOMS = ["lobby", "garden", "attic"];
const NAMES = ["ann", "Ann", "ben", "cleo", "dan", "eve", "biIl", "bill", "аnn"];
const PAUSE_MS = [20, 400] as const;
const LONGEST_REST_MS = 6_000;
const RECONNECT_MS = [10, 1_000] as const;
const PATIENCE_MS = 20_000;
const LONG_TEXT = 3_000;
const LONGEST_LINE = 1_000_000;
const LF = 0x0a;

/** Connects again and again, and chats. */
export function* keepChatting(chatter: Chatter): Co<void> {
  while (!chatter.over()) {
    try {
      yield* chatOnce(chatter);
    } catch (error) {
      if (!isTrouble(error)) throw error;
    }
    yield* sleep(random().between(...RECONNECT_MS));
  }
}

function* chatOnce(chatter: Chatter): Co<void> {
  using stream = yield* timeout(PATIENCE_MS, TcpStream.connect(chatter.to));
  stream.setWriteTimeout(PATIENCE_MS);
  stream.setReadTimeout(PATIENCE_MS);
  const transcript: Transcript = { lines: [] };
  chatter.transcripts.push(transcript);
  yield* scope(function* (s) {
    const writing = s.spawn(() => untilTrouble(write(stream, chatter)));
    yield* read(stream, transcript);
    writing.abort();
  });
  if (random().chance(0.5)) stream.abort();
}

/** Reads what comes; now and then it takes a rest, and does not read meanwhile. */
function* read(stream: TcpStream, { lines }: Transcript): Co<void> {
  const reader = new BufReader(stream);
  for (;;) {
    const line = yield* reader.readUntil(LF, LONGEST_LINE);
    if (line === End || line.at(-1) !== LF) return; // cut, perhaps in the middle of a line
    lines.push(textOf(line.subarray(0, -1)));
    if (random().chance(0.01)) yield* sleep(random().between(1, LONGEST_REST_MS));
  }
}

function* write(stream: TcpStream, chatter: Chatter): Co<void> {
  while (!chatter.over()) {
    yield* stream.writeAll(new TextEncoder().encode(something(chatter) + "\r\n"));
    if (random().chance(0.01)) return stream.abort();
    yield* sleep(random().between(...PAUSE_MS));
  }
}

function something(chatter: Chatter): string {
  const what = random().below(20);
  if (what === 0) return `/join ${random().pick(ROOMS)}`;
  if (what === 1) return `/nick ${random().pick(NAMES)}`;
  if (what === 2) return random().chance(0.5) ? "/who" : "/rooms";
  if (what === 3) return `/msg ${random().pick(NAMES)} psst`;
  if (what === 4 && random().chance(0.3)) return "/quit enough";
  if (what === 5 && random().chance(0.3)) {
    return `/oper ${TOKEN}\n/kick user-${random().between(1, 60)} away with you`;
  }
  const length = random().chance(0.5) ? random().below(20) : random().below(LONG_TEXT);
  return `m${chatter.nextMessage()} ${"x".repeat(length)}`;
}

function* untilTrouble(body: Co<void>): Co<void> {
  try {
    yield* body;
  } catch (error) {
    if (!isTrouble(error)) throw error;
  }
}

/** The connection broke, was too slow, or was cut by this side itself. */
function isTrouble(error: unknown): boolean {
  return [IoError, TimedOut, Closed].some((kind) => error instanceof kind);
}
