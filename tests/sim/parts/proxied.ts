import {
  type Co,
  End,
  IoError,
  random,
  sleep,
  spawn,
  TimedOut,
  timeout,
  tryJoin,
  UnexpectedEof,
} from "wakeful/runtime";
import { BufReader, lines, type TcpEndpoint, TcpListener, TcpStream } from "wakeful/net";
import { assertEquals } from "../../support/assert.ts";
import { assertPattern, pattern } from "./pattern.ts";

/** What goes over one connection through a proxy: two streams of bytes, or questions and answers. */
export interface Talk {
  /** The server behind the proxy. */
  serve(stream: TcpStream): Co<void>;
  /** A client before it, for one connection. @throws when it is cut before its end */
  ask(stream: TcpStream): Co<void>;
}

const PATIENCE_MS = 15_000;
const LONGEST_REST_MS = 300;
const LONGEST_PIECE_BYTES = 3_000;
const MOST_PIECES = 4;
const MOST_QUESTIONS = 5;
const ID_BYTES = 4;
/** What goes back is the stream of this much higher number. */
const BACKWARDS = 1_000_003;

/** The other side has closed before it was time. */
class Cut extends Error {}

const TROUBLE = [IoError, TimedOut, UnexpectedEof, Cut];

/** Whether a connection may end so where things go wrong. */
export function isTrouble(error: unknown): boolean {
  return TROUBLE.some((kind) => error instanceof kind);
}

/** Accepts and serves for ever. */
export function* serveAll(port: number, talk: Talk): Co<never> {
  using listener = yield* TcpListener.bind({ host: "0.0.0.0", port });
  for (;;) {
    const stream = yield* listener.accept();
    stream.setReadTimeout(PATIENCE_MS);
    const body = () => untilTrouble(talk.serve(stream));
    spawn(body, { name: "connection", onEnd: () => stream.close() });
  }
}

function* untilTrouble(body: Co<void>): Co<void> {
  try {
    yield* body;
  } catch (error) {
    if (!isTrouble(error)) throw error;
  }
}

/** One connection of a client. @throws as `Talk.ask` */
export function* askOnce(to: TcpEndpoint, talk: Talk): Co<void> {
  using stream = yield* timeout(PATIENCE_MS, TcpStream.connect(to));
  stream.setReadTimeout(PATIENCE_MS);
  stream.setWriteTimeout(PATIENCE_MS);
  yield* talk.ask(stream);
}

/** Connects and asks, again and again, until `over`. */
export function* keepAsking(to: TcpEndpoint, talk: Talk, over: () => boolean): Co<void> {
  while (!over()) {
    yield* untilTrouble(askOnce(to, talk));
    yield* sleep(random().between(1, LONGEST_REST_MS));
  }
}

/** Bytes both ways at once, each a stream of its own; the first four say which. */
export function bytesBothWays(): Talk {
  let last = 0;
  const sent = new Map<number, number>();
  return {
    *serve(stream) {
      const input = new BufReader(stream);
      const head = yield* input.readExact(ID_BYTES);
      const id = new DataView(head.buffer, head.byteOffset).getUint32(0);
      const sending = () => send(stream, id + BACKWARDS, sent);
      if (id % 2 === 0) return yield* answerAll(receive(input, id, sent), sending);
      yield* tryJoin(sending(), receive(input, id, sent));
    },
    *ask(stream) {
      const id = ++last;
      const head = new Uint8Array(ID_BYTES);
      new DataView(head.buffer).setUint32(0, id);
      yield* stream.writeAll(head);
      const [, whole] = yield* tryJoin(
        send(stream, id, sent),
        receive(stream, id + BACKWARDS, sent),
      );
      if (!whole) throw new Cut();
    },
  };
}

/** Says nothing before the client has said everything, which takes a proxy that passes ends on. */
function* answerAll(receiving: Co<boolean>, sending: () => Co<void>): Co<void> {
  yield* receiving;
  yield* sending();
}

/** The part of a stream that both ends of a connection have. */
type Incoming = Pick<TcpStream, "fill" | "consume">;

function* send(stream: TcpStream, id: number, sent: Map<number, number>): Co<void> {
  let at = 0;
  for (let left = random().between(0, MOST_PIECES); left > 0; left--) {
    const bytes = pattern(id, at, random().between(1, LONGEST_PIECE_BYTES));
    at += bytes.length;
    sent.set(id, at);
    yield* stream.writeAll(bytes);
    yield* sleep(random().between(0, LONGEST_REST_MS));
  }
  yield* stream.shutdown();
}

/** Whether everything came that was sent. */
function* receive(stream: Incoming, id: number, sent: Map<number, number>): Co<boolean> {
  for (let at = 0;;) {
    const lent = yield* stream.fill();
    const whole = sent.get(id) ?? 0;
    if (lent.length === 0) return at === whole;
    assertPattern(id, at, lent);
    at += lent.length;
    assertEquals(Math.min(at, whole), at, "more came than was sent");
    stream.consume(lent.length);
  }
}

/** Each line is answered by its own answer, and by no other's. */
export function questionsAndAnswers(): Talk {
  let last = 0;
  const encode = (line: string) => new TextEncoder().encode(line);
  return {
    *serve(stream) {
      const input = lines(stream);
      for (;;) {
        const line = yield* input.nextLine();
        if (line === End) return;
        yield* sleep(random().between(0, LONGEST_REST_MS));
        yield* stream.writeAll(encode(`answer ${line}\n`));
      }
    },
    *ask(stream) {
      const input = lines(stream);
      for (let left = random().between(1, MOST_QUESTIONS); left > 0; left--) {
        const question = `${++last}`;
        yield* stream.writeAll(encode(`${question}\r\n`));
        const answer = yield* input.nextLine();
        if (answer === End) throw new Cut();
        assertEquals(answer, `answer ${question}`);
      }
    },
  };
}
