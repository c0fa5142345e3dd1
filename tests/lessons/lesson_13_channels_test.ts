/**
 * Lesson 13, channels: handing values over, and learning that the other end is gone.
 *
 * Read on in runtime/sync/channel/oneshot.ts, mpsc.ts, mpsc_channel.ts and mpsc_sender.ts; beneath
 * both lies runtime/sync/wait_list.ts. An end is closed with `using` or `close()`: JavaScript has no
 * destructor that would do it.
 */

import { Closed, End, mpsc, now, oneshot, scope, SendFailed, sleep, spawn } from "wakeful/runtime";
import { byHand, runTest } from "wakeful/testing";
import { assert, assertEquals, assertFalse, assertThrows } from "../support/assert.ts";
import { show } from "./show.ts";

Deno.test("lesson 13.1 · a oneshot carries one value from one task to another", async () => {
  const seen = await runTest(function* () {
    const [sender, receiver] = oneshot<string>();
    spawn(function* () {
      yield* sleep(1_000);
      sender.send("ready when you are");
    });
    return [yield* receiver, now()];
  });
  assertEquals(seen, ["ready when you are", 1_000]);
});

Deno.test("lesson 13.1 · the value wakes its receiver once, and there is no second value", () => {
  const [sender, receiver] = oneshot<number>();
  const waiting = byHand(receiver);
  waiting.assertPending();
  assertFalse(waiting.wasWoken());
  sender.send(42);
  assertEquals(waiting.wakes, 1);
  assertEquals(waiting.assertReady(), 42);
  assertEquals(waiting.wakersKept, 0);
  assertThrows(() => sender.send(43), Error, "Cannot send twice");
});

Deno.test("lesson 13.2 · a dropped sender is an error for the receiver", async () => {
  await runTest(function* () {
    const [sender, receiver] = oneshot<number>();
    spawn(function* () {
      using _sender = sender; // given up without a value: a crash between here and `send`, say
      yield* sleep(1_000);
    });
    try {
      yield* receiver;
      throw new Error("a value came out of nowhere");
    } catch (error) {
      assert(error instanceof Closed, String(error));
      assertEquals([error.code, now()], ["CLOSED", 1_000]);
    }
  });
});

Deno.test("lesson 13.2 · a dropped receiver gives the sender its value back", () => {
  const [sender, receiver] = oneshot<number>();
  receiver.drop();
  assert(sender.isClosed);
  const refused = assertThrows(() => sender.send(42), SendFailed);
  assertEquals(refused.value, 42);
});

Deno.test("lesson 13.3 · three senders of ten values each: all arrive, each sender's in order", async () => {
  const received: [sender: string, n: number][] = [];
  await runTest(() =>
    scope(function* (s) {
      const [first, receiver] = mpsc<[string, number]>(4);
      const senders = { a: first, b: first.clone(), c: first.clone() };
      for (const [name, sender] of Object.entries(senders)) {
        s.spawn(function* () {
          using _closedAtTheEnd = sender;
          for (let n = 0; n < 10; n++) yield* sender.send([name, n]);
        });
      }
      // The last sender to close ends the channel.
      for (let item = yield* receiver.recv(); item !== End; item = yield* receiver.recv()) {
        received.push(item);
      }
    })
  );
  assertEquals(received.length, 30);
  for (const name of ["a", "b", "c"]) {
    const numbers = received.filter(([sender]) => sender === name).map(([, n]) => n);
    assertEquals(numbers, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }
  show(received.map(([name, n]) => name + n).join(" "));
});

Deno.test("lesson 13.4 · with a capacity of two the third send waits for the first receive", async () => {
  const sent: number[] = [];
  await runTest(function* () {
    const [sender, receiver] = mpsc<string>(2);
    const producer = spawn(function* () {
      for (const word of ["one", "two", "three"]) {
        yield* sender.send(word);
        sent.push(now());
      }
    });
    yield* sleep(1_000);
    assertEquals([sent, receiver.length], [[0, 0], 2]);
    assertEquals(yield* receiver.recv(), "one");
    yield* producer;
    assertEquals([yield* receiver.recv(), yield* receiver.recv()], ["two", "three"]);
  });
  assertEquals(sent, [0, 0, 1_000]);
});

Deno.test("lesson 13.4 · a send that is given up has sent nothing, and its turn is the next one's", () => {
  const [sender, receiver] = mpsc<string>(1);
  sender.trySend("first");
  const [givenUp, next] = ["given up", "next"].map((word) => byHand(sender.send(word)));
  givenUp.assertPending();
  next.assertPending();
  givenUp.drop();
  assertEquals(receiver.tryRecv(), "first");
  assert(next.wasWoken());
  next.assertReady();
  assertEquals([receiver.tryRecv(), receiver.length], ["next", 0]);
  assertEquals([givenUp.wakersKept, next.wakersKept], [0, 0]);
});
