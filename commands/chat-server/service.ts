import type { Address, Co } from "../../runtime/mod.ts";
import type { LedgerFigures } from "./ledger.ts";

/** A chat server that listens, on one thread or on several. */
export interface Service extends Disposable {
  readonly localAddr: Address;
  /** What has become of all lines so far. */
  readonly ledger: LedgerFigures;
  /** Accepts and serves for ever. Dropped, it accepts no more, and the clients it has live on. */
  serve(): Co<never>;
  /** Waits until an operator has ordered the end and its countdown is over; answers the reason. */
  ordered(): Co<string>;
  /** Lets everyone hear that the end is near, says goodbye, closes. */
  drain(reason: string): Co<void>;
}
