import type { ClientId } from "./client_id.ts";
import type { Room } from "./room.ts";

/** Somebody who is connected, as the others know them. */
export interface Person {
  readonly id: ClientId;
  /** Where they come from; empty for a Unix socket. */
  readonly address: string;
  readonly since: number;
  name: string;
  room: Room;
  operator: boolean;
  /** How often a wrong operator's token was tried. */
  wrongTokens: number;
  /** When they were heard last. */
  heardAt: number;
  /** Why they are away; undefined while they are not. */
  away: string | undefined;
  /** Whom `/reply` goes to. */
  lastFrom: ClientId | undefined;
  mutedUntil: number;
  readonly ignores: Set<ClientId>;
  readonly ignoredBy: Set<ClientId>;
}

/** Somebody new. */
export function newPerson(
  at: { readonly id: ClientId; readonly address: string; readonly since: number },
  name: string,
  room: Room,
): Person {
  return {
    ...at,
    name,
    room,
    operator: false,
    wrongTokens: 0,
    heardAt: at.since,
    away: undefined,
    lastFrom: undefined,
    mutedUntil: -Infinity,
    ignores: new Set(),
    ignoredBy: new Set(),
  };
}
