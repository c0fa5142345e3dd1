import type { DriverName } from "../drivers.ts";
import type { FailureRecord } from "../threads/failure.ts";
import type { SenderTicket } from "../threads/shared_receiver.ts";

/** What a thread begins with. */
export interface ThreadStart {
  readonly role: "thread";
  readonly name: string;
  /** The key of the portable that it runs, and of the one that prepares its runtime. */
  readonly task: string;
  readonly prepare: string | undefined;
  readonly args: readonly unknown[];
  readonly driver: DriverName | undefined;
  /** Where its messages go. */
  readonly outbox: SenderTicket;
  /** The room of its inbox, in bytes. */
  readonly capacity: number | undefined;
}

/** What its owner tells a thread besides the messages. */
export type ToThread =
  | { readonly kind: "stop"; readonly reason: string }
  /** Its task is aborted. */
  | { readonly kind: "abort"; readonly reason: string }
  /** What it has come to is known: it may end. Otherwise its end could be told before its result. */
  | { readonly kind: "over" };

/** What a thread tells its owner besides the messages. */
export type FromThread =
  | { readonly kind: "begun"; readonly inbox: SenderTicket }
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "failure"; readonly failure: FailureRecord };
