import type { Stream } from "wakeful/net";
import { Closed, race, scope, spawn } from "wakeful/runtime";
import { assertEquals, assertGreater, assertInstanceOf } from "../support/assert.ts";
import { seeded } from "../support/random.ts";
import {
  ioErrorOf,
  sendText,
  stubbornly,
  textOfLength,
  textUntilEnd,
  turns,
} from "../support/stream_ends.ts";
import type { Checks } from "./family.ts";

const CLIENTS = 50;

export const LISTENER_CHECKS: Checks = {
  "a client may come before or after accept": function* (family) {
    using listener = yield* family.bind();
    using _early = yield* family.connect(listener.localAddr);
    using first = yield* listener.accept();
    yield* scope(function* (s) {
      const accepting = s.spawn(() => listener.accept());
      using _late = yield* family.connect(listener.localAddr);
      using second = yield* accepting;
      assertEquals(second.localAddr, first.localAddr);
    });
  },

  "connecting to where nobody listens is refused": function* (family) {
    const listener = yield* family.bind();
    const address = listener.localAddr;
    listener.close();
    const { kind } = yield* ioErrorOf(family.connect(address));
    assertEquals(kind, address.transport === "tcp" ? "connection-refused" : "not-found");
  },

  "an address that is listened on is in use": function* (family) {
    using listener = yield* family.bind();
    const error = yield* ioErrorOf(family.bind(listener.localAddr));
    assertEquals(error.kind, "address-in-use");
    using _client = yield* family.connect(listener.localAddr);
    using _stream = yield* listener.accept();
  },

  "an address is free again after close": function* (family) {
    const first = yield* family.bind();
    const address = first.localAddr;
    first.close();
    using _second = yield* family.bind(address);
  },

  "close ends a waiting accept": function* (family) {
    const listener = yield* family.bind();
    const accepting = spawn(function* () {
      try {
        yield* listener.accept();
      } catch (error) {
        return error;
      }
    });
    yield* turns(3);
    listener.close();
    assertInstanceOf(yield* accepting, Closed);
  },

  "an accepted stream outlives its listener": function* (family) {
    const listener = yield* family.bind();
    using client = yield* family.connect(listener.localAddr);
    using stream = yield* listener.accept();
    listener.close();
    yield* sendText(stream, "hello");
    assertEquals(yield* textOfLength(client, 5), "hello");
  },

  "a connect that is given up shows the listener the end at most": function* (family) {
    using listener = yield* family.bind();
    for (let i = 0; i < 20; i++) {
      const won = yield* race<Stream | void>(family.connect(listener.localAddr), turns(i % 4));
      won?.close(); // a driver may connect at once
    }
    using client = yield* family.connect(listener.localAddr);
    yield* sendText(client, "me");
    yield* client.shutdown();
    for (let seen = ""; seen !== "me";) {
      using stream = yield* listener.accept();
      seen = yield* textUntilEnd(stream);
    }
  },

  "a dropped accept loses no client": function* (family) {
    using listener = yield* family.bind();
    const address = listener.localAddr;
    const giveUps = { count: 0 };
    const seen = new Set<string>();
    yield* scope(function* (s) {
      s.spawn(function* () {
        for (let i = 0; i < CLIENTS; i++) {
          using client = yield* family.connect(address);
          yield* sendText(client, `client ${i}`);
          yield* client.shutdown();
          assertEquals(yield* client.read(new Uint8Array(1)), 0);
        }
      });
      while (seen.size < CLIENTS) {
        using stream = yield* stubbornly(() => listener.accept(), seeded(seen.size), giveUps);
        seen.add(yield* textUntilEnd(stream));
      }
    });
    assertGreater(giveUps.count, CLIENTS / 10);
  },

  "many clients at once each get their own": function* (family) {
    using listener = yield* family.bind();
    const address = listener.localAddr;
    yield* scope(function* (s) {
      for (let i = 0; i < CLIENTS; i++) {
        s.spawn(function* () {
          using client = yield* family.connect(address);
          yield* sendText(client, `client ${i}`);
          yield* client.shutdown();
          assertEquals(yield* textUntilEnd(client), `hello client ${i}`);
        });
      }
      for (let i = 0; i < CLIENTS; i++) {
        const stream = yield* listener.accept();
        s.spawn(function* () {
          using _stream = stream;
          yield* sendText(stream, `hello ${yield* textUntilEnd(stream)}`);
          yield* stream.shutdown();
        });
      }
    });
  },
};
