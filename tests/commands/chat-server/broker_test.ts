import { LocalAudience, type Recipient } from "../../../commands/chat-server/audience.ts";
import { Broker } from "../../../commands/chat-server/broker.ts";
import type { ChatEvent } from "../../../commands/chat-server/event.ts";
import type { Put } from "../../../commands/chat-server/inbox.ts";
import { Journal } from "../../../commands/chat-server/journal.ts";
import { Ledger } from "../../../commands/chat-server/ledger.ts";
import type { Parcel } from "../../../commands/chat-server/parcel.ts";
import { assertEquals } from "../../support/assert.ts";
import { textOf } from "../../support/bytes.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";
import { RULES } from "./spoken.ts";

/** Somebody who keeps what they are told, and answers as the test says. */
class FakeRecipient implements Recipient {
  readonly lines: string[] = [];
  answer: Put = "taken";
  dismissed = false;

  tell(parcel: Parcel): Put {
    if (this.answer !== "dropped") this.#keep(parcel);
    return this.answer;
  }

  dismiss(last?: Parcel): void {
    this.dismissed = true;
    if (last !== undefined) this.#keep(last);
  }

  #keep({ bytes }: Parcel): void {
    this.lines.push(...textOf(bytes).split("\n").slice(0, -1));
  }
}

/** A broker and some who have arrived. */
function brokerWith(people: number, slowReader: "drop" | "disconnect" = "drop") {
  const time = new VirtualRuntime();
  const orders: [number, string][] = [];
  const audience = new LocalAudience(slowReader);
  const broker = new Broker({
    audience,
    rules: { ...RULES, slowReader },
    ledger: new Ledger(),
    journal: new Journal(),
    onShutdown: (delay, reason) => void orders.push([delay, reason]),
  });
  const running = time.spawn(() => broker.run(), "broker");
  const happen = (...events: ChatEvent[]) => {
    for (const event of events) broker.events.trySend(event);
    time.settle();
  };
  const recipients = Array.from({ length: people }, (_, i) => {
    const recipient = new FakeRecipient();
    audience.attach(i + 1, recipient);
    happen({ kind: "arrive", id: i + 1, address: "" });
    return recipient;
  });
  for (const { lines } of recipients) lines.length = 0;
  const end = () => {
    running.abort();
    time[Symbol.dispose]();
  };
  return { time, broker, audience, recipients, orders, happen, [Symbol.dispose]: end };
}

const say = (id: number, text: string): ChatEvent => ({
  kind: "ask",
  id,
  command: { kind: "say", text },
});

Deno.test("Broker: tells everyone in one order", () => {
  using b = brokerWith(3);
  b.happen(say(1, "one"), say(2, "two"), say(1, "three"));
  assertEquals(b.recipients.map(({ lines }) => lines), [
    ["user-2: two"],
    ["user-1: one", "user-1: three"],
    ["user-1: one", "user-2: two", "user-1: three"],
  ]);
  assertEquals(b.broker.figures, { people: 3, rooms: 1, messages: 3 });
});

Deno.test("Broker: whoever was detached is told nothing more", () => {
  using b = brokerWith(2);
  b.audience.detach(2);
  b.happen(say(1, "one"));
  assertEquals(b.recipients[1].lines, []);
});

Deno.test("Broker: a slow reader is dismissed where that is the rule, once", () => {
  for (const policy of ["drop", "disconnect"] as const) {
    using b = brokerWith(3, policy);
    const [, slow, other] = b.recipients;
    slow.answer = "dropped";
    b.happen(say(1, "one"), say(1, "two"));
    assertEquals(slow.dismissed, policy === "disconnect");
    const left = other.lines.filter((line) => line === "-- user-2 left (reads too slowly)");
    assertEquals([left.length, other.lines.at(-1)], [
      policy === "disconnect" ? 1 : 0,
      "user-1: two",
    ]);
  }
});

Deno.test("Broker: pauses for those who read and cannot follow", () => {
  using b = brokerWith(2);
  const [, tight] = b.recipients;
  tight.answer = "tight";
  b.happen(...Array.from({ length: 5 }, (_, i) => say(1, `${i}`)));
  assertEquals(tight.lines.length, 1);
  tight.answer = "taken";
  b.time.advance(1);
  assertEquals(tight.lines.length, 5);
});

Deno.test("Broker: pauses for a part of the time only, whoever asks", () => {
  using b = brokerWith(2);
  b.recipients[1].answer = "tight";
  for (let batch = 0; batch < 10; batch++) {
    b.happen(...Array.from({ length: 100 }, (_, i) => say(1, `${i}`)));
    b.time.advance(10);
  }
  b.time.advance(150);
  assertEquals(b.recipients[1].lines.length, 1_000);
});

Deno.test("Broker: tells what was kept back when it is due, without an event", () => {
  using b = brokerWith(1);
  const arrivals = Array.from({ length: 150 }, (_, i): ChatEvent => ({
    kind: "arrive",
    id: i + 2,
    address: "",
  }));
  b.happen(...arrivals);
  const names = () => b.recipients[0].lines.join("\n").match(/user-\d+/g)!.length;
  assertEquals(names() < 150, true);
  b.time.advance(1_000);
  assertEquals(names(), 150);
});

Deno.test("Broker: passes an operator's order on, and says what it has done", () => {
  using b = brokerWith(1);
  const ask = (command: Extract<ChatEvent, { kind: "ask" }>["command"]): ChatEvent => ({
    kind: "ask",
    id: 1,
    command,
  });
  b.happen(ask({ kind: "oper", token: "sesame" }), ask({ kind: "stats" }));
  b.happen(ask({ kind: "shutdown", delay: 5, text: "soup" }));
  assertEquals(b.orders, [[5, "soup"]]);
  assertEquals(b.recipients[0].lines[1], "-- up for 0s, 1 connected, 1 room");
});

Deno.test("Broker: tells many at once, and then what was said meanwhile together", () => {
  using b = brokerWith(400);
  b.time.advance(1_000);
  b.happen(say(1, "one"));
  const [, hearer] = b.recipients;
  assertEquals(hearer.lines.at(-1), "user-1: one");
  b.happen(say(1, "two"));
  b.time.advance(1);
  b.happen(say(3, "three"));
  assertEquals(hearer.lines.at(-1), "user-1: one");
  b.time.advance(4);
  assertEquals(hearer.lines.slice(-2), ["user-1: two", "user-3: three"]);
});

Deno.test("Broker: few hear at once what is said", () => {
  using b = brokerWith(50);
  b.time.advance(1_000);
  b.happen(say(1, "one"));
  b.happen(say(1, "two"));
  assertEquals(b.recipients[1].lines.slice(-2), ["user-1: one", "user-1: two"]);
});
