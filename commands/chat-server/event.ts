import type { ClientId } from "./client_id.ts";
import type { Command } from "./vocabulary.ts";

/** Why somebody is no longer there. */
export type Why = "left" | "lost" | "idle" | "slow";

/** What happens to the chat. */
export type ChatEvent =
  | { readonly kind: "arrive"; readonly id: ClientId; readonly address: string }
  | { readonly kind: "ask"; readonly id: ClientId; readonly command: Command }
  | { readonly kind: "leave"; readonly id: ClientId; readonly why: Why }
  | { readonly kind: "announce"; readonly text: string }
  | { readonly kind: "close"; readonly text: string };

/** What the chat wants to be done. */
export type Effect =
  /** A line, or several, for everyone in `to` but one. */
  | {
    readonly kind: "tell";
    readonly to: readonly ClientId[];
    readonly except?: ClientId;
    readonly lines: readonly string[];
  }
  /** The connection ends once everything has gone out that its client was told, and `last`. */
  | { readonly kind: "dismiss"; readonly id: ClientId; readonly last?: string }
  /** Something for the log. */
  | { readonly kind: "record"; readonly event: string; readonly fields: RecordFields }
  /** An operator wants the server to end. */
  | { readonly kind: "shutdown"; readonly delay: number; readonly reason: string }
  /** An operator wants to know what the server has done. */
  | { readonly kind: "statistics"; readonly id: ClientId };

export type RecordFields = Readonly<Record<string, string | number | undefined>>;
