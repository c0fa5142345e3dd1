import type { Fields } from "../../runtime/mod.ts";
import type { Broker } from "./broker.ts";
import type { Ledger } from "./ledger.ts";

/** What changed between two looks at the server. */
export class TrafficReport {
  readonly #broker: Pick<Broker, "figures">;
  readonly #ledger: Readonly<Ledger>;
  #before = { messages: 0, delivered: 0, dropped: 0 };

  constructor(broker: Pick<Broker, "figures">, ledger: Readonly<Ledger>) {
    this.#broker = broker;
    this.#ledger = ledger;
  }

  /** People, rooms, and what happened per second in the `seconds` since the last look. */
  next(seconds: number): Fields {
    const { people, rooms, messages } = this.#broker.figures;
    const { delivered, dropped } = this.#ledger;
    const before = this.#before;
    this.#before = { messages, delivered, dropped };
    return {
      people,
      rooms,
      messages: perSecond(messages - before.messages, seconds),
      delivered: perSecond(delivered - before.delivered, seconds),
      dropped: perSecond(dropped - before.dropped, seconds),
    };
  }
}

function perSecond(count: number, seconds: number): string {
  return `${Math.round(count / seconds)}/s`;
}
