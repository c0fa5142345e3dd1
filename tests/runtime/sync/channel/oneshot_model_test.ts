import fc from "../../../support/fast_check.ts";
import { Closed, Misuse, oneshot, Pending, PolledAfterReady, SendFailed } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../../support/assert.ts";
import { handPoll } from "../../../support/hand_poll.ts";

const ACTS = [
  "send",
  "closeSender",
  "poll",
  "tryRecv",
  "closeReceiver",
  "dropReceiver",
  "watch",
] as const;
type Act = typeof ACTS[number];

/** The channel beside what is known of each of its ends. */
class Rig {
  readonly ends = oneshot<string>();
  readonly recv = handPoll(this.ends[1]);
  readonly closed = handPoll(this.ends[0].closed());
  sender: "open" | "sent" | "closed" = "open";
  receiver: "open" | "closed" | "spent" = "open";
  /** Whether the value is on its way. */
  inside = false;
  waits = false;
  watches = false;
  watchedInTime = false;

  run(act: Act): void {
    this[act]();
    this.check();
  }

  send(): void {
    const [sender] = this.ends;
    if (this.sender === "sent") return void assertThrows(() => sender.send("a"), Misuse);
    if (this.sender === "closed" || this.receiver !== "open") {
      return void assertThrows(() => sender.send("a"), SendFailed);
    }
    sender.send("a");
    this.sender = "sent";
    this.inside = true;
  }

  closeSender(): void {
    this.ends[0].close();
    if (this.sender === "open") this.sender = "closed";
  }

  poll(): void {
    this.#receive(() => this.recv.poll());
    this.waits = this.receiver !== "spent";
  }

  tryRecv(): void {
    this.#receive(() => this.ends[1].tryRecv());
  }

  #receive(act: () => unknown): void {
    if (this.receiver === "spent") return void assertThrows(act, PolledAfterReady);
    if (this.sender === "open" && this.receiver === "open") return assertEquals(act(), Pending);
    if (this.inside) assertEquals(act(), "a");
    else assertThrows(act, Closed);
    this.inside = false;
    this.receiver = "spent";
  }

  closeReceiver(): void {
    this.ends[1].close();
    if (this.receiver === "open") this.receiver = "closed";
  }

  dropReceiver(): void {
    this.ends[1].drop();
    this.inside = false;
    this.receiver = "spent";
  }

  watch(): void {
    if (this.watches) return;
    this.watches = true;
    this.watchedInTime = this.receiver === "open";
    assertEquals(this.closed.poll(), this.receiver === "open" ? Pending : undefined);
  }

  check(): void {
    const open = this.sender === "open" && this.receiver === "open";
    assertEquals(this.ends[0].isClosed, !open);
    if (this.waits && this.receiver !== "spent") {
      assertEquals(this.recv.woken, !open, "a lost wake");
    }
    assertEquals(this.recv.kept, this.waits && open ? 1 : 0);
    if (this.watches && this.receiver !== "open") {
      assert(this.closed.woken || !this.watchedInTime, "a lost wake");
    }
    assertEquals(this.closed.kept, this.watches && this.receiver === "open" ? 1 : 0);
  }
}

Deno.test("oneshot: the value arrives once or not at all, whatever comes in whatever order", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...ACTS), { maxLength: 12, size: "max" }), (acts) => {
      const rig = new Rig();
      for (const act of acts) rig.run(act);
    }),
    { numRuns: 2000 },
  );
});
