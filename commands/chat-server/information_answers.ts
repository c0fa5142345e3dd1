import { formatDuration } from "../cli/units.ts";
import { type Answers, nobody } from "./answer.ts";
import type { Hall } from "./hall.ts";
import type { Person } from "./person.ts";
import { wordOf } from "./protocol.ts";
import type { Room } from "./room.ts";
import { type Command, VOCABULARY } from "./vocabulary.ts";
import { because, counted, span } from "./wording.ts";

/** Longer lists end with how many more there are. */
const MOST_LISTED = 100;

/** What only tells the one who asks. */
export const INFORMATION_ANSWERS = {
  help: (hall, person, { text }) => hall.notify(person, ...help(person, text)),
  who: (hall, person) => hall.notify(person, ...who(hall, person.room)),
  whois: (hall, person, { name }) => hall.notify(person, ...whois(hall, person, name)),
  rooms: (hall, person) => hall.notify(person, ...rooms(hall)),
  limits: (hall, person) => hall.notify(person, ...limits(hall)),
  wrong: (hall, person, { complaint }) => hall.notify(person, complaint),
  history,
} satisfies Answers;

function help(person: Person, about: string): string[] {
  const name = about.replace(/^\//, "").toLowerCase();
  const word = wordOf(name);
  if (word !== undefined) return [`${word.usage}: ${word.about}`];
  if (name !== "") return [`there is no command /${name}`];
  const words = Object.values(VOCABULARY).filter((word) => person.operator || !word.operator);
  const width = Math.max(...words.map(({ usage }) => usage.length));
  return [
    "what does not begin with / is said to everyone in the room; // begins it with a /",
    ...words.map(({ usage, about }) => `${usage.padEnd(width)}  ${about}`),
  ];
}

function who(hall: Hall, room: Room): string[] {
  const lines = [`${room.size} in ${room.name}`];
  for (const id of room.ids.slice(0, MOST_LISTED)) {
    const { name, heardAt, operator, away } = hall.find(id)!;
    const facts = [
      `silent for ${span(hall.now - heardAt)}`,
      ...(operator ? ["operator"] : []),
      ...(away === undefined ? [] : [`away${because(away)}`]),
    ];
    lines.push(`  ${name}: ${facts.join(", ")}`);
  }
  return room.size > MOST_LISTED ? [...lines, `and ${room.size - MOST_LISTED} more`] : lines;
}

function whois(hall: Hall, person: Person, name: string): string[] {
  const other = hall.names.find(name);
  if (other === undefined) return [nobody(name)];
  const { room, since, heardAt, away, operator, address } = other;
  const here = span(hall.now - since);
  const facts = [
    `in ${room.name}`,
    `here for ${here}`,
    `silent for ${span(hall.now - heardAt)}`,
    ...(operator ? ["operator"] : []),
    ...(away === undefined ? [] : [`away${because(away)}`]),
    ...(person.operator && address !== "" ? [`from ${address}`] : []),
  ];
  return [`${other.name}: ${facts.join(", ")}`];
}

function rooms(hall: Hall): string[] {
  const all = [...hall.rooms.all].sort((one, other) => other.size - one.size);
  const lines = all.slice(0, MOST_LISTED).map(({ name, size, topic }) =>
    `  ${name}: ${size}${topic === undefined ? "" : `, ${topic}`}`
  );
  const more = all.length > MOST_LISTED ? [`and ${all.length - MOST_LISTED} more`] : [];
  return [`${counted(all.length, "room")}`, ...lines, ...more];
}

function history(hall: Hall, person: Person, { count }: Command<"history">): void {
  const lines = person.room.history.last(count);
  const { name } = person.room;
  if (lines.length === 0) return hall.notify(person, `nothing was said in ${name} yet`);
  hall.notify(person, `the last ${counted(lines.length, "line")} of ${name}`);
  hall.tell(person, ...lines);
}

function limits({ rules }: Hall): string[] {
  const { pace, maxLine, inbox, slowReader, idleTimeout } = rules;
  const costs = Object.entries(VOCABULARY)
    .filter(([, { cost, operator }]) => cost > 1 && !operator)
    .map(([name, { cost }]) => `/${name} ${cost}`);
  const full = slowReader === "drop"
    ? "the rest is dropped, and you are told how many lines you missed"
    : "you are disconnected";
  return [
    `${pace.rate} messages a second, ${pace.burst} at once; beyond that your lines wait`,
    `some commands count as more than one message: ${costs.join(", ")}`,
    `a line may have ${maxLine} bytes`,
    `when ${inbox} lines wait for you to read them, ${full}`,
    idleTimeout === 0
      ? "you may be silent as long as you like"
      : `after ${formatDuration(idleTimeout)} of silence you are disconnected`,
  ];
}
