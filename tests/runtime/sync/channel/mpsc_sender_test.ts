import { Closed, End, Full, mpsc, Pending, PolledAfterReady } from "wakeful/runtime";
import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertThrows,
} from "../../../support/assert.ts";
import { assertSendFails, fullChannel, waitingSend } from "../../../support/full_channel.ts";
import { handPoll } from "../../../support/hand_poll.ts";
import { thrownBy } from "../../../support/recorder.ts";

Deno.test("Sender: nothing is sent before the first poll", () => {
  const [sender, receiver] = mpsc<number>(1);
  const send = handPoll(sender.send(1));
  assertEquals(receiver.tryRecv(), Pending);
  send.drop();
  assertThrows(() => send.poll(), PolledAfterReady);
  assertEquals(receiver.tryRecv(), Pending);
});

Deno.test("Sender: waiting sends are served in the order of asking, one for each slot", () => {
  const { sender, receiver } = fullChannel();
  const [first, second] = [waitingSend(sender, 1), waitingSend(sender.clone(), 2)];
  assertEquals(receiver.tryRecv(), 0);
  assertEquals([first.woken, second.woken], [true, false]);
  second.assertPending();
  first.assertReady(undefined);
  assertEquals([receiver.tryRecv(), second.woken], [1, true]);
  second.assertReady(undefined);
  assertEquals(receiver.tryRecv(), 2);
});

Deno.test("Sender: trySend answers with the value when it is full", () => {
  const { sender } = fullChannel();
  const error = thrownBy(() => sender.trySend(1));
  assertInstanceOf(error, Full);
  assertEquals(error.value, 1);
});

Deno.test("Sender: a send that is dropped while it waits has sent nothing", () => {
  const { sender, receiver } = fullChannel();
  const [dropped, next] = [waitingSend(sender, 1), waitingSend(sender, 2)];
  dropped.drop();
  dropped.drop();
  assertEquals([dropped.kept, receiver.tryRecv(), next.woken], [0, 0, true]);
  next.assertReady(undefined);
  assertEquals(receiver.tryRecv(), 2);
});

Deno.test("Sender: a waiting send that is polled again keeps the latest waker", () => {
  const { sender, receiver } = fullChannel();
  const first = waitingSend(sender, 1);
  const second = handPoll(first.future);
  second.assertPending();
  assertEquals([first.kept, second.kept], [0, 1]);
  receiver.tryRecv();
  second.assertReady(undefined);
  assertThrows(() => first.poll(), PolledAfterReady);
  first.drop();
  assertEquals([sender.length, receiver.tryRecv()], [1, 1]);
});

Deno.test("Sender: a send after the receiver's close fails with the value", () => {
  const [sender, receiver] = mpsc<number>(1);
  receiver.close();
  assert(sender.isClosed);
  assertSendFails(() => handPoll(sender.send(1)).poll(), 1);
  assertSendFails(() => sender.trySend(2), 2);
  assertThrows(() => handPoll(sender.reserve()).poll(), Closed, "the channel");
});

Deno.test("Sender: closed itself, it sends nothing more, and its clones go on", () => {
  const [sender, receiver] = mpsc<number>(2);
  const other = sender.clone();
  const late = handPoll(sender.send(0));
  sender.close();
  assertEquals([sender.isClosed, other.isClosed], [true, false]);
  assertSendFails(() => late.poll(), 0);
  assertSendFails(() => sender.trySend(1), 1);
  assertThrows(() => handPoll(sender.reserve()).poll(), Closed);
  assertThrows(() => sender.clone(), Closed, "the sender");
  other.trySend(2);
  assertEquals(receiver.tryRecv(), 2);
});

Deno.test("Sender: a send that has begun goes on when its sender is closed", () => {
  const { sender, receiver } = fullChannel();
  const send = waitingSend(sender, 1);
  sender.close();
  assertFalse(receiver.isClosed);
  assertEquals([receiver.tryRecv(), receiver.tryRecv()], [0, Pending]);
  send.assertReady(undefined);
  assertEquals([receiver.tryRecv(), receiver.tryRecv()], [1, End]);
});

Deno.test("Sender: closed() is ready when the receiver has closed", () => {
  const [sender, receiver] = mpsc<number>(1);
  const [first, second] = [handPoll(sender.closed()), handPoll(sender.closed())];
  for (const closed of [first, second]) closed.assertPending();
  second.drop();
  receiver.close();
  assertEquals([first.wakes, second.wakes, second.kept], [1, 0, 0]);
  first.assertReady(undefined);
  handPoll(sender.closed()).assertReady(undefined);
});

Deno.test("Sender: leaving its scope closes it", () => {
  const [sender, receiver] = mpsc<number>(1);
  {
    using _sender = sender;
  }
  assertEquals(receiver.tryRecv(), End);
});
