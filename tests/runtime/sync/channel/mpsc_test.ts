import { End, mpsc, Pending, type Receiver, type Sender, unbounded } from "wakeful/runtime";
import {
  assert,
  assertEquals,
  assertFalse,
  assertStrictEquals,
  assertThrows,
} from "../../../support/assert.ts";
import { handPoll } from "../../../support/hand_poll.ts";
import { VirtualRuntime } from "../../../support/virtual_runtime.ts";

/** Everything that both kinds promise alike. */
function testAlike(name: string, channel: <T>() => [Sender<T>, Receiver<T>]): void {
  const test = (behaviour: string, body: () => void) => Deno.test(`${name}: ${behaviour}`, body);

  test("values come out in the order they went in", () => {
    const [sender, receiver] = channel<number>();
    for (let i = 0; i < 3; i++) handPoll(sender.send(i)).assertReady(undefined);
    assertEquals([sender.length, receiver.length], [3, 3]);
    for (let i = 0; i < 3; i++) handPoll(receiver.recv()).assertReady(i);
    assertEquals([sender.length, receiver.tryRecv()], [0, Pending]);
  });

  test("a receiver that waits is woken by the first value, once", () => {
    const [sender, receiver] = channel<number>();
    const recv = handPoll(receiver.recv());
    recv.assertPending();
    sender.trySend(1);
    sender.trySend(2);
    assertEquals([recv.wakes, recv.kept], [1, 0]);
    recv.assertReady(1);
    assertEquals(receiver.tryRecv(), 2);
  });

  test("undefined is a value like any other", () => {
    const [sender, receiver] = channel<undefined>();
    sender.trySend(undefined);
    handPoll(receiver.recv()).assertReady(undefined);
    assertEquals(receiver.tryRecv(), Pending);
  });

  test("when the last sender is closed what is inside is received, then End, for ever", () => {
    const [sender, receiver] = channel<number>();
    const other = sender.clone();
    sender.trySend(1);
    sender.close();
    other.trySend(2);
    assertFalse(receiver.isClosed);
    other.close();
    assert(receiver.isClosed);
    for (const item of [1, 2, End, End] as const) handPoll(receiver.recv()).assertReady(item);
    assertEquals(receiver.tryRecv(), End);
  });

  test("closing the last sender wakes a receiver that waits", () => {
    const [sender, receiver] = channel<number>();
    const [other, recv] = [sender.clone(), handPoll(receiver.recv())];
    recv.assertPending();
    sender.close();
    sender.close();
    assertFalse(recv.woken);
    other.close();
    assertEquals([recv.wakes, recv.kept], [1, 0]);
    recv.assertReady(End);
  });

  test("what was inside when the receiver closed is received, then End", () => {
    const [sender, receiver] = channel<number>();
    sender.trySend(1);
    receiver.close();
    receiver.close();
    assert(receiver.isClosed && sender.isClosed);
    handPoll(receiver.recv()).assertReady(1);
    handPoll(receiver.recv()).assertReady(End);
  });

  test("a recv that waits ends when the receiver is closed", () => {
    const [, receiver] = channel<number>();
    const recv = handPoll(receiver.recv());
    recv.assertPending();
    receiver.close();
    assertEquals([recv.wakes, recv.kept], [1, 0]);
    recv.assertReady(End);
  });

  test("a recv dropped after it was woken leaves the value to the next", () => {
    const [sender, receiver] = channel<number>();
    const recv = handPoll(receiver.recv());
    recv.assertPending();
    sender.trySend(1);
    assert(recv.woken);
    recv.drop();
    handPoll(receiver.recv()).assertReady(1);
  });

  test("clones reach the same receiver, other channels do not", () => {
    const [sender] = channel<number>();
    const [stranger] = channel<number>();
    assert(sender.sameChannel(sender.clone()));
    assertFalse(sender.sameChannel(stranger));
  });

  test("values of several tasks keep each task's order", () => {
    using rt = new VirtualRuntime();
    const [sender, receiver] = channel<string>();
    for (const name of ["a", "b", "c"]) {
      const tx = sender.clone();
      rt.spawn(function* () {
        using _closedAtTheEnd = tx;
        for (let i = 0; i < 10; i++) yield* tx.send(`${name}${i}`);
      });
    }
    sender.close();
    const seen = rt.run(function* () {
      const seen: string[] = [];
      for (let s = yield* receiver.recv(); s !== End; s = yield* receiver.recv()) seen.push(s);
      return seen;
    });
    assertEquals(seen.length, 30);
    for (const name of ["a", "b", "c"]) {
      const own = seen.filter((item) => item.startsWith(name));
      assertEquals(own, Array.from({ length: 10 }, (_, i) => `${name}${i}`));
    }
  });
}

testAlike("mpsc", () => mpsc(4));
testAlike("unbounded", unbounded);

Deno.test("mpsc: with a capacity of 2 the third send waits for a recv", () => {
  const [sender, receiver] = mpsc<number>(2);
  for (const value of [1, 2]) handPoll(sender.send(value)).assertReady(undefined);
  const third = handPoll(sender.send(3));
  third.assertPending();
  assertEquals([sender.capacity, sender.length, receiver.tryRecv()], [2, 2, 1]);
  assertEquals([third.wakes, third.kept], [1, 0]);
  third.assertReady(undefined);
  assertEquals([receiver.tryRecv(), receiver.tryRecv()], [2, 3]);
});

Deno.test("unbounded: a send never waits", () => {
  const [sender, receiver] = unbounded<number>();
  for (let i = 0; i < 1000; i++) handPoll(sender.send(i)).assertReady(undefined);
  assertEquals([sender.capacity, receiver.length], [Infinity, 1000]);
});

Deno.test("mpsc: an infinite capacity is none", () => {
  assertStrictEquals(mpsc(Infinity)[0].capacity, Infinity);
});

for (const capacity of [0, -1, 1.5, NaN, -Infinity]) {
  Deno.test(`mpsc: refuses a capacity of ${capacity}`, () => {
    assertThrows(() => mpsc(capacity), RangeError, `got ${capacity}`);
  });
}
