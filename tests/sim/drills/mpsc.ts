import {
  Closed,
  type Co,
  End,
  Full,
  mpsc,
  Pending,
  random,
  type Receiver,
  type Sender,
  SendFailed,
  spawn,
} from "wakeful/runtime";
import { assert, assertEquals } from "../../support/assert.ts";
import { Crowd, endOf, rest } from "./crowd.ts";

const SENDERS = 3;
const VALUES = 6;
const MOST_KILLS = 4;

/** What went in, and what came out, in order. */
interface Ledger {
  last: number;
  readonly accepted: number[];
  readonly received: number[];
  readonly refused: number[];
}

/** What was accepted is received or given back, each once and in order. */
export function* mpscDrill(): Co<void> {
  const capacity = random().pick([1, 2, 5, Infinity]);
  const [sender, receiver] = mpsc<number>(capacity);
  const ledger: Ledger = { last: 0, accepted: [], received: [], refused: [] };
  const crowd = new Crowd();
  for (let i = 0; i < SENDERS; i++) {
    const own = sender.clone();
    crowd.add("mpsc sender", () => sendAll(own, ledger), own);
  }
  sender.close();
  const receiving = spawn(() => keepReceiving(receiver, ledger, crowd), { name: "mpsc receivers" });
  yield* crowd.kill(MOST_KILLS);
  yield* crowd.end();
  yield* receiving;
  assertEquals(ledger.received, ledger.accepted);
  assert(!ledger.refused.some((value) => ledger.accepted.includes(value)), "refused and accepted");
}

function* sendAll(sender: Sender<number>, ledger: Ledger): Co<void> {
  for (let i = 0; i < VALUES; i++) {
    const value = ++ledger.last;
    try {
      yield* sendOne(sender, value);
      ledger.accepted.push(value);
    } catch (error) {
      if (!(error instanceof Closed || error instanceof Full)) throw error;
      if (!(error instanceof Closed) || error instanceof SendFailed) {
        assertEquals(error.value, value);
      }
      ledger.refused.push(value);
    }
    yield* rest();
  }
}

function* sendOne(sender: Sender<number>, value: number): Co<void> {
  switch (random().below(3)) {
    case 0:
      return sender.trySend(value);
    case 1:
      return yield* sender.send(value);
    default: {
      const permit = yield* sender.reserve();
      try {
        yield* rest();
        permit.send(value);
      } finally {
        permit.release();
      }
    }
  }
}

/** One receiver after the other, as each is killed. */
function* keepReceiving(receiver: Receiver<number>, ledger: Ledger, crowd: Crowd): Co<void> {
  for (let over = false; !over;) {
    const task = crowd.lend("mpsc receiver", function* () {
      while (yield* receiveOne(receiver, ledger.received)) yield* rest();
      over = true;
    });
    yield* endOf(task);
    if (!over && random().chance(0.1)) receiver.close(); // what is there still comes
  }
}

/** False at the end. */
function* receiveOne(receiver: Receiver<number>, into: number[]): Co<boolean> {
  if (random().chance(0.3)) {
    const batch: number[] = [];
    const n = yield* receiver.recvMany(batch, 3);
    into.push(...batch);
    return n > 0;
  }
  const tried = random().chance(0.3) ? receiver.tryRecv() : Pending;
  const item = tried === Pending ? yield* receiver.recv() : tried;
  if (item === End) return false;
  into.push(item);
  return true;
}
