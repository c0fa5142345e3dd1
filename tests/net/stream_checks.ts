import type { Stream } from "wakeful/net";
import {
  Closed,
  type Co,
  IoError,
  MovedOn,
  moveOnAfter,
  READABLE,
  scope,
  spawn,
  WouldBlock,
  WRITABLE,
  yieldNow,
} from "wakeful/runtime";
import { assert, assertEquals, assertGreater, assertInstanceOf, fail } from "../support/assert.ts";
import { bytes, textOf } from "../support/bytes.ts";
import { ioErrorOf, sendText, textOfLength, textUntilEnd } from "../support/stream_ends.ts";
import { connected, type Family, type PairChecks, type Pairs } from "./family.ts";

/** Long enough for bytes on their way to have been handed over, if there is room for them. */
const SOON_MS = 50;

/** Whether a stream that takes nothing now does so in a moment. */
function* writableSoon(stream: Stream): Co<boolean> {
  const ready = yield* moveOnAfter(SOON_MS, stream.ready(WRITABLE));
  return ready !== MovedOn;
}

function assertBroken({ kind, message }: IoError): void {
  assert(["connection-reset", "broken-pipe", "connection-aborted"].includes(kind), message);
}

/** More than any driver reads at once, so that some of it stays unread. */
const UNREAD_BYTES = 256 * 1024;

/** The peer goes away with bytes that it did not read. */
function* resetBy(victim: Stream, peer: Stream) {
  const sent = victim.tryWrite(new Uint8Array(UNREAD_BYTES));
  assertGreater(sent, 0);
  yield* victim.flush();
  assertGreater((yield* peer.fill()).length, 0);
  peer.close();
}

/** One check, done by the client to the server and the other way round. */
function bothWays(check: (one: Stream, other: Stream) => Generator<void, void, void>) {
  return function* (family: Family | Pairs) {
    yield* connected(family, (client, server) => check(client, server));
    yield* connected(family, (client, server) => check(server, client));
  };
}

export const STREAM_CHECKS: PairChecks = {
  "bytes go there and back": (family) =>
    connected(family, function* (client, server) {
      yield* sendText(client, "ping");
      assertEquals(yield* textOfLength(server, 4), "ping");
      yield* sendText(server, "pong");
      assertEquals(yield* textOfLength(client, 4), "pong");
    }),

  "each end knows the other's address": (family) =>
    connected(family, function* (client, server) {
      assertEquals(client.peerAddr, server.localAddr);
      assertEquals(server.peerAddr, client.localAddr);
    }),

  "the end of sending is seen by the peer, and the other direction goes on": bothWays(
    function* (one, other) {
      yield* sendText(one, "last words");
      yield* one.shutdown();
      assertEquals(yield* textUntilEnd(other), "last words");
      yield* sendText(other, "heard");
      yield* other.shutdown();
      assertEquals(yield* textUntilEnd(one), "heard");
    },
  ),

  "after the peer's end every read answers 0": (family) =>
    connected(family, function* (client, server) {
      client.close();
      for (let i = 0; i < 3; i++) assertEquals(yield* server.read(new Uint8Array(8)), 0);
    }),

  "shutdown may be asked for again": (family) =>
    connected(family, function* (client, server) {
      yield* client.shutdown();
      yield* client.shutdown();
      assertEquals(yield* server.read(new Uint8Array(8)), 0);
    }),

  "sending after shutdown is an error": (family) =>
    connected(family, function* (client, _server) {
      yield* client.shutdown();
      const sending = function* () {
        yield* sendText(client, "too late");
        yield* client.flush();
      };
      assertBroken(yield* ioErrorOf(sending()));
    }),

  "bytes sent right before close arrive, then the end": bothWays(function* (one, other) {
    yield* sendText(one, "goodbye");
    one.close();
    assertEquals(yield* textUntilEnd(other), "goodbye");
  }),

  "a close with a read in flight ends the read and shows the peer the end": bothWays(
    function* (one, other) {
      yield* scope(function* (s) {
        const reading = s.spawn(function* () {
          try {
            yield* one.read(new Uint8Array(8));
          } catch (error) {
            return error;
          }
        });
        // An answer to what was sent shows that the read has been under way.
        yield* sendText(one, "?");
        assertEquals(yield* textOfLength(other, 1), "?");
        one.close();
        assertInstanceOf(yield* reading, Closed);
        assertEquals(yield* other.read(new Uint8Array(8)), 0);
      });
    },
  ),

  "a peer that closes with unread bytes ends receiving or breaks it": bothWays(
    function* (one, other) {
      yield* resetBy(one, other);
      try {
        assertEquals(yield* one.read(new Uint8Array(8)), 0);
      } catch (error) {
        assertInstanceOf(error, IoError);
        assertBroken(error);
      }
    },
  ),

  "a peer that closes with unread bytes breaks sending": (family) =>
    connected(family, function* (client, server) {
      yield* resetBy(client, server);
      const sending = function* () {
        for (;;) {
          yield* sendText(client, "anybody there?");
          yield* yieldNow();
        }
      };
      assertBroken(yield* ioErrorOf(sending()));
    }),

  "what fill lends is copied by nobody and taken by consume": (family) =>
    connected(family, function* (client, server) {
      yield* sendText(client, "abcdef");
      yield* client.shutdown();
      let seen = "";
      for (;;) {
        const lent = yield* server.fill();
        if (lent.length === 0) break;
        seen += textOf(lent.subarray(0, 1));
        server.consume(1);
      }
      assertEquals(seen, "abcdef");
    }),

  "a closed stream says so to whoever uses it": (family) =>
    connected(family, function* (client, _server) {
      client.close();
      const uses = [
        () => client.read(new Uint8Array(1)),
        () => client.fill(),
        () => client.write(bytes("x")),
        () => client.writeAll(bytes("x")),
        () => client.flush(),
        () => client.shutdown(),
      ];
      for (const use of uses) {
        try {
          yield* use() as ReturnType<typeof client.read>;
          fail("expected Closed");
        } catch (error) {
          assertInstanceOf(error, Closed);
        }
      }
    }),

  "the caller's buffer is free again once bytes were taken": (family) =>
    connected(family, function* (client, server) {
      const buffer = bytes("first");
      yield* client.writeAll(buffer);
      buffer.set(bytes("WRONG"));
      assertEquals(yield* textOfLength(server, 5), "first");
    }),

  "ready tells what a try is worth: bytes, room, the end of each direction": (family) =>
    connected(family, function* (client, server) {
      const into = new Uint8Array(16);
      assertEquals(yield* client.ready(READABLE, WRITABLE), {
        readable: false,
        writable: true,
        readClosed: false,
        writeClosed: false,
      });
      yield* sendText(client, "hello");
      assert((yield* server.ready(READABLE)).readable);
      assertEquals(server.tryRead(into), 5);
      assertEquals(server.tryRead(into), WouldBlock);
      yield* client.shutdown();
      assert((yield* client.ready(WRITABLE)).writeClosed);
      assert((yield* server.ready(READABLE)).readable);
      assertEquals(server.tryRead(into), 0);
      const { readClosed, writeClosed } = yield* server.ready(READABLE);
      assertEquals([readClosed, writeClosed], [true, false]);
    }),

  "ready waits until a full connection has room again": (family) =>
    connected(family, function* (client, server) {
      const block = new Uint8Array(UNREAD_BYTES);
      while (client.tryWrite(block) > 0 || (yield* writableSoon(client)));
      const writable = spawn(() => client.ready(WRITABLE));
      yield* yieldNow();
      assert(!writable.isFinished());
      using _taking = spawn(function* () {
        for (;;) server.consume((yield* server.fill()).length);
      }).abortOnDrop();
      assert((yield* writable).writable);
      assertGreater(client.tryWrite(block), 0);
    }),

  "ready is woken by close, with Closed": (family) =>
    connected(family, function* (client) {
      const waiting = spawn(() => client.ready(READABLE));
      yield* yieldNow();
      client.close();
      try {
        yield* waiting;
        fail("it answered");
      } catch (error) {
        assertInstanceOf(error, Closed);
      }
    }),
};
