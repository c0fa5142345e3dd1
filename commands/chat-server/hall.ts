import { Bans } from "./bans.ts";
import type { ClientId } from "./client_id.ts";
import type { CrowdNotice } from "./crowd_notices.ts";
import type { Effect, RecordFields, Why } from "./event.ts";
import type { Pace } from "./flood_budget.ts";
import { NameBook } from "./name_book.ts";
import { newPerson, type Person } from "./person.ts";
import { type Room, Rooms } from "./room.ts";
import { counted, crowdNotice, notice } from "./wording.ts";

/** What the chat has to know of how it was started. */
export interface ChatRules {
  readonly pace: Pace;
  readonly maxLine: number;
  readonly inbox: number;
  readonly slowReader: "drop" | "disconnect";
  readonly idleTimeout: number;
  readonly operatorToken: string | undefined;
  /** Whether the log may hold what people say. */
  readonly logText: boolean;
}

/** What is said of somebody who comes to a room. */
const JOINED = "joined";

/** Why somebody is gone, in the words of the log. */
export type Departure = Why | "quit" | "kicked" | "banned" | "no operator";

/**
 * Everybody and every room, and what has to be done about them.
 *
 * Plain state: whoever changes it leaves the effects here, and the broker takes them.
 */
export class Hall {
  readonly rooms = new Rooms();
  readonly names = new NameBook();
  readonly bans = new Bans();
  readonly rules: ChatRules;
  now = 0;
  /** The last words to everybody, once the end has come. */
  closed: string | undefined;
  #people = new Map<ClientId, Person>();
  #effects: Effect[] = [];
  /** Rooms in which comings and goings are gathered. */
  #crowded = new Set<Room>();
  #lastGuest = 0;

  constructor(rules: ChatRules) {
    this.rules = rules;
  }

  get size(): number {
    return this.#people.size;
  }

  get people(): Iterable<Person> {
    return this.#people.values();
  }

  find(id: ClientId): Person | undefined {
    return this.#people.get(id);
  }

  /** What has to be done, in this order. */
  takeEffects(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  add(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** Tells one person. */
  tell(person: Person, ...lines: string[]): void {
    this.add({ kind: "tell", to: [person.id], lines });
  }

  /** Tells one person what the server has to say. */
  notify(person: Person, ...texts: string[]): void {
    this.tell(person, ...texts.map(notice));
  }

  tellRoom(room: Room, line: string, except?: ClientId): void {
    if (room.size > 0) this.add({ kind: "tell", to: room.ids, except, lines: [line] });
  }

  /** Tells everyone else in the room what somebody says, except those who ignore them. */
  broadcast(person: Person, line: string): void {
    this.#settle(person.room, person.name);
    const { room, ignoredBy, id } = person;
    room.history.add(line);
    if (room.size < 2) return;
    const to = ignoredBy.size === 0 ? room.ids : room.ids.filter((to) => !ignoredBy.has(to));
    this.add({ kind: "tell", to, except: id, lines: [line] });
  }

  /** Tells the room about somebody in it. */
  tellAround(person: Person, text: string): void {
    this.#settle(person.room, person.name);
    this.tellRoom(person.room, notice(text));
  }

  tellAll(text: string): void {
    for (const room of this.rooms.all) this.tellRoom(room, notice(text));
  }

  record(event: string, person: Person | undefined, fields: RecordFields = {}): void {
    const who = person && { client: person.id, name: person.name };
    this.add({ kind: "record", event, fields: { ...who, ...fields } });
  }

  /** Somebody has connected: they get a name and stand in the lobby. */
  arrive(id: ClientId, address: string): void {
    const person = newPerson({ id, address, since: this.now }, "", this.rooms.lobby);
    this.names.take(person, this.#freeName());
    this.#people.set(id, person);
    this.record("connected", person, { address });
    const others = "/nick NAME changes that, /help lists the commands";
    this.notify(person, `welcome to the chat: you are ${person.name}; ${others}`);
    this.#enter(person, this.rooms.lobby);
  }

  /** Somebody gets another name, which is free. */
  rename(person: Person, name: string): void {
    this.#settle(person.room, name); // or its new bearer would seem to be the old one
    this.tellAround(person, `${person.name} is now ${name}`);
    this.names.release(person);
    this.names.take(person, name);
  }

  /** Somebody goes to the room of that name. */
  move(person: Person, name: string): void {
    const from = person.room.name;
    this.#exit(person, `left for ${name}`);
    this.#enter(person, this.rooms.open(name));
    this.record("moved", person, { from, room: person.room.name });
  }

  /** Nothing is to be told to a connection any more, after `last`. */
  dismiss(id: ClientId, last?: string): void {
    this.add({ kind: "dismiss", id, last: last && notice(last) });
  }

  /**
   * Somebody is gone. The room hears `how` they left, where there is more to say than that; `last`
   * is what they hear themselves.
   */
  remove(person: Person, why: Departure, how = "", last?: string): void {
    this.#forget(person);
    this.#exit(person, how === "" ? "left" : `left (${how})`);
    this.record("disconnected", person, { why });
    this.dismiss(person.id, last);
  }

  /** The end: everybody is told, and nobody is left to hear of the others. */
  close(text: string): void {
    this.closed = text;
    for (const person of this.#people.values()) {
      this.#forget(person);
      person.room.remove(person.id);
      this.record("disconnected", person, { why: "closed" });
      this.dismiss(person.id, text);
    }
    this.#crowded.clear();
  }

  /** When `tick` has something to tell. */
  get dueAt(): number | undefined {
    let earliest: number | undefined;
    for (const { crowd } of this.#crowded) {
      earliest = Math.min(earliest ?? Infinity, crowd.dueAt ?? Infinity);
    }
    return earliest;
  }

  /** Tells what has been gathered long enough. */
  tick(): void {
    for (const room of this.#crowded) {
      this.#tellNotices(room, room.crowd.due(room.size, this.now));
    }
  }

  #enter(person: Person, room: Room): void {
    person.room = room;
    room.add(person.id);
    this.#tellNotices(room, room.crowd.add(person.name, JOINED, room.size, this.now));
    const others = room.size - 1;
    const company = others === 0 ? "nobody else is here" : `${counted(others, "other")} here`;
    this.notify(person, `you are in ${room.name}: ${company}`);
    if (room.topic !== undefined) this.notify(person, `topic: ${room.topic}`);
  }

  #exit(person: Person, what: string): void {
    const { room } = person;
    room.remove(person.id);
    this.#tellNotices(room, room.crowd.add(person.name, what, room.size, this.now));
    if (room.size > 0) return;
    this.rooms.closeIfEmpty(room);
    this.#tellNotices(room, room.crowd.flush()); // to nobody
  }

  #forget(person: Person): void {
    this.#people.delete(person.id);
    this.names.release(person);
    for (const id of person.ignores) this.find(id)?.ignoredBy.delete(person.id);
    for (const id of person.ignoredBy) this.find(id)?.ignores.delete(person.id);
  }

  /** Nothing else is told of a name before the room knows whether its bearer is there. */
  #settle(room: Room, name: string): void {
    if (room.crowd.mentions(name)) this.#tellNotices(room, room.crowd.flush());
  }

  #tellNotices(room: Room, notices: readonly CrowdNotice[]): void {
    for (const notice of notices) {
      const { names, what } = notice;
      // One who came alone knows it.
      const newcomer = what === JOINED && names.length === 1 && this.names.find(names[0]);
      this.tellRoom(room, crowdNotice(notice), newcomer ? newcomer.id : undefined);
    }
    if (room.crowd.dueAt === undefined) this.#crowded.delete(room);
    else this.#crowded.add(room);
  }

  #freeName(): string {
    for (;;) {
      const name = `user-${++this.#lastGuest}`;
      if (this.names.rival(name) === undefined) return name;
    }
  }
}
