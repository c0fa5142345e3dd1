import {
  broadcast,
  type BroadcastReceiver,
  type BroadcastSender,
  type Co,
  End,
  Lagged,
  random,
  SendFailed,
} from "wakeful/runtime";
import { assertEquals } from "../../support/assert.ts";
import { Crowd, rest } from "./crowd.ts";

const SENDERS = 2;
const RECEIVERS = 3;
const VALUES = 8;
const MOST_KILLS = 3;

/** What was sent, and to how many that was said to be. */
interface Log {
  length: number;
}

/** Every receiver sees everything in order, but for gaps that it is told of. */
export function* broadcastDrill(): Co<void> {
  const [sender, first] = broadcast<number>(random().pick([1, 2, 4, 16]));
  const log: Log = { length: 0 };
  const crowd = new Crowd();
  for (let i = 0; i < RECEIVERS; i++) {
    const receiver = i === 0 ? first : sender.subscribe();
    crowd.add("broadcast receiver", () => receiveAll(receiver, log), receiver);
  }
  for (let i = 0; i < SENDERS; i++) {
    const own = sender.clone();
    crowd.add("broadcast sender", () => sendAll(own, log), own);
  }
  sender.close();
  yield* crowd.kill(MOST_KILLS);
  yield* crowd.end();
}

function* sendAll(sender: BroadcastSender<number>, log: Log): Co<void> {
  for (let i = 0; i < VALUES; i++) {
    try {
      sender.send(log.length);
      log.length++;
    } catch (error) {
      if (!(error instanceof SendFailed)) throw error;
      assertEquals(error.value, log.length);
      assertEquals(sender.receiverCount, 0);
    }
    yield* rest();
  }
}

function* receiveAll(receiver: BroadcastReceiver<number>, log: Log): Co<void> {
  for (let next = 0;;) {
    try {
      const item = yield* receiver.recv();
      if (item === End) return assertEquals(next, log.length);
      assertEquals(item, next++);
    } catch (error) {
      if (!(error instanceof Lagged)) throw error;
      next += error.missed;
    }
    yield* rest();
  }
}
