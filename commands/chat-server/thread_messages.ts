import type { HandedClient } from "../serving/hand_over.ts";
import type { ClientId } from "./client_id.ts";
import type { ChatEvent } from "./event.ts";

/** Somebody who was let in, as their thread has to know them. */
export interface Newcomer {
  readonly id: ClientId;
  readonly address: string;
}

/** What the thread with the broker says to those with the clients. */
export type ChatOrder =
  | HandedClient<Newcomer>
  /** Who has knocked under this ticket is let in, or turned away. */
  | { readonly kind: "admit"; readonly ticket: number; readonly id: ClientId }
  | { readonly kind: "refuse"; readonly ticket: number; readonly refusal: string }
  /** From here on this number stands for these clients. */
  | { readonly kind: "group"; readonly group: number; readonly ids: readonly ClientId[] }
  | {
    readonly kind: "tell";
    /** A group, or the clients themselves. */
    readonly to: number | readonly ClientId[];
    readonly except: ClientId | undefined;
    readonly bytes: Uint8Array;
    readonly lines: number;
  }
  | { readonly kind: "dismiss"; readonly id: ClientId; readonly last: Uint8Array | undefined }
  /** Nobody else is to come in. */
  | { readonly kind: "shut" };

/** What those with the clients say to the thread with the broker. */
export type ChatReport =
  | ChatEvent
  /** Somebody has connected. */
  | { readonly kind: "knock"; readonly ticket: number; readonly address: string }
  /** Somebody has said something for the first time. */
  | { readonly kind: "spoke"; readonly id: ClientId }
  /** A connection is over. */
  | { readonly kind: "gone"; readonly id: ClientId };
