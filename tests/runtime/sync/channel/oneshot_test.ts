import {
  Closed,
  Misuse,
  oneshot,
  Pending,
  PolledAfterReady,
  SendFailed,
  timeout,
} from "wakeful/runtime";
import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertThrows,
} from "../../../support/assert.ts";
import { handPoll } from "../../../support/hand_poll.ts";
import { thrownBy } from "../../../support/recorder.ts";
import { VirtualRuntime } from "../../../support/virtual_runtime.ts";

Deno.test("oneshot: a value that was sent first is received at the first poll", () => {
  const [sender, receiver] = oneshot<string>();
  sender.send("a");
  handPoll(receiver).assertReady("a");
});

Deno.test("oneshot: a receiver that waits is woken by the value", () => {
  const [sender, receiver] = oneshot<string>();
  const recv = handPoll(receiver);
  recv.assertPending();
  sender.send("a");
  assertEquals([recv.wakes, recv.kept], [1, 0]);
  recv.assertReady("a");
});

Deno.test("oneshot: undefined is a value like any other", () => {
  const [sender, receiver] = oneshot<undefined>();
  assertEquals(receiver.tryRecv(), Pending);
  sender.send(undefined);
  assertEquals(receiver.tryRecv(), undefined);
});

Deno.test("oneshot: a sender closed without sending ends the wait with Closed", () => {
  const [sender, receiver] = oneshot<string>();
  const recv = handPoll(receiver);
  recv.assertPending();
  sender.close();
  assertEquals([recv.wakes, recv.kept], [1, 0]);
  assertThrows(() => recv.poll(), Closed, "oneshot");
  assertThrows(() => recv.poll(), PolledAfterReady, "oneshot");
});

Deno.test("oneshot: a sender leaving its scope is closed; after a send that changes nothing", () => {
  const [silent, [spoke, heard]] = [oneshot<string>(), oneshot<string>()];
  {
    using _silent = silent[0];
    using speaker = spoke;
    speaker.send("a");
  }
  assertThrows(() => silent[1].tryRecv(), Closed);
  assertEquals(heard.tryRecv(), "a");
});

Deno.test("oneshot: sending twice is an error, even after the value was taken", () => {
  const [sender, receiver] = oneshot<string>();
  sender.send("a");
  assertThrows(() => sender.send("b"), Misuse, "twice");
  assertEquals(receiver.tryRecv(), "a");
  assertThrows(() => sender.send("c"), Misuse, "twice");
});

for (const [how, end] of [["closed", "close"], ["dropped", "drop"]] as const) {
  Deno.test(`oneshot: a send to a receiver that was ${how} gives the value back`, () => {
    const [sender, receiver] = oneshot<string>();
    assertFalse(sender.isClosed);
    receiver[end]();
    assert(sender.isClosed);
    const error = thrownBy(() => sender.send("a"));
    assertInstanceOf(error, SendFailed);
    assertEquals(error.value, "a");
  });
}

Deno.test("oneshot: a send after close gives the value back", () => {
  const [sender] = oneshot<string>();
  sender.close();
  const error = thrownBy(() => sender.send("a"));
  assertInstanceOf(error, SendFailed);
  assertEquals([error.value, sender.isClosed], ["a", true]);
});

Deno.test("oneshot: a receiver that closes still takes what was sent", () => {
  const [sender, receiver] = oneshot<string>();
  sender.send("a");
  receiver.close();
  handPoll(receiver).assertReady("a");
});

Deno.test("oneshot: a receiver closed while it is waited for wakes that wait with Closed", () => {
  const [, receiver] = oneshot<string>();
  const recv = handPoll(receiver);
  recv.assertPending();
  receiver.close();
  assert(recv.woken);
  assertThrows(() => recv.poll(), Closed);
});

Deno.test("oneshot: tryRecv answers Pending, the value once, then an error", () => {
  const [sender, receiver] = oneshot<string>();
  assertEquals(receiver.tryRecv(), Pending);
  sender.send("a");
  assertEquals(receiver.tryRecv(), "a");
  assertThrows(() => receiver.tryRecv(), PolledAfterReady);
});

Deno.test("oneshot: a dropped receiver keeps no waker and is not woken", () => {
  const [sender, receiver] = oneshot<string>();
  const recv = handPoll(receiver);
  recv.assertPending();
  recv.drop();
  recv.drop();
  sender.close();
  assertEquals([recv.woken, recv.kept], [false, 0]);
  assertThrows(() => recv.poll(), PolledAfterReady);
});

Deno.test("oneshot: keeps the latest waker only", () => {
  const [sender, receiver] = oneshot<string>();
  const [first, second] = [handPoll(receiver), handPoll(receiver)];
  first.assertPending();
  second.assertPending();
  assertEquals([first.kept, second.kept], [0, 1]);
  sender.send("a");
  assertEquals([first.woken, second.woken], [false, true]);
});

for (const end of ["close", "drop", "tryRecv"] as const) {
  Deno.test(`oneshot: closed() is ready after the receiver's ${end}`, () => {
    const [sender, receiver] = oneshot<string>();
    const closed = handPoll(sender.closed());
    closed.assertPending();
    if (end === "tryRecv") sender.send("a");
    assertFalse(closed.woken);
    receiver[end]();
    assertEquals([closed.wakes, closed.kept], [1, 0]);
    closed.assertReady(undefined);
  });
}

Deno.test("oneshot: a timeout around the receiver drops it", () => {
  using rt = new VirtualRuntime();
  const [sender, receiver] = oneshot<string>();
  const waiter = rt.spawn(() => timeout(5, receiver));
  rt.settle();
  assertFalse(sender.isClosed);
  rt.advance(5);
  assertThrows(() => rt.outcome(waiter));
  assert(sender.isClosed);
});
