import {
  callbackWaker,
  Closed,
  Context,
  End,
  Full,
  Misuse,
  mpsc,
  Pending,
  PolledAfterReady,
  type Sender,
  SendFailed,
  type SendPermit,
} from "wakeful/runtime";
import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertThrows,
} from "../../../support/assert.ts";
import { FakeLoop } from "../../../support/fake_loop.ts";
import { type HandPoll, handPoll } from "../../../support/hand_poll.ts";
import { thrownBy } from "../../../support/recorder.ts";

/** A full channel of one, holding 0. */
function full() {
  const [sender, receiver] = mpsc<number>(1);
  sender.trySend(0);
  return { sender, receiver };
}

/** A send, polled once and found waiting. */
function waiting(sender: Sender<number>, value: number): HandPoll<void> {
  const send = handPoll(sender.send(value));
  send.assertPending();
  return send;
}

function reserved(sender: Sender<number>): SendPermit<number> {
  return handPoll(sender.reserve()).take();
}

function assertSendFails(act: () => unknown, value: number): void {
  const error = thrownBy(act);
  assertInstanceOf(error, SendFailed);
  assertEquals(error.value, value);
}

Deno.test("Sender: nothing is sent before the first poll", () => {
  const [sender, receiver] = mpsc<number>(1);
  const send = handPoll(sender.send(1));
  assertEquals(receiver.tryRecv(), Pending);
  send.drop();
  assertThrows(() => send.poll(), PolledAfterReady);
  assertEquals(receiver.tryRecv(), Pending);
});

Deno.test("Sender: waiting sends are served in the order of asking, one for each slot", () => {
  const { sender, receiver } = full();
  const [first, second] = [waiting(sender, 1), waiting(sender.clone(), 2)];
  assertEquals(receiver.tryRecv(), 0);
  assertEquals([first.woken, second.woken], [true, false]);
  second.assertPending();
  first.assertReady(undefined);
  assertEquals([receiver.tryRecv(), second.woken], [1, true]);
  second.assertReady(undefined);
  assertEquals(receiver.tryRecv(), 2);
});

Deno.test("Sender: trySend answers with the value when it is full", () => {
  const { sender } = full();
  const error = thrownBy(() => sender.trySend(1));
  assertInstanceOf(error, Full);
  assertEquals(error.value, 1);
});

Deno.test("Sender: one who comes between grant and poll does not overtake", () => {
  const { sender, receiver } = full();
  const send = waiting(sender, 1);
  assertEquals(receiver.tryRecv(), 0);
  assertThrows(() => sender.trySend(2), Full);
  const later = waiting(sender, 2);
  send.assertReady(undefined);
  assertEquals([receiver.tryRecv(), later.woken], [1, true]);
});

Deno.test("Sender: a send that is dropped while it waits has sent nothing", () => {
  const { sender, receiver } = full();
  const [dropped, next] = [waiting(sender, 1), waiting(sender, 2)];
  dropped.drop();
  dropped.drop();
  assertEquals([dropped.kept, receiver.tryRecv(), next.woken], [0, 0, true]);
  next.assertReady(undefined);
  assertEquals(receiver.tryRecv(), 2);
});

Deno.test("Sender: a send dropped in the turn its slot was granted passes it on", () => {
  const { sender, receiver } = full();
  const [granted, next] = [waiting(sender, 1), waiting(sender, 2)];
  receiver.tryRecv();
  assertEquals([granted.woken, next.woken], [true, false]);
  granted.drop();
  granted.drop();
  assert(next.woken);
  next.assertReady(undefined);
  assertThrows(() => sender.trySend(3), Full);
  assertEquals(receiver.tryRecv(), 2);
});

Deno.test("Sender: a granted slot that nobody else wants is free again", () => {
  const { sender, receiver } = full();
  const granted = waiting(sender, 1);
  receiver.tryRecv();
  granted.drop();
  sender.trySend(2);
  assertEquals(receiver.tryRecv(), 2);
});

Deno.test("Sender: a waiting send that is polled again keeps the latest waker", () => {
  const { sender, receiver } = full();
  const first = waiting(sender, 1);
  const second = handPoll(first.future);
  second.assertPending();
  assertEquals([first.kept, second.kept], [0, 1]);
  receiver.tryRecv();
  second.assertReady(undefined);
  assertThrows(() => first.poll(), PolledAfterReady);
  first.drop();
  assertEquals([sender.length, receiver.tryRecv()], [1, 1]);
});

Deno.test("Sender: the receiver closed while senders wait gives each its value back", () => {
  const { sender, receiver } = full();
  const sends = [waiting(sender, 1), waiting(sender, 2)];
  receiver.close();
  for (const [i, send] of sends.entries()) {
    assertEquals([send.wakes, send.kept], [1, 0]);
    assertSendFails(() => send.poll(), i + 1);
    assertThrows(() => send.poll(), PolledAfterReady);
  }
  assertEquals([receiver.tryRecv(), receiver.tryRecv()], [0, End]);
});

Deno.test("Sender: the receiver closed while a reservation waits, or was granted, ends it", () => {
  const { sender, receiver } = full();
  const reserves = [handPoll(sender.reserve()), handPoll(sender.reserve())];
  for (const reserve of reserves) reserve.assertPending();
  receiver.tryRecv();
  receiver.close();
  for (const reserve of reserves) assertThrows(() => reserve.poll(), Closed, "the channel");
});

Deno.test("Sender: a send that was granted a slot before the close fails all the same", () => {
  const { sender, receiver } = full();
  const granted = waiting(sender, 1);
  receiver.tryRecv();
  receiver.close();
  assertEquals(receiver.tryRecv(), End);
  assertSendFails(() => granted.poll(), 1);
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
  const { sender, receiver } = full();
  const send = waiting(sender, 1);
  sender.close();
  assertFalse(receiver.isClosed);
  assertEquals([receiver.tryRecv(), receiver.tryRecv()], [0, Pending]);
  send.assertReady(undefined);
  assertEquals([receiver.tryRecv(), receiver.tryRecv()], [1, End]);
});

Deno.test("Sender: the last send of all, dropped when its slot was granted, wakes the receiver", () => {
  const { sender, receiver } = full();
  const last = waiting(sender, 1);
  sender.close();
  assertEquals(receiver.tryRecv(), 0);
  const recv = handPoll(receiver.recv());
  recv.assertPending();
  last.drop();
  assert(recv.woken);
  recv.assertReady(End);
});

Deno.test("Sender: the last send of all, dropped while it waits, does not keep the end away", () => {
  const { sender, receiver } = full();
  const last = waiting(sender, 1);
  sender.close();
  last.drop();
  assertEquals([receiver.isClosed, receiver.tryRecv(), receiver.tryRecv()], [true, 0, End]);
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

Deno.test("SendPermit: holds a slot until it is used", () => {
  const [sender, receiver] = mpsc<number>(1);
  const permit = reserved(sender);
  assertThrows(() => sender.trySend(1), Full);
  assertEquals([sender.length, receiver.tryRecv()], [0, Pending]);
  permit.send(2);
  assertEquals(receiver.tryRecv(), 2);
  assertThrows(() => permit.send(3), Misuse, "twice");
});

Deno.test("SendPermit: released, its slot goes to whoever has waited longest, once", () => {
  const [sender, receiver] = mpsc<number>(1);
  const permit = reserved(sender);
  const [first, second] = [waiting(sender, 1), waiting(sender, 2)];
  permit.release();
  permit.release();
  assertEquals([first.woken, second.woken], [true, false]);
  assertThrows(() => permit.send(3), Misuse);
  first.assertReady(undefined);
  assertEquals(receiver.tryRecv(), 1);
});

Deno.test("SendPermit: leaving its scope releases it, unless it was used", () => {
  const [sender, receiver] = mpsc<number>(1);
  {
    using _unused = reserved(sender);
  }
  {
    using permit = reserved(sender);
    permit.send(1);
  }
  assertEquals([receiver.tryRecv(), receiver.tryRecv()], [1, Pending]);
  sender.trySend(2);
  assertThrows(() => sender.trySend(3), Full);
});

Deno.test("SendPermit: waits its turn, and a dropped wait passes its slot on", () => {
  const { sender, receiver } = full();
  const reserve = handPoll(sender.reserve());
  reserve.assertPending();
  const send = waiting(sender, 1);
  receiver.tryRecv();
  assertEquals([reserve.woken, send.woken], [true, false]);
  reserve.drop();
  assert(send.woken);
  send.assertReady(undefined);
});

Deno.test("SendPermit: keeps the channel from ending until it is used or released", () => {
  const [sender, receiver] = mpsc<number>(2);
  const [used, released] = [reserved(sender), reserved(sender)];
  sender.close();
  const recv = handPoll(receiver.recv());
  recv.assertPending();
  used.send(1);
  recv.assertReady(1);
  const last = handPoll(receiver.recv());
  last.assertPending();
  released.release();
  assert(last.woken);
  last.assertReady(End);
});

Deno.test("SendPermit: is worth nothing after the receiver's close", () => {
  const [sender, receiver] = mpsc<number>(2);
  const [used, released] = [reserved(sender), reserved(sender)];
  receiver.close();
  assertEquals(receiver.tryRecv(), End);
  assertSendFails(() => used.send(1), 1);
  released.release();
  assertEquals(receiver.tryRecv(), End);
});

Deno.test("Sender: senders that change the list while they are woken by a close", () => {
  const { sender, receiver } = full();
  const victim = waiting(sender, 1);
  const meddler = sender.send(2);
  let wakes = 0;
  const waker = callbackWaker(() => {
    wakes++;
    bystander.drop();
    assertSendFails(() => sender.trySend(4), 4);
  });
  assertEquals(meddler.poll(new Context(waker, new FakeLoop())), Pending);
  const bystander = waiting(sender, 3);
  receiver.close();
  assertEquals([victim.wakes, wakes, bystander.wakes, bystander.kept], [1, 1, 0, 0]);
});

Deno.test("Sender: a wake that sends at once finds the slot granted, not free", () => {
  const { sender, receiver } = full();
  const seen: unknown[] = [];
  const send = sender.send(1);
  const waker = callbackWaker(() => void seen.push(thrownBy(() => sender.trySend(2))));
  const cx = new Context(waker, new FakeLoop());
  assertEquals(send.poll(cx), Pending);
  assertEquals(receiver.tryRecv(), 0);
  assertInstanceOf(seen[0], Full);
  send.poll(cx);
  assertEquals(receiver.tryRecv(), 1);
});
