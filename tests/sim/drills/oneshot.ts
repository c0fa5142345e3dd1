import { Closed, type Co, oneshot, SendFailed } from "wakeful/runtime";
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
    const pair = this;
    crowd.add("oneshot sender", function* () {
      yield* rest();
      try {
        sender.send(value);
        pair.#sender = "sent";
      } catch (error) {
        if (!(error instanceof SendFailed)) throw error;
        pair.#sender = "given back";
      }
    }, sender);
    crowd.add("oneshot receiver", function* () {
      yield* rest();
      try {
        assertEquals(yield* receiver, value);
        pair.#receiver = "received";
      } catch (error) {
        if (!(error instanceof Closed)) throw error;
        pair.#receiver = "closed";
      }
    }, receiver);
  }

  check(): void {
    const [sender, receiver] = [this.#sender, this.#receiver];
    if (receiver === "received") assertEquals(sender, "sent");
    if (receiver === "closed") assertEquals(sender, "open");
    assert(sender !== "given back" || receiver === "open", "given back although received");
  }
}
