import type { Stream } from "wakeful/net";
import { type Co, scope, sleep } from "wakeful/runtime";
import { assertEquals, assertGreater, assertLess } from "../support/assert.ts";
import { firstWrong, textOf } from "../support/bytes.ts";
import { seeded } from "../support/random.ts";
import {
  receiveNumbered,
  sendNumbered,
  sendText,
  stubbornly,
  textOfLength,
} from "../support/stream_ends.ts";
import { connected, type PairChecks } from "./family.ts";

const MIB = 1024 * 1024;
/** Much more than the system buffers for a reader that does not read. */
const MORE_THAN_BUFFERS = 64 * MIB;
/** A sender that gets no further during this many looks, a millisecond apart, is stuck. */
const LOOKS = 20;

/** Waits until `progress` has not changed for a while. */
function* stuck(progress: () => number): Co<void> {
  for (let same = 0, last = -1; same < LOOKS; same++) {
    if (progress() !== last) same = 0;
    last = progress();
    yield* sleep(1);
  }
}

/** Reads `total` numbered bytes by reads and fills that are given up at random moments. */
function* receiveStubbornly(stream: Stream, total: number, giveUps: { count: number }): Co<void> {
  const draw = seeded(total);
  const buffer = new Uint8Array(3000);
  for (let got = 0; got < total;) {
    let chunk: Uint8Array;
    if (draw(0, 1) === 0) {
      const into = buffer.subarray(0, draw(1, buffer.length));
      chunk = into.subarray(0, yield* stubbornly(() => stream.read(into), draw, giveUps));
    } else {
      const lent = yield* stubbornly(() => stream.fill(), draw, giveUps);
      chunk = lent.subarray(0, draw(0, lent.length));
      stream.consume(chunk.length);
    }
    assertEquals(firstWrong(chunk, got), -1, `wrong bytes after ${got}`);
    got += chunk.length;
  }
}

export const LOAD_CHECKS: PairChecks = {
  "1 MiB both ways at once arrives byte for byte": (family) =>
    connected(family, function* (client, server) {
      yield* scope(function* (s) {
        for (const [seed, stream] of [client, server].entries()) {
          const draw = seeded(seed);
          s.spawn(() => sendNumbered(stream, MIB, () => draw(1, 100_000)));
          s.spawn(() => receiveNumbered(stream, MIB));
        }
      });
    }),

  "a dropped read loses no byte": (family) =>
    connected(family, function* (client, server) {
      const giveUps = { count: 0 };
      yield* scope(function* (s) {
        const draw = seeded(1);
        s.spawn(() => sendNumbered(client, MIB / 2, () => draw(1, 5_000)));
        yield* receiveStubbornly(server, MIB / 2, giveUps);
      });
      assertGreater(giveUps.count, 20);
    }),

  "a dropped read loses no line of a slow conversation": (family) =>
    connected(family, function* (client, server) {
      const [draw, giveUps] = [seeded(2), { count: 0 }];
      const into = new Uint8Array(64);
      for (let i = 0; i < 60; i++) {
        yield* sendText(client, `line ${i}`);
        const n = yield* stubbornly(() => server.read(into), draw, giveUps);
        assertEquals(textOf(into.subarray(0, n)), `line ${i}`);
        yield* sendText(server, "ok");
        assertEquals(yield* textOfLength(client, 2), "ok");
      }
      assertGreater(giveUps.count, 3);
    }),

  "a peer that does not read makes the sender wait, and then gets everything": (family) =>
    connected(family, function* (client, server) {
      let sent = 0;
      yield* scope(function* (s) {
        const chunk = () => MIB;
        s.spawn(() => sendNumbered(client, MORE_THAN_BUFFERS, chunk, (n) => sent = n));
        yield* stuck(() => sent);
        assertLess(sent, MORE_THAN_BUFFERS);
        yield* receiveNumbered(server, MORE_THAN_BUFFERS);
      });
      assertEquals(sent, MORE_THAN_BUFFERS);
    }),

  "a sender that waits may be dropped, and its stream closed, while the peer does not read": (
    family,
  ) =>
    connected(family, function* (client, server) {
      let sent = 0;
      yield* scope(function* (s) {
        const sending = s.spawn(() =>
          sendNumbered(client, MORE_THAN_BUFFERS, () => MIB, (n) => sent = n)
        );
        yield* stuck(() => sent);
        sending.abort();
        client.close();
        const into = new Uint8Array(sent);
        yield* server.readExact(into);
        assertEquals(firstWrong(into, 0), -1);
        while ((yield* server.fill()).length > 0) server.consume(Infinity);
      });
    }),
};
