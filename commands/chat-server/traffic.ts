import { type Co, type Fields, type Logger, now, sleep } from "../../runtime/mod.ts";
import type { Broker } from "./broker.ts";
import type { LedgerFigures } from "./ledger.ts";

/** What changed between two looks at the server. */
export class TrafficReport {
  readonly #broker: Pick<Broker, "figures">;
  readonly #ledger: LedgerFigures;
  #before = { messages: 0, delivered: 0, dropped: 0 };

  constructor(broker: Pick<Broker, "figures">, ledger: LedgerFigures) {
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

const REPORT_INTERVAL_MS = 1_000;
const MS_PER_SECOND = 1_000;

/** Tells once a second what the server does, for ever. */
export function* reportTraffic(report: TrafficReport, log: Logger): Co<never> {
  for (let last = now();;) {
    yield* sleep(REPORT_INTERVAL_MS);
    const at = now();
    log.info("traffic", report.next((at - last) / MS_PER_SECOND));
    last = at;
  }
}

function perSecond(count: number, seconds: number): string {
  return `${Math.round(count / seconds)}/s`;
}
