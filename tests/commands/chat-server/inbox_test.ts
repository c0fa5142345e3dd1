import fc from "fast-check";
import { Inbox } from "../../../commands/chat-server/inbox.ts";
import { Ledger, ledgerFields } from "../../../commands/chat-server/ledger.ts";
import { type Parcel, parcel } from "../../../commands/chat-server/parcel.ts";
import { assert, assertEquals, assertFalse } from "../../support/assert.ts";
import { textOf } from "../../support/bytes.ts";
import { handPoll } from "../../support/hand_poll.ts";

const read = (parcels: readonly Parcel[]) => parcels.map(({ bytes }) => textOf(bytes)).join("");

function inboxOf(capacity: number, lines = 0) {
  const ledger = new Ledger();
  const inbox = new Inbox(capacity, ledger);
  for (let i = 1; i <= lines; i++) inbox.put(parcel([`${i}`]));
  return { inbox, ledger };
}

Deno.test("Inbox: gives all it has, oldest first", () => {
  const { inbox } = inboxOf(10, 3);
  assertEquals([inbox.length, read(inbox.takeAll()), inbox.length], [3, "1\n2\n3\n", 0]);
});

Deno.test("Inbox: what does not fit is dropped, and a line in its place says how much", () => {
  const { inbox, ledger } = inboxOf(2, 5);
  assertEquals(read(inbox.takeAll()), "1\n2\n-- you missed 3 lines: you read too slowly\n");
  inbox.put(parcel(["6"]));
  assertEquals(read(inbox.takeAll()), "6\n");
  assertEquals(ledgerFields(ledger), { told: 7, delivered: 0, dropped: 3, gone: 0 });
});

Deno.test("Inbox: a parcel goes in whole while there is room for one line", () => {
  const { inbox } = inboxOf(2, 1);
  assertEquals(inbox.put(parcel(["a", "b", "c"])) === "dropped", false);
  assertEquals([inbox.length, inbox.put(parcel(["d"]))], [4, "dropped"]);
});

Deno.test("Inbox: closed, it takes nothing more but the last words", () => {
  const { inbox, ledger } = inboxOf(1, 2);
  inbox.close(parcel(["bye"]));
  inbox.close(parcel(["bye again"]));
  inbox.put(parcel(["late"]));
  assert(inbox.isClosed);
  assertEquals(read(inbox.takeAll()), "1\n-- you missed 1 line: you read too slowly\nbye\n");
  assertEquals(ledger.gone, 1);
});

Deno.test("Inbox: what nobody takes any more is counted", () => {
  const { inbox, ledger } = inboxOf(2, 3);
  inbox.discard();
  assertEquals([ledger.gone, ledger.dropped, inbox.length], [2, 1, 0]);
  inbox.put(parcel(["late"]));
  assertEquals(ledger.gone, 3);
});

Deno.test("Inbox: wakes whoever waits for something to take, and for its end", () => {
  const { inbox } = inboxOf(2);
  const waits = [() => inbox.put(parcel(["x"])), () => inbox.close()].map((happens) => {
    const wait = handPoll(inbox.changed());
    wait.poll();
    happens();
    return wait.wakes;
  });
  assertEquals(waits, [1, 1]);
});

Deno.test("Inbox: asks for a pause when it is half full, a few times until something is taken", () => {
  const { inbox } = inboxOf(100, 49);
  const asked = (lines: number) =>
    Array.from({ length: lines }, () => inbox.put(parcel(["x"]))).filter((put) => put === "tight")
      .length;
  assertEquals([asked(20), asked(20)], [8, 0]);
  inbox.takeAll();
  assertEquals([asked(49), asked(1)], [0, 1]);
});

Deno.test("Inbox: every line is told of, whatever happens", () => {
  const step = fc.constantFrom("put", "put", "put", "take", "close", "discard");
  fc.assert(fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
    const { inbox, ledger } = inboxOf(4);
    let taken = 0;
    for (const step of steps) {
      if (step === "put") inbox.put(parcel(["x", "y"]));
      else if (step === "take") { for (const { lines } of inbox.takeAll()) taken += lines; }
      else if (step === "close") inbox.close(parcel(["bye"]));
      else inbox.discard();
      assertEquals(ledger.told, taken + ledger.dropped + ledger.gone + inbox.length);
      assertFalse(inbox.length > 4 + 3);
    }
  }));
});
