import {
  broadcast,
  type BroadcastReceiver,
  Busy,
  Closed,
  End,
  Lagged,
  Pending,
  SendFailed,
} from "wakeful/runtime";
import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "../../../support/assert.ts";
import { type HandPoll, handPoll } from "../../../support/hand_poll.ts";
import { thrownBy } from "../../../support/recorder.ts";
import { VirtualRuntime } from "../../../support/virtual_runtime.ts";

/** Everything a receiver can have now; a number in brackets stands for as many missed. */
function drained(receiver: BroadcastReceiver<string>): string {
  let text = "";
  for (;;) {
    try {
      const item = receiver.tryRecv();
      if (item === Pending) return text;
      if (item === End) return `${text}.`;
      text += item;
    } catch (error) {
      assertInstanceOf(error, Lagged);
      text += `[${error.missed}]`;
    }
  }
}

function waiting<T>(receiver: BroadcastReceiver<T>): HandPoll<T | typeof End> {
  const recv = handPoll(receiver.recv());
  recv.assertPending();
  return recv;
}

Deno.test("broadcast: each receiver sees every value, in order", () => {
  const [sender, first] = broadcast<string>(4);
  const second = sender.subscribe();
  assertEquals([..."abc"].map((value) => sender.send(value)), [2, 2, 2]);
  assertEquals([first.length, drained(first), drained(second), first.length], [3, "abc", "abc", 0]);
});

Deno.test("broadcast: a receiver sees what was sent after it subscribed", () => {
  const [sender, first] = broadcast<string>(4);
  sender.send("a");
  const [second, third] = [sender.subscribe(), first.resubscribe()];
  assertEquals(sender.send("b"), 3);
  assertEquals([drained(first), drained(second), drained(third)], ["ab", "b", "b"]);
});

Deno.test("broadcast: a value wakes all who wait", () => {
  const [sender, first] = broadcast<string>(4);
  const waits = [waiting(first), waiting(sender.subscribe())];
  sender.send("a");
  sender.send("b");
  for (const recv of waits) {
    assertEquals([recv.wakes, recv.kept], [1, 0]);
    recv.assertReady("a");
  }
});

Deno.test("broadcast: a slow receiver is told once how many it missed, and goes on", () => {
  const [sender, slow] = broadcast<string>(2);
  const quick = sender.subscribe();
  for (const value of "abcde") {
    sender.send(value);
    assertEquals(drained(quick), value);
  }
  const error = thrownBy(() => handPoll(slow.recv()).poll());
  assertInstanceOf(error, Lagged);
  assertEquals(error.missed, 3);
  for (const value of "de") handPoll(slow.recv()).assertReady(value);
  assertEquals(slow.tryRecv(), Pending);
});

Deno.test("broadcast: a receiver that is exactly as far behind as fits has missed nothing", () => {
  const [sender, receiver] = broadcast<string>(3);
  for (const value of "abc") sender.send(value);
  assertEquals(drained(receiver), "abc");
  for (const value of "defg") sender.send(value);
  assertEquals(drained(receiver), "[1]efg");
});

Deno.test("broadcast: more that is lost before the next recv is told again", () => {
  const [sender, receiver] = broadcast<string>(2);
  for (const value of "abc") sender.send(value);
  assertThrows(() => receiver.tryRecv(), Lagged, "missed 1");
  for (const value of "de") sender.send(value);
  assertEquals(drained(receiver), "[2]de");
});

Deno.test("broadcast: a recv that was woken and then lagged behind throws", () => {
  const [sender, receiver] = broadcast<string>(1);
  const recv = waiting(receiver);
  for (const value of "abc") sender.send(value);
  assertThrows(() => recv.poll(), Lagged, "missed 2");
  handPoll(receiver.recv()).assertReady("c");
});

Deno.test("broadcast: undefined is a value like any other", () => {
  const [sender, receiver] = broadcast<undefined>(2);
  assertEquals(receiver.tryRecv(), Pending);
  sender.send(undefined);
  assertEquals([receiver.tryRecv(), receiver.tryRecv()], [undefined, Pending]);
});

Deno.test("broadcast: without receivers a send gives the value back", () => {
  const [sender, receiver] = broadcast<string>(2);
  receiver.close();
  const error = thrownBy(() => sender.send("a"));
  assertInstanceOf(error, SendFailed);
  assertEquals([error.value, sender.receiverCount], ["a", 0]);
  const later = sender.subscribe();
  assertEquals([sender.send("b"), drained(later)], [1, "b"]);
});

Deno.test("broadcast: after the last sender's close what is left is received, then End", () => {
  const [sender, receiver] = broadcast<string>(2);
  const other = sender.clone();
  for (const value of "abc") sender.send(value);
  sender.close();
  sender.close();
  assertFalse(receiver.isClosed);
  other.close();
  assert(receiver.isClosed);
  assertEquals([drained(receiver), receiver.tryRecv()], ["[1]bc.", End]);
});

Deno.test("broadcast: the last sender's close wakes all who wait", () => {
  const [sender, receiver] = broadcast<string>(2);
  const [other, recv] = [sender.clone(), waiting(receiver)];
  sender.close();
  assertFalse(recv.woken);
  other.close();
  assertEquals([recv.wakes, recv.kept], [1, 0]);
  recv.assertReady(End);
});

Deno.test("broadcast: a closed sender sends, clones and subscribes no more", () => {
  const [sender, receiver] = broadcast<string>(2);
  const other = sender.clone();
  sender.close();
  assertEquals([sender.isClosed, other.isClosed], [true, false]);
  assertThrows(() => sender.send("a"), SendFailed);
  assertThrows(() => sender.clone(), Closed, "the broadcast sender");
  assertThrows(() => sender.subscribe(), Closed, "the broadcast sender");
  other.send("b");
  assertEquals(drained(receiver), "b");
});

Deno.test("broadcast: a closed receiver answers End, and what waits on it is woken alone", () => {
  const [sender, receiver] = broadcast<string>(2);
  const [recv, other] = [waiting(receiver), waiting(sender.subscribe())];
  receiver.close();
  receiver.close();
  assertEquals([recv.wakes, other.wakes, sender.receiverCount], [1, 0, 1]);
  recv.assertReady(End);
  assertEquals([receiver.tryRecv(), receiver.isClosed, receiver.length], [End, true, 0]);
  assertThrows(() => receiver.resubscribe(), Closed, "the broadcast receiver");
});

Deno.test("broadcast: a receiver that is closed with values unseen does not disturb the others", () => {
  const [sender, first] = broadcast<string>(2);
  const second = sender.subscribe();
  for (const value of "abc") sender.send(value);
  first.close();
  assertEquals([sender.send("d"), sender.length], [1, 2]);
  assertEquals([drained(second), sender.length], ["[2]cd", 0]);
});

Deno.test("broadcast: leaving their scopes closes the ends", () => {
  const [sender, receiver] = broadcast<string>(2);
  {
    using _receiver = sender.subscribe();
    using _sender = sender;
  }
  assertEquals([sender.receiverCount, receiver.tryRecv()], [1, End]);
});

Deno.test("broadcast: a second recv of the same receiver gets Busy", () => {
  const [sender, receiver] = broadcast<string>(2);
  const recv = waiting(receiver);
  assertThrows(() => handPoll(receiver.recv()).poll(), Busy);
  sender.send("a");
  recv.assertReady("a");
});

Deno.test("broadcast: a recv dropped after it was woken leaves the value to the next", () => {
  const [sender, receiver] = broadcast<string>(2);
  const recv = waiting(receiver);
  sender.send("a");
  recv.drop();
  assertEquals(recv.kept, 0);
  handPoll(receiver.recv()).assertReady("a");
});

Deno.test("broadcast: a dropped recv keeps no waker, and its future is used again", () => {
  const [sender, receiver] = broadcast<string>(2);
  const recv = waiting(receiver);
  recv.drop();
  sender.send("a");
  assertEquals([recv.woken, recv.kept], [false, 0]);
  assertStrictEquals(receiver.recv(), recv.future);
});

Deno.test("broadcast: two listeners in tasks each hear everything", () => {
  using rt = new VirtualRuntime();
  const [sender, receiver] = broadcast<string>(8);
  const listeners = [receiver, sender.subscribe()].map((rx) =>
    rt.spawn(function* () {
      let text = "";
      for (let item = yield* rx.recv(); item !== End; item = yield* rx.recv()) text += item;
      return text;
    })
  );
  rt.settle();
  for (const value of "abc") sender.send(value);
  sender.close();
  rt.settle();
  assertEquals(listeners.map((listener) => rt.outcome(listener)), ["abc", "abc"]);
});

for (const capacity of [0, -1, 1.5, NaN, Infinity]) {
  Deno.test(`broadcast: refuses a capacity of ${capacity}`, () => {
    assertThrows(() => broadcast(capacity), RangeError, `got ${capacity}`);
  });
}
