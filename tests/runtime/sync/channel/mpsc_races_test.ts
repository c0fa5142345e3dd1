import {
  callbackWaker,
  Closed,
  Context,
  End,
  Full,
  Pending,
  PolledAfterReady,
} from "wakeful/runtime";
import { assert, assertEquals, assertInstanceOf, assertThrows } from "../../../support/assert.ts";
import { FakeLoop } from "../../../support/fake_loop.ts";
import { assertSendFails, fullChannel, waitingSend } from "../../../support/full_channel.ts";
import { handPoll } from "../../../support/hand_poll.ts";
import { thrownBy } from "../../../support/recorder.ts";

Deno.test("mpsc: one who comes between grant and poll does not overtake", () => {
  const { sender, receiver } = fullChannel();
  const send = waitingSend(sender, 1);
  assertEquals(receiver.tryRecv(), 0);
  assertThrows(() => sender.trySend(2), Full);
  const later = waitingSend(sender, 2);
  send.assertReady(undefined);
  assertEquals([receiver.tryRecv(), later.woken], [1, true]);
});

Deno.test("mpsc: a send dropped in the turn its slot was granted passes it on", () => {
  const { sender, receiver } = fullChannel();
  const [granted, next] = [waitingSend(sender, 1), waitingSend(sender, 2)];
  receiver.tryRecv();
  assertEquals([granted.woken, next.woken], [true, false]);
  granted.drop();
  granted.drop();
  assert(next.woken);
  next.assertReady(undefined);
  assertThrows(() => sender.trySend(3), Full);
  assertEquals(receiver.tryRecv(), 2);
});

Deno.test("mpsc: a granted slot that nobody else wants is free again", () => {
  const { sender, receiver } = fullChannel();
  const granted = waitingSend(sender, 1);
  receiver.tryRecv();
  granted.drop();
  sender.trySend(2);
  assertEquals(receiver.tryRecv(), 2);
});

Deno.test("mpsc: the receiver closed while senders wait gives each its value back", () => {
  const { sender, receiver } = fullChannel();
  const sends = [waitingSend(sender, 1), waitingSend(sender, 2)];
  receiver.close();
  for (const [i, send] of sends.entries()) {
    assertEquals([send.wakes, send.kept], [1, 0]);
    assertSendFails(() => send.poll(), i + 1);
    assertThrows(() => send.poll(), PolledAfterReady);
  }
  assertEquals([receiver.tryRecv(), receiver.tryRecv()], [0, End]);
});

Deno.test("mpsc: the receiver closed while a reservation waits, or was granted, ends it", () => {
  const { sender, receiver } = fullChannel();
  const reserves = [handPoll(sender.reserve()), handPoll(sender.reserve())];
  for (const reserve of reserves) reserve.assertPending();
  receiver.tryRecv();
  receiver.close();
  for (const reserve of reserves) assertThrows(() => reserve.poll(), Closed, "the channel");
});

Deno.test("mpsc: a send that was granted a slot before the close fails all the same", () => {
  const { sender, receiver } = fullChannel();
  const granted = waitingSend(sender, 1);
  receiver.tryRecv();
  receiver.close();
  assertEquals(receiver.tryRecv(), End);
  assertSendFails(() => granted.poll(), 1);
});

Deno.test("mpsc: the last send of all, dropped when its slot was granted, wakes the receiver", () => {
  const { sender, receiver } = fullChannel();
  const last = waitingSend(sender, 1);
  sender.close();
  assertEquals(receiver.tryRecv(), 0);
  const recv = handPoll(receiver.recv());
  recv.assertPending();
  last.drop();
  assert(recv.woken);
  recv.assertReady(End);
});

Deno.test("mpsc: the last send of all, dropped while it waits, does not keep the end away", () => {
  const { sender, receiver } = fullChannel();
  const last = waitingSend(sender, 1);
  sender.close();
  last.drop();
  assertEquals([receiver.isClosed, receiver.tryRecv(), receiver.tryRecv()], [true, 0, End]);
});

Deno.test("mpsc: senders that change the list while they are woken by a close", () => {
  const { sender, receiver } = fullChannel();
  const victim = waitingSend(sender, 1);
  const meddler = sender.send(2);
  let wakes = 0;
  const waker = callbackWaker(() => {
    wakes++;
    bystander.drop();
    assertSendFails(() => sender.trySend(4), 4);
  });
  assertEquals(meddler.poll(new Context(waker, new FakeLoop())), Pending);
  const bystander = waitingSend(sender, 3);
  receiver.close();
  assertEquals([victim.wakes, wakes, bystander.wakes, bystander.kept], [1, 1, 0, 0]);
});

Deno.test("mpsc: a wake that sends at once finds the slot granted, not free", () => {
  const { sender, receiver } = fullChannel();
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
