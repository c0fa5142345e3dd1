import type { Stream } from "wakeful/net";
import { type Co, type Context, Future, IoError, Pending, type Poll, race } from "wakeful/runtime";
import { assertEquals, assertInstanceOf } from "./assert.ts";
import { bytes, firstWrong, joined, numbered, textOf } from "./bytes.ts";
import type { Draw } from "./random.ts";

/** Sends `text` whole. */
export function sendText(stream: Stream, text: string): Future<void> {
  return stream.writeAll(bytes(text));
}

/** Everything until the peer's end, as text. */
export function* textUntilEnd(stream: Stream): Co<string> {
  let whole = new Uint8Array(0);
  for (;;) {
    const chunk = yield* stream.fill();
    if (chunk.length === 0) return textOf(whole);
    whole = joined(whole, chunk);
    stream.consume(chunk.length);
  }
}

/** Exactly `n` bytes, as text. */
export function* textOfLength(stream: Stream, n: number): Co<string> {
  const into = new Uint8Array(n);
  yield* stream.readExact(into);
  return textOf(into);
}

/** Sends the first `total` numbered bytes in chunks of random sizes; tells how far it is. */
export function* sendNumbered(
  stream: Stream,
  total: number,
  chunk: () => number,
  progress: (sent: number) => void = () => {},
): Co<void> {
  for (let sent = 0; sent < total;) {
    const end = Math.min(total, sent + chunk());
    yield* stream.writeAll(numbered(sent, end));
    progress(sent = end);
  }
}

/** Receives `total` numbered bytes and finds every one of them in its place. */
export function* receiveNumbered(stream: Stream, total: number): Co<void> {
  for (let got = 0; got < total;) {
    const chunk = yield* stream.fill();
    assertEquals(firstWrong(chunk, got), -1, `wrong bytes after ${got}`);
    if (chunk.length === 0) throw new Error(`the stream ended after ${got} of ${total} bytes`);
    got += chunk.length;
    stream.consume(chunk.length);
  }
}

/** What `body` throws, which has to be an error of the outside world. */
export function* ioErrorOf(body: Co<unknown> | Future<unknown>): Co<IoError> {
  try {
    yield* body;
  } catch (error) {
    assertInstanceOf(error, IoError);
    return error;
  }
  throw new Error("expected an IoError");
}

/** Ready at its poll number `turns`, and polled as fast as the loop goes. */
class Turns extends Future<undefined> {
  constructor(private left: number) {
    super();
  }

  poll(cx: Context): Poll<undefined> {
    if (this.left-- <= 0) return undefined;
    cx.waker.wakeByRef();
    return Pending;
  }
}

/** Lets the loop go round `turns` times. */
export function turns(turns: number): Future<undefined> {
  return new Turns(turns);
}

/**
 * Does what `begin` begins, but gives it up at random moments and begins again, until one of them
 * is finished. Counts the given up ones.
 */
export function* stubbornly<T>(
  begin: () => Future<T>,
  draw: Draw,
  giveUps: { count: number },
): Co<T> {
  for (;;) {
    const [attempt, patience] = [begin(), turns(draw(0, 3))];
    // With patience first, an attempt is given up when it is ready and has not been polled again.
    const entrants = draw(0, 1) === 0 ? [attempt, patience] : [patience, attempt];
    const done = yield* race<T | undefined>(...entrants);
    if (done !== undefined) return done;
    giveUps.count++;
  }
}
