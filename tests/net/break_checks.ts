import type { Stream } from "wakeful/net";
import { type Co, type IoError, sleep, yieldNow } from "wakeful/runtime";
import { assert, assertEquals } from "../support/assert.ts";
import { ioErrorOf, sendText, textOfLength, textUntilEnd } from "../support/stream_ends.ts";
import { type Checks, connected } from "./family.ts";

/** Closes `stream` with bytes that have come and that it has not read: its peer is reset. */
function* closeUnread(stream: Stream, peer: Stream): Co<void> {
  // More than any driver takes at once, so that the system holds some of it.
  const sent = peer.tryWrite(new Uint8Array(256 * 1024));
  assert(sent > 0);
  yield* peer.flush(); // a write under way would be told of the reset instead of a read
  yield* stream.fill();
  stream.close();
}

/** What sending ends with when it is tried again and again. */
function failureOfSending(stream: Stream): Co<IoError> {
  return ioErrorOf(function* () {
    for (;;) {
      yield* sendText(stream, "anybody there?");
      yield* yieldNow();
    }
  }());
}

/** How connections break, on every driver as the system's own do. */
export const BREAK_CHECKS: Checks = {
  "what a peer sent before its reset is read first": (family) =>
    connected(family, function* (client, server) {
      yield* sendText(server, "last words");
      yield* server.flush();
      assertEquals(yield* textOfLength(client, 5), "last ");
      yield* closeUnread(server, client);
      assertEquals(yield* textOfLength(client, 5), "words");
    }),

  "writing to a peer that has closed fails in the end, and its last words are still read": (
    family,
  ) =>
    connected(family, function* (client, server) {
      yield* sendText(server, "goodbye");
      server.close();
      assertEquals(yield* textOfLength(client, 1), "g");
      const { kind } = yield* failureOfSending(client);
      assert(["broken-pipe", "connection-reset"].includes(kind), kind);
      assertEquals(yield* textUntilEnd(client), "oodbye");
    }),

  "a half-closed stream's peer may send as long as it likes": (family) =>
    connected(family, function* (client, server) {
      yield* client.shutdown();
      assertEquals(yield* textUntilEnd(server), "");
      for (let i = 0; i < 20; i++) {
        yield* sendText(server, `${i % 10}`);
        assertEquals(yield* textOfLength(client, 1), `${i % 10}`);
      }
      server.close();
      assertEquals(yield* textUntilEnd(client), "");
    }),

  "a listener's close resets whoever was not accepted": function* (family) {
    const listener = yield* family.bind();
    using client = yield* family.connect(listener.localAddr);
    yield* sleep(5); // a connection that has only just begun is refused in any case
    listener.close();
    assertEquals((yield* ioErrorOf(client.fill())).kind, "connection-reset");
  },
};
