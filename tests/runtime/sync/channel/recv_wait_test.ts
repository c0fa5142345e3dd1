import { Busy, Pending, PolledAfterReady, type Waker } from "wakeful/runtime";
import { type Inbox, RecvWait } from "../../../../runtime/sync/channel/recv_wait.ts";
import {
  assert,
  assertEquals,
  assertFalse,
  assertStrictEquals,
  assertThrows,
} from "../../../support/assert.ts";
import { handPoll } from "../../../support/hand_poll.ts";

/** An inbox that holds values in a plain array. */
class Tray implements Inbox {
  receiving: unknown;
  waker: Waker | undefined;
  values: string[] = [];

  wait(waker: Waker): void {
    this.waker = waker.clone();
  }
  forget(): void {
    this.receiving = undefined;
    this.waker?.drop();
  }
  put(value: string): void {
    this.values.push(value);
    this.waker?.wakeByRef();
  }
  recv(): RecvWait<string> {
    return new RecvWait(this, "a recv()", () => this.values.shift() ?? Pending);
  }
}

Deno.test("RecvWait: answers what is there, and waits for nothing", () => {
  const tray = new Tray();
  tray.put("a");
  const recv = handPoll(tray.recv());
  recv.assertReady("a");
  assertEquals([tray.receiving, recv.kept], [undefined, 0]);
});

Deno.test("RecvWait: waits in the inbox and leaves it with the value", () => {
  const tray = new Tray();
  const recv = handPoll(tray.recv());
  recv.assertPending();
  assertStrictEquals(tray.receiving, recv.future);
  tray.put("a");
  assert(recv.woken);
  recv.assertReady("a");
  assertEquals([tray.receiving, recv.kept], [undefined, 0]);
});

Deno.test("RecvWait: a second that waits in the same inbox gets Busy, the first goes on", () => {
  const tray = new Tray();
  const [first, second] = [handPoll(tray.recv()), handPoll(tray.recv())];
  first.assertPending();
  assertThrows(() => second.poll(), Busy, "a recv()");
  assertThrows(() => second.poll(), PolledAfterReady);
  second.drop();
  assertStrictEquals(tray.receiving, first.future);
  tray.put("a");
  first.assertReady("a");
});

Deno.test("RecvWait: keeps the latest waker only", () => {
  const tray = new Tray();
  const future = tray.recv();
  const [first, second] = [handPoll(future), handPoll(future)];
  first.assertPending();
  second.assertPending();
  assertEquals([first.kept, second.kept], [0, 1]);
});

Deno.test("RecvWait: dropped, it frees the inbox and leaves the value for the next", () => {
  const tray = new Tray();
  const first = handPoll(tray.recv());
  first.assertPending();
  tray.put("a");
  first.drop();
  first.drop();
  assertEquals([tray.receiving, first.kept], [undefined, 0]);
  assertThrows(() => first.poll(), PolledAfterReady);
  handPoll(tray.recv()).assertReady("a");
});

Deno.test("RecvWait: can be begun again when it is idle", () => {
  const tray = new Tray();
  const future = tray.recv();
  assertFalse(future.idle);
  tray.put("a");
  handPoll(future).assertReady("a");
  assert(future.idle);
  tray.put("b");
  handPoll(future.begin()).assertReady("b");
  future.begin().drop();
  assert(future.idle);
});

Deno.test("RecvWait: an attempt that throws frees the inbox", () => {
  const tray = new Tray();
  let calls = 0;
  const recv = handPoll(
    new RecvWait(tray, "a recv()", () => {
      if (++calls === 2) throw new RangeError("own");
      return Pending;
    }),
  );
  recv.assertPending();
  assertThrows(() => recv.poll(), RangeError, "own");
  assertEquals([tray.receiving, recv.kept], [undefined, 0]);
});
