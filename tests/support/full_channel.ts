import { mpsc, type Sender, SendFailed } from "wakeful/runtime";
import { assertEquals, assertInstanceOf } from "./assert.ts";
import { type HandPoll, handPoll } from "./hand_poll.ts";
import { thrownBy } from "./recorder.ts";

/** A channel of one that is full, holding 0. */
export function fullChannel() {
  const [sender, receiver] = mpsc<number>(1);
  sender.trySend(0);
  return { sender, receiver };
}

/** A send, polled once and found waiting. */
export function waitingSend(sender: Sender<number>, value: number): HandPoll<void> {
  const send = handPoll(sender.send(value));
  send.assertPending();
  return send;
}

/** It throws `SendFailed`, and gives `value` back. */
export function assertSendFails(act: () => unknown, value: number): void {
  const error = thrownBy(act);
  assertInstanceOf(error, SendFailed);
  assertEquals(error.value, value);
}
