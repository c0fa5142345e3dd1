import { End, Full, Misuse, mpsc, Pending, type Sender, type SendPermit } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../../support/assert.ts";
import { assertSendFails, fullChannel, waitingSend } from "../../../support/full_channel.ts";
import { handPoll } from "../../../support/hand_poll.ts";

function reserved(sender: Sender<number>): SendPermit<number> {
  return handPoll(sender.reserve()).take();
}

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
  const [first, second] = [waitingSend(sender, 1), waitingSend(sender, 2)];
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
  const { sender, receiver } = fullChannel();
  const reserve = handPoll(sender.reserve());
  reserve.assertPending();
  const send = waitingSend(sender, 1);
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
