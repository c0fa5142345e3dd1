import type { ClientId } from "./client_id.ts";
import { CrowdNotices } from "./crowd_notices.ts";
import { History } from "./history.ts";
import { fold } from "./names.ts";

/** Where everyone starts; it is always there. */
export const LOBBY = "lobby";

/** How many lines a room remembers. */
export const HISTORY_LINES = 50;

/** A room: who is in it, and what was said. */
export class Room {
  readonly history = new History(HISTORY_LINES);
  readonly crowd = new CrowdNotices();
  topic: string | undefined;
  #members = new Set<ClientId>();
  #ids: readonly ClientId[] | undefined;

  constructor(readonly name: string) {}

  get size(): number {
    return this.#members.size;
  }

  /** The members as they are now: a list that stays as it is. */
  get ids(): readonly ClientId[] {
    return this.#ids ??= [...this.#members];
  }

  add(id: ClientId): void {
    this.#members.add(id);
    this.#ids = undefined;
  }

  remove(id: ClientId): void {
    this.#members.delete(id);
    this.#ids = undefined;
  }
}

/** The rooms there are: the lobby, and those with somebody in them. */
export class Rooms {
  readonly lobby = new Room(LOBBY);
  #rooms = new Map<string, Room>([[fold(LOBBY), this.lobby]]);

  get all(): Iterable<Room> {
    return this.#rooms.values();
  }

  get size(): number {
    return this.#rooms.size;
  }

  /** The room of that name, which is made if there is none. */
  open(name: string): Room {
    const key = fold(name);
    const there = this.#rooms.get(key);
    if (there !== undefined) return there;
    const room = new Room(name);
    this.#rooms.set(key, room);
    return room;
  }

  find(name: string): Room | undefined {
    return this.#rooms.get(fold(name));
  }

  /** An empty room goes, and its history with it; the lobby stays. */
  closeIfEmpty(room: Room): void {
    if (room.size === 0 && room !== this.lobby) this.#rooms.delete(fold(room.name));
  }
}
