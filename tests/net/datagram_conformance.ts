/**
 * What UDP sockets have to do under every driver, on real sockets of this machine. A driver's
 * tests call {@link datagramConformance} with a runtime of theirs.
 */

import { UdpSocket } from "wakeful/net";
import { Closed, type Co, type Runtime, scope, spawn, timeout } from "wakeful/runtime";
import { assert, assertEquals, assertGreater, assertInstanceOf } from "../support/assert.ts";
import { bytes, firstWrong, numbered, textOf } from "../support/bytes.ts";
import { seeded } from "../support/random.ts";
import { ioErrorOf, stubbornly, turns } from "../support/stream_ends.ts";

/** Far beyond what any check takes: one that hangs fails instead. */
const CHECK_LIMIT_MS = 20_000;
/** The longest datagram that IPv4 carries. */
const MAX_PAYLOAD_BYTES = 65_507;
const ROUNDS = 60;

type Use = (one: UdpSocket, other: UdpSocket) => Co<void>;

/** Hands two bound sockets to `use` and closes them afterwards. */
function* bound(use: Use): Co<void> {
  using one = yield* UdpSocket.bind({ port: 0 });
  using other = yield* UdpSocket.bind({ port: 0 });
  yield* use(one, other);
}

/** The text of the next datagram. */
function* textFrom(socket: UdpSocket): Co<string> {
  const into = new Uint8Array(100);
  const { n } = yield* socket.recvFrom(into);
  return textOf(into.subarray(0, n));
}

const CHECKS: Readonly<Record<string, () => Co<void>>> = {
  "a free port is found and told": () =>
    bound(function* (one, other) {
      assertEquals([one.localAddr.transport, one.localAddr.host], ["udp", "127.0.0.1"]);
      assertGreater(one.localAddr.port, 0);
      assert(one.localAddr.port !== other.localAddr.port);
    }),

  "a datagram goes there, its sender is known, and an answer comes back": () =>
    bound(function* (client, server) {
      assertEquals(yield* client.sendTo(bytes("ping"), server.localAddr), 4);
      const into = new Uint8Array(100);
      const received = yield* server.recvFrom(into);
      assertEquals(received, { n: 4, from: client.localAddr, truncated: false });
      yield* server.sendTo(into.subarray(0, received.n), received.from);
      assertEquals(yield* textFrom(client), "ping");
    }),

  "datagrams are never joined or split": () =>
    bound(function* (one, other) {
      for (const text of ["a", "bc", "def"]) yield* one.sendTo(bytes(text), other.localAddr);
      for (const text of ["a", "bc", "def"]) assertEquals(yield* textFrom(other), text);
    }),

  "the longest datagram arrives whole": () =>
    bound(function* (one, other) {
      yield* one.sendTo(numbered(0, MAX_PAYLOAD_BYTES), other.localAddr);
      const into = new Uint8Array(MAX_PAYLOAD_BYTES);
      const { n, truncated } = yield* other.recvFrom(into);
      assertEquals([n, truncated, firstWrong(into, 0)], [MAX_PAYLOAD_BYTES, false, -1]);
    }),

  "a longer one is an error of its sender, who goes on": () =>
    bound(function* (one, other) {
      const tooLong = new Uint8Array(MAX_PAYLOAD_BYTES + 1);
      const { kind } = yield* ioErrorOf(one.sendTo(tooLong, other.localAddr));
      assertEquals(kind, "message-too-long");
      yield* one.sendTo(bytes("short"), other.localAddr);
      assertEquals(yield* textFrom(other), "short");
    }),

  "a buffer that is too small gets the beginning, and the rest is lost": () =>
    bound(function* (one, other) {
      for (const text of ["hello", "next"]) yield* one.sendTo(bytes(text), other.localAddr);
      const into = new Uint8Array(2);
      const { n, truncated } = yield* other.recvFrom(into);
      assertEquals([n, truncated, textOf(into)], [2, true, "he"]);
      assertEquals(yield* textFrom(other), "next");
    }),

  "an empty datagram is one, too": () =>
    bound(function* (one, other) {
      assertEquals(yield* one.sendTo(new Uint8Array(0), other.localAddr), 0);
      const { n, from, truncated } = yield* other.recvFrom(new Uint8Array(8));
      assertEquals([n, from.port, truncated], [0, one.localAddr.port, false]);
    }),

  "an address that is bound is in use, and free again after close": function* () {
    const first = yield* UdpSocket.bind({ port: 0 });
    const { kind } = yield* ioErrorOf(UdpSocket.bind(first.localAddr));
    assertEquals(kind, "address-in-use");
    first.close();
    using _second = yield* UdpSocket.bind(first.localAddr);
  },

  "close ends a waiting receive": () =>
    bound(function* (socket) {
      const receiving = spawn(function* () {
        try {
          yield* socket.recvFrom(new Uint8Array(8));
        } catch (error) {
          return error;
        }
      });
      yield* turns(3);
      socket.close();
      assertInstanceOf(yield* receiving, Closed);
    }),

  "a dropped receive loses no datagram": () =>
    bound(function* (one, other) {
      const [draw, giveUps] = [seeded(3), { count: 0 }];
      const into = new Uint8Array(64);
      for (let i = 0; i < ROUNDS; i++) {
        yield* one.sendTo(bytes(`number ${i}`), other.localAddr);
        const { n } = yield* stubbornly(() => other.recvFrom(into), draw, giveUps);
        assertEquals(textOf(into.subarray(0, n)), `number ${i}`);
      }
      assertGreater(giveUps.count, 3);
    }),

  "a dropped send has sent its datagram whole or not at all": () =>
    bound(function* (one, other) {
      const draw = seeded(4);
      for (let i = 0; i < ROUNDS; i++) {
        const sending = spawn(() => one.sendTo(bytes(`number ${i}`), other.localAddr));
        yield* turns(draw(0, 2));
        sending.abort();
      }
      yield* one.sendTo(bytes("last"), other.localAddr);
      let before = -1;
      for (let text = yield* textFrom(other); text !== "last"; text = yield* textFrom(other)) {
        const number = Number(text.match(/^number (\d+)$/)![1]);
        assertGreater(number, before);
        before = number;
      }
    }),

  "several tasks may send at once; every datagram arrives": () =>
    bound(function* (one, other) {
      yield* scope(function* (s) {
        for (let i = 0; i < ROUNDS; i++) {
          s.spawn(() => one.sendTo(bytes(`from ${i}`), other.localAddr));
        }
        const seen = new Set<string>();
        while (seen.size < ROUNDS) seen.add(yield* textFrom(other));
      });
    }),

  "to where nobody listens a datagram vanishes, and the sender goes on": () =>
    bound(function* (one, other) {
      const gone = yield* UdpSocket.bind({ port: 0 });
      gone.close();
      for (let i = 0; i < 3; i++) assertEquals(yield* one.sendTo(bytes("x"), gone.localAddr), 1);
      yield* one.sendTo(bytes("still here"), other.localAddr);
      assertEquals(yield* textFrom(other), "still here");
    }),

  "a host may be a name; one that nobody has is not found": () =>
    bound(function* (one, other) {
      yield* one.sendTo(bytes("hello"), { host: "localhost", port: other.localAddr.port });
      assertEquals(yield* textFrom(other), "hello");
      const { kind } = yield* ioErrorOf(one.sendTo(bytes("x"), { host: "no.invalid", port: 9 }));
      assertEquals(kind, "host-not-found");
    }),

  "a connected socket sends to its peer, and hears nobody else": () =>
    bound(function* (client, server) {
      using stranger = yield* UdpSocket.bind({ port: 0 });
      client.connect(server.localAddr);
      assertEquals(client.peerAddr, server.localAddr);
      assertEquals(yield* client.send(bytes("ping")), 4);
      assertEquals(yield* textFrom(server), "ping");
      yield* stranger.sendTo(bytes("noise"), client.localAddr);
      yield* server.sendTo(bytes("pong"), client.localAddr);
      const into = new Uint8Array(8);
      assertEquals(yield* client.recv(into), 4);
      assertEquals(textOf(into.subarray(0, 4)), "pong");
    }),

  "a closed socket says so to whoever uses it": () =>
    bound(function* (one, other) {
      one.connect(other.localAddr);
      one.close();
      one.close();
      const into = new Uint8Array(1);
      const uses: (() => unknown)[] = [
        function* () {
          yield* one.recvFrom(into);
        },
        function* () {
          yield* one.send(into);
        },
        () => one.tryRecvFrom(into),
        () => one.trySendTo(into, other.localAddr),
      ];
      for (const use of uses) assertInstanceOf(yield* thrownInside(use), Closed);
    }),
};

/** What `use` throws, at once or when it is waited for. */
function* thrownInside(use: () => unknown): Co<unknown> {
  try {
    const made = use();
    if (typeof made === "object" && made !== null) yield* made as Co<unknown>;
  } catch (error) {
    return error;
  }
  throw new Error("expected an error");
}

/** Registers every check as a test. */
export function datagramConformance(label: string, makeRuntime: () => Runtime): void {
  for (const [name, check] of Object.entries(CHECKS)) {
    Deno.test(`${label}: ${name}`, async () => {
      await using runtime = makeRuntime();
      await runtime.blockOn(function* () {
        yield* timeout(CHECK_LIMIT_MS, check());
      });
      assertEquals(runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
    });
  }
}
