/** What the threads of a test's crew run: a module that every thread can import. */

import { type Co, pending, portable, sleep, type ThreadSelf } from "wakeful/runtime";
import { CrewMember } from "../../commands/serving/crew_member.ts";
import { type HandedClient, TakingOver } from "../../commands/serving/hand_over.ts";
import type { Order, Report } from "../../commands/serving/messages.ts";

export type TestOrder =
  | { readonly kind: "say"; readonly word: string }
  | { readonly kind: "die"; readonly word: string }
  | HandedClient<string>;

export type TestReport = { readonly kind: "said"; readonly word: string };

/** Says what it is told to, dies when it is told to, greets clients; answers how much it said. */
export const parrot = portable(import.meta.url, function* parrot(
  self: ThreadSelf<Order<TestOrder>, Report<TestReport>>,
  seat: number,
  memory: SharedArrayBuffer,
): Co<number> {
  if (seat < 0) throw new RangeError("no such seat");
  const member = new CrewMember<TestOrder, TestReport>(self);
  const clients = new TakingOver<string>(memory);
  let said = 0;
  const obey = (order: TestOrder) => {
    if (order.kind === "client") clients.arrive(order);
    // Nobody catches it here: a timer's callback is not a task's.
    else if (order.kind === "die") setTimeout(() => die(order.word), 0);
    else {
      said++;
      member.post({ kind: "said", word: `${seat}: ${order.word}` });
    }
    return undefined;
  };
  return yield* member.work(obey, () => greet(clients), function* () {
    yield* sleep(1);
    return said;
  });
});

function die(word: string): never {
  throw new RangeError(word);
}

/** Greets and keeps them, without ever closing: whoever has them then has to. */
function* greet(clients: TakingOver<string>): Co<never> {
  for (;;) {
    const client = yield* clients.next();
    const { stream } = yield* clients.takeOver(client);
    yield* stream.writeAll(new TextEncoder().encode(`hello ${client.note}`));
  }
}

/** Comes to its end by itself, at once. */
export const deserter = portable(import.meta.url, function* deserter(
  self: ThreadSelf<Order<TestOrder>, Report<TestReport>>,
): Co<number> {
  yield* self.send({ kind: "ready" });
  return 7;
});

/** Is never ready. */
export const sluggard = portable(import.meta.url, function* sluggard(
  _self: ThreadSelf<Order<TestOrder>, Report<TestReport>>,
): Co<number> {
  return yield* pending();
});
