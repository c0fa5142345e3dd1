import { copy, copyBidirectional, duplex, type DuplexStream } from "wakeful/net";
import { Coroutine, IoError, race, scope, yieldNow } from "wakeful/runtime";
import { assert, assertEquals, assertGreater, assertThrows } from "../../support/assert.ts";
import { bytes, textOf } from "../../support/bytes.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { seeded } from "../../support/random.ts";
import { receiveNumbered, sendNumbered, textUntilEnd, turns } from "../../support/stream_ends.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

const TOTAL_BYTES = 100_000;

/** Two pairs, to be joined by copying from `inlet` to `outlet`. */
function pipes(before?: number, behind = before) {
  const [source, inlet] = duplex(before);
  const [outlet, sink] = duplex(behind);
  return { source, inlet, outlet, sink };
}

function received(stream: DuplexStream): string {
  const into = new Uint8Array(100);
  return textOf(into.subarray(0, handPoll(stream.read(into)).take()));
}

Deno.test("copy: moves what comes as it comes, and counts it at the end", () => {
  const { source, inlet, outlet, sink } = pipes();
  const copying = handPoll(new Coroutine(copy(inlet, outlet)));
  copying.assertPending();
  for (const text of ["one", "two and a half"]) {
    source.tryWrite(bytes(text));
    assert(copying.woken);
    copying.assertPending();
    assertEquals(received(sink), text);
  }
  source.close();
  copying.assertReady(17);
});

Deno.test("copy: leaves the writer open", () => {
  const { source, inlet, outlet, sink } = pipes();
  source.close();
  handPoll(new Coroutine(copy(inlet, outlet))).assertReady(0);
  handPoll(sink.read(new Uint8Array(1))).assertPending();
});

Deno.test("copy: a writer without room holds back the reader's sender", () => {
  const { source, inlet, outlet, sink } = pipes(4);
  const copying = handPoll(new Coroutine(copy(inlet, outlet)));
  for (const text of ["abcd", "efgh"]) {
    assertEquals(source.tryWrite(bytes(text)), 4);
    copying.assertPending();
  }
  assertEquals(source.tryWrite(bytes("i")), 0);
  assertEquals(received(sink), "abcd");
  copying.assertPending();
  assertEquals(source.tryWrite(bytes("i")), 1);
});

Deno.test("copy: dropped anywhere and begun again, it loses and doubles nothing", () => {
  using virtual = new VirtualRuntime();
  const { source, inlet, outlet, sink } = pipes(100, 37);
  let drops = 0;
  virtual.run(() =>
    scope(function* (s) {
      const draw = seeded(1);
      s.spawn(function* () {
        yield* sendNumbered(source, TOTAL_BYTES, () => draw(1, 300));
        source.close();
      });
      s.spawn(() => receiveNumbered(sink, TOTAL_BYTES));
      while (
        (yield* race<number | undefined>(copy(inlet, outlet), turns(draw(1, 9)))) === undefined
      ) {
        drops++;
      }
    })
  );
  assertGreater(drops, 100);
});

Deno.test("copy: throws what the reader or the writer throws", () => {
  const broken = pipes();
  broken.source.abort();
  const reading = handPoll(new Coroutine(copy(broken.inlet, broken.outlet)));
  assertEquals(assertThrows(() => reading.poll(), IoError).kind, "connection-reset");
  const deaf = pipes();
  deaf.source.tryWrite(bytes("x"));
  deaf.sink.close();
  const writing = handPoll(new Coroutine(copy(deaf.inlet, deaf.outlet)));
  assertEquals(assertThrows(() => writing.poll(), IoError).kind, "broken-pipe");
});

Deno.test("copyBidirectional: passes each end on by itself, and answers both counts", () => {
  using virtual = new VirtualRuntime();
  const [client, a] = duplex();
  const [b, server] = duplex();
  const counts = virtual.run(() =>
    scope(function* (s) {
      const copying = s.spawn(() => copyBidirectional(a, b));
      yield* client.writeAll(bytes("question"));
      yield* client.shutdown();
      assertEquals(yield* textUntilEnd(server), "question");
      yield* yieldNow();
      assert(!copying.isFinished());
      yield* server.writeAll(bytes("answer"));
      yield* server.shutdown();
      assertEquals(yield* textUntilEnd(client), "answer");
      return yield* copying;
    })
  );
  assertEquals(counts, { aToB: 8, bToA: 6 });
});

for (const which of ["client", "server"] as const) {
  Deno.test(`copyBidirectional: an error of the ${which}'s side ends both directions`, () => {
    using virtual = new VirtualRuntime();
    const [client, a] = duplex();
    const [b, server] = duplex();
    const copying = virtual.spawn(() => copyBidirectional(a, b));
    virtual.settle();
    ({ client, server })[which].abort();
    virtual.settle();
    assert(copying.isFinished());
    assertEquals(assertThrows(() => virtual.outcome(copying), IoError).kind, "connection-reset");
    assertEquals(virtual.runtime.statistics().tasks, 0);
  });
}

Deno.test("copyBidirectional: dropped, it ends both directions and closes neither end", () => {
  using virtual = new VirtualRuntime();
  const [client, a] = duplex();
  const [b, server] = duplex();
  const copying = virtual.spawn(() => copyBidirectional(a, b));
  virtual.settle();
  copying.abort();
  assertEquals(virtual.runtime.statistics().tasks, 0);
  for (const end of [client, server]) handPoll(end.read(new Uint8Array(1))).assertPending();
});
