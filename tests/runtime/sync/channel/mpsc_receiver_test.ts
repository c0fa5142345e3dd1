import { Busy, End, mpsc, Pending } from "wakeful/runtime";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "../../../support/assert.ts";
import { handPoll } from "../../../support/hand_poll.ts";

/** A channel of four that holds `values`. */
function holding(...values: number[]) {
  const [sender, receiver] = mpsc<number>(4);
  for (const value of values) sender.trySend(value);
  return { sender, receiver };
}

Deno.test("Receiver: only one may wait; a second gets Busy even when a value has come", () => {
  const { sender, receiver } = holding();
  const [first, second] = [handPoll(receiver.recv()), handPoll(receiver.recv())];
  first.assertPending();
  assertThrows(() => second.poll(), Busy, "a recv()");
  sender.trySend(1);
  assertThrows(() => handPoll(receiver.recvMany([], 1)).poll(), Busy);
  first.assertReady(1);
});

Deno.test("Receiver: one future serves one recv after another", () => {
  const { receiver } = holding(1, 2);
  const first = receiver.recv();
  handPoll(first).assertReady(1);
  const second = receiver.recv();
  assertStrictEquals(first, second);
  handPoll(second).assertReady(2);
});

Deno.test("Receiver: a recv that is under way is not begun again by the next", () => {
  const { sender, receiver } = holding();
  const [early, late] = [handPoll(receiver.recv()), handPoll(receiver.recv())];
  assert(early.future !== late.future);
  sender.trySend(1);
  sender.trySend(2);
  late.assertReady(1);
  early.assertReady(2);
});

Deno.test("Receiver: a dropped recv frees the place and keeps no waker", () => {
  const { receiver } = holding();
  const recv = handPoll(receiver.recv());
  recv.assertPending();
  recv.drop();
  assertEquals(recv.kept, 0);
  handPoll(receiver.recv()).assertPending();
});

Deno.test("Receiver: tryRecv may take what another was woken for; that one waits on", () => {
  const { sender, receiver } = holding();
  const recv = handPoll(receiver.recv());
  recv.assertPending();
  sender.trySend(1);
  assertEquals(receiver.tryRecv(), 1);
  recv.assertPending();
  sender.trySend(2);
  assert(recv.woken);
  recv.assertReady(2);
});

Deno.test("Receiver: recvMany takes what is there, and not more than the limit", () => {
  const { receiver } = holding(1, 2, 3);
  const into = [0];
  handPoll(receiver.recvMany(into, 2)).assertReady(2);
  handPoll(receiver.recvMany(into, 2)).assertReady(1);
  assertEquals(into, [0, 1, 2, 3]);
});

Deno.test("Receiver: recvMany waits for the first and takes those that came meanwhile", () => {
  const { sender, receiver } = holding();
  const into: number[] = [];
  const recv = handPoll(receiver.recvMany(into, 10));
  recv.assertPending();
  for (const value of [1, 2]) sender.trySend(value);
  recv.assertReady(2);
  assertEquals(into, [1, 2]);
});

Deno.test("Receiver: recvMany answers 0 at the end, after what was left", () => {
  const { sender, receiver } = holding(1);
  sender.close();
  const into: number[] = [];
  handPoll(receiver.recvMany(into, 5)).assertReady(1);
  handPoll(receiver.recvMany(into, 5)).assertReady(0);
  assertEquals(into, [1]);
});

Deno.test("Receiver: recvMany wakes a sender for each slot it frees", () => {
  const { sender, receiver } = holding(1, 2, 3, 4);
  const sends = [5, 6, 7].map((value) => handPoll(sender.send(value)));
  for (const send of sends) send.assertPending();
  handPoll(receiver.recvMany([], 2)).assertReady(2);
  assertEquals(sends.map((send) => send.woken), [true, true, false]);
});

Deno.test("Receiver: a recvMany dropped after its wake has taken nothing", () => {
  const { sender, receiver } = holding();
  const into: number[] = [];
  const recv = handPoll(receiver.recvMany(into, 2));
  recv.assertPending();
  sender.trySend(1);
  recv.drop();
  assertEquals([into, receiver.tryRecv()], [[], 1]);
});

for (const limit of [0, -1, 1.5, NaN, Infinity]) {
  Deno.test(`Receiver: recvMany refuses a limit of ${limit}`, () => {
    assertThrows(() => holding().receiver.recvMany([], limit), RangeError, `got ${limit}`);
  });
}

Deno.test("Receiver: leaving its scope closes it", () => {
  const { sender, receiver } = holding();
  {
    using _receiver = receiver;
  }
  assertEquals([sender.isClosed, receiver.tryRecv()], [true, End]);
});

Deno.test("Receiver: an empty channel with open senders answers Pending to tryRecv", () => {
  assertEquals(holding().receiver.tryRecv(), Pending);
});
