import type { Answers } from "./answer.ts";
import { nobody } from "./answer.ts";
import type { Hall } from "./hall.ts";
import { fold, NAME_RULE, readName } from "./names.ts";
import type { Person } from "./person.ts";
import type { Command } from "./vocabulary.ts";
import { action, aside, because, listed, saying } from "./wording.ts";
import { spanLeft } from "./wording.ts";

/** What people do with each other. */
export const TALK_ANSWERS = {
  say: (hall, person, { text }) => speak(hall, person, saying(person.name, text)),
  act: (hall, person, { text }) => speak(hall, person, action(person.name, text)),
  msg: (hall, person, ask) => whisper(hall, person, hall.names.find(ask.name), ask),
  quit: (hall, person, { text }) => hall.remove(person, "quit", text),
  nick: rename,
  reply,
  join,
  leave,
  topic,
  away,
  ignore,
} satisfies Answers;

/** Whether `person` may be heard by others; they are told when not. */
function mayBeHeard(hall: Hall, person: Person): boolean {
  if (person.mutedUntil <= hall.now) return true;
  const left = spanLeft(person.mutedUntil - hall.now);
  hall.notify(person, `your line was not sent: you are muted for another ${left}`);
  return false;
}

function speak(hall: Hall, person: Person, line: string): void {
  if (!mayBeHeard(hall, person)) return;
  hall.broadcast(person, line);
  const text = hall.rules.logText ? line : undefined;
  hall.record("message", person, { room: person.room.name, text });
}

function whisper(
  hall: Hall,
  person: Person,
  other: Person | undefined,
  ask: Omit<Command<"msg">, "kind">,
): void {
  if (other === undefined) return hall.notify(person, nobody(ask.name));
  if (!mayBeHeard(hall, person)) return;
  hall.tell(person, aside("you", other.name, ask.text));
  if (person.ignoredBy.has(other.id)) {
    return hall.notify(person, `${other.name} ignores you: your line was not shown`);
  }
  other.lastFrom = person.id;
  hall.tell(other, aside(person.name, "you", ask.text));
  hall.record("private message", person, { to: other.name });
  if (other.away !== undefined) {
    hall.notify(person, `${other.name} is away${because(other.away)}`);
  }
}

function reply(hall: Hall, person: Person, { text }: Command<"reply">): void {
  if (person.lastFrom === undefined) {
    return hall.notify(person, "nobody has spoken to you alone: /msg NAME TEXT does it");
  }
  const other = hall.find(person.lastFrom);
  if (other === undefined) {
    return hall.notify(person, "whoever spoke to you alone last is gone: your line was not sent");
  }
  whisper(hall, person, other, { name: other.name, text });
}

function rename(hall: Hall, person: Person, ask: Command<"nick">): void {
  const name = readName(ask.name);
  if (name === undefined) return hall.notify(person, `${ask.name} is no name: ${NAME_RULE}`);
  if (name === person.name) return hall.notify(person, `you are ${name} already`);
  const ban = hall.bans.of(name, hall.now);
  if (ban !== undefined) return hall.notify(person, `the name ${name} is banned`);
  const rival = hall.names.rival(name, person);
  if (rival !== undefined) {
    const alike = fold(rival.name) === fold(name)
      ? "is taken"
      : `looks too much like ${rival.name}`;
    return hall.notify(person, `the name ${name} ${alike}: choose another`);
  }
  if (!mayBeHeard(hall, person)) return;
  const before = person.name;
  hall.rename(person, name);
  hall.record("renamed", person, { from: before });
}

function join(hall: Hall, person: Person, ask: Command<"join">): void {
  const name = readName(ask.name);
  if (name === undefined) {
    return hall.notify(person, `${ask.name} is no name for a room: ${NAME_RULE}`);
  }
  if (hall.rooms.find(name) === person.room) {
    return hall.notify(person, `you are in ${person.room.name} already`);
  }
  hall.move(person, name);
}

function leave(hall: Hall, person: Person): void {
  const { lobby } = hall.rooms;
  if (person.room === lobby) {
    return hall.notify(person, `you are in ${lobby.name}; /quit leaves the server`);
  }
  hall.move(person, lobby.name);
}

function topic(hall: Hall, person: Person, { text }: Command<"topic">): void {
  const { room } = person;
  if (text === "") {
    return hall.notify(person, room.topic === undefined ? "no topic" : `topic: ${room.topic}`);
  }
  if (!mayBeHeard(hall, person)) return;
  room.topic = text;
  hall.tellAround(person, `${person.name} set the topic: ${text}`);
}

function away(hall: Hall, person: Person, { text }: Command<"away">): void {
  person.away = text === "" ? undefined : text;
  hall.notify(person, text === "" ? "you are back" : `you are away: ${text}`);
}

function ignore(hall: Hall, person: Person, { text }: Command<"ignore">): void {
  if (text === "") {
    const names = [...person.ignores].map((id) => hall.find(id)!.name);
    const all = names.length === 0 ? "you ignore nobody" : `you ignore ${listed(names)}`;
    return hall.notify(person, all);
  }
  const other = hall.names.find(text);
  if (other === undefined) return hall.notify(person, nobody(text));
  if (other === person) return hall.notify(person, "you cannot ignore yourself");
  if (person.ignores.delete(other.id)) {
    other.ignoredBy.delete(person.id);
    return hall.notify(person, `you hear ${other.name} again`);
  }
  person.ignores.add(other.id);
  other.ignoredBy.add(person.id);
  hall.notify(person, `you do not hear ${other.name} any more; once more undoes it`);
}
