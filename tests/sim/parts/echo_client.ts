import {
  type Co,
  IoError,
  Notify,
  random,
  sleep,
  TimedOut,
  timeout,
  tryJoin,
  UnexpectedEof,
} from "wakeful/runtime";
import { type TcpEndpoint, TcpStream } from "wakeful/net";
import { assert, assertEquals, fail } from "../../support/assert.ts";
import { assertPattern, pattern } from "./pattern.ts";

/** What became of the connections of all clients together. */
export class EchoLedger {
  /** Messages that came back whole. */
  completed = 0;
  /** Connections that were finished by their client, and those that were cut before. */
  finished = 0;
  cut = 0;
  streams = 0;
}

/** How a client talks. */
export interface Talk {
  readonly to: TcpEndpoint;
  readonly ledger: EchoLedger;
  /** Milliseconds between two messages, and between two connections. */
  readonly pause: readonly [least: number, most: number];
  /** How long it waits for the other side, in milliseconds. */
  readonly patience: number;
  /**
   * Which life of the server this is, for a server that cuts nobody off while it lives: then every
   * cut in one and the same life is a failure. Undefined while it does not run, or is about to end.
   */
  readonly life?: () => number | undefined;
}

const CONNECT_TIMEOUT_MS = 3_000;
const MOST_MESSAGES = 6;
const SHORT_BYTES = 2_000;
/** More than the buffers on the way hold. */
const LONG_BYTES = 200_000;

/** The server has closed before its client was done. */
class Cut extends Error {}

const TROUBLE = [IoError, TimedOut, UnexpectedEof, Cut];

/** Whether a connection may end so where things go wrong. */
export function isTrouble(error: unknown): boolean {
  return TROUBLE.some((kind) => error instanceof kind);
}

/** Connects again and again, and talks, until `over`. */
export function* keepTalking(talk: Talk, over: () => boolean): Co<void> {
  while (!over()) {
    try {
      yield* talkOnce(talk);
      talk.ledger.finished++;
    } catch (error) {
      if (!isTrouble(error)) throw error;
      talk.ledger.cut++;
    }
    yield* sleep(random().between(...talk.pause));
  }
}

/** One connection: some messages, all of them back, the end. @throws when it is cut before */
export function* talkOnce(talk: Talk): Co<void> {
  const life = talk.life?.();
  using stream = yield* timeout(CONNECT_TIMEOUT_MS, TcpStream.connect(talk.to));
  stream.setReadTimeout(talk.patience);
  stream.setWriteTimeout(talk.patience);
  const session = new Session(stream, talk);
  try {
    yield* tryJoin(session.send(), session.receive());
  } catch (cause) {
    if (life === undefined || talk.life?.() !== life) throw cause;
    throw new Error(`cut off by a server that was well: ${cause}`, { cause });
  }
}

/** Whatever comes back is a prefix of what was sent. */
class Session {
  #stream: TcpStream;
  #talk: Talk;
  #id: number;
  #sent = 0;
  #received = 0;
  #done = false;
  #progress = new Notify();

  constructor(stream: TcpStream, talk: Talk) {
    this.#stream = stream;
    this.#talk = talk;
    this.#id = talk.ledger.streams++;
  }

  *send(): Co<void> {
    const { pause, ledger } = this.#talk;
    for (let left = random().between(1, MOST_MESSAGES); left > 0; left--) {
      const bytes = pattern(this.#id, this.#sent, random().between(1, longest()));
      this.#sent += bytes.length; // some of it may go out although the write fails
      yield* this.#stream.writeAll(bytes);
      if (random().chance(0.25)) continue;
      yield* this.#allBack();
      ledger.completed++;
      yield* sleep(random().between(...pause));
    }
    this.#done = true;
    yield* this.#stream.shutdown();
  }

  *receive(): Co<void> {
    for (;;) {
      const lent = yield* this.#stream.fill();
      if (lent.length === 0) break;
      assertPattern(this.#id, this.#received, lent);
      this.#received += lent.length;
      assert(this.#received <= this.#sent, "more came back than was sent");
      this.#stream.consume(lent.length);
      this.#progress.notifyAll();
    }
    if (!this.#done || this.#received < this.#sent) throw new Cut("the server closed early");
  }

  *#allBack(): Co<void> {
    for (;;) {
      const progress = this.#progress.notified();
      if (this.#received === this.#sent) return;
      yield* progress;
    }
  }
}

function longest(): number {
  return random().chance(1 / 32) ? LONG_BYTES : SHORT_BYTES;
}

const LAST_WORDS_BYTES = 100;
/** Less than a drain lasts. */
const PAUSE_BEFORE_LAST_WORDS_MS = 1_000;

/**
 * One who is there when the server is told to stop: it may finish, and nobody new may come.
 * `stop` tells the server to.
 */
export function* lastWords(talk: Talk, stop: () => void): Co<void> {
  const id = talk.ledger.streams++;
  using stream = yield* TcpStream.connect(talk.to);
  yield* exchange(stream, id, 0);
  stop();
  yield* sleep(PAUSE_BEFORE_LAST_WORDS_MS);
  yield* expectRefusal(talk.to);
  yield* exchange(stream, id, LAST_WORDS_BYTES);
  yield* stream.shutdown();
  assertEquals((yield* stream.fill()).length, 0);
}

function* exchange(stream: TcpStream, id: number, from: number): Co<void> {
  yield* stream.writeAll(pattern(id, from, LAST_WORDS_BYTES));
  const back = new Uint8Array(LAST_WORDS_BYTES);
  yield* stream.readExact(back);
  assertPattern(id, from, back);
}

function* expectRefusal(to: TcpEndpoint): Co<void> {
  try {
    using _stream = yield* TcpStream.connect(to);
  } catch (error) {
    if (error instanceof IoError && error.kind === "connection-refused") return;
    throw error;
  }
  fail("a server that was told to stop takes new clients");
}
