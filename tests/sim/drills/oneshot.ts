import {
  Closed,
  type Co,
  oneshot,
  type OneshotReceiver,
  type OneshotSender,
  SendFailed,
} from "wakeful/runtime";
import { assert, assertEquals } from "../../support/assert.ts";
import { Crowd, rest } from "./crowd.ts";

const PAIRS = 4;
const MOST_KILLS = 4;

type State = "open" | "sent" | "given back" | "received" | "closed";

/** A value that was sent is received, unless its receiver is no more. */
export function* oneshotDrill(): Co<void> {
  const crowd = new Crowd();
  const pairs = Array.from({ length: PAIRS }, (_, value) => new Pair(crowd, value));
  yield* crowd.kill(MOST_KILLS);
  yield* crowd.end();
  pairs.forEach((pair) => pair.check());
}

class Pair {
  #sender: State = "open";
  #receiver: State = "open";

  constructor(crowd: Crowd, value: number) {
    const [sender, receiver] = oneshot<number>();
    crowd.add("oneshot sender", () => this.#send(sender, value), sender);
    crowd.add("oneshot receiver", () => this.#receive(receiver, value), receiver);
  }

  *#send(sender: OneshotSender<number>, value: number): Co<void> {
    yield* rest();
    try {
      sender.send(value);
      this.#sender = "sent";
    } catch (error) {
      if (!(error instanceof SendFailed)) throw error;
      assertEquals(error.value, value);
      this.#sender = "given back";
    }
  }

  *#receive(receiver: OneshotReceiver<number>, value: number): Co<void> {
    yield* rest();
    try {
      assertEquals(yield* receiver, value);
      this.#receiver = "received";
    } catch (error) {
      if (!(error instanceof Closed)) throw error;
      this.#receiver = "closed";
    }
  }

  check(): void {
    const [sender, receiver] = [this.#sender, this.#receiver];
    if (receiver === "received") assertEquals(sender, "sent");
    if (receiver === "closed") assertEquals(sender, "open");
    assert(sender !== "given back" || receiver === "open", "given back although received");
  }
}
