import { formatDuration } from "../cli/units.ts";
import { type Answer, type Answers, nobody } from "./answer.ts";
import type { RecordFields } from "./event.ts";
import type { Hall } from "./hall.ts";
import type { Person } from "./person.ts";
import type { Command, CommandKind } from "./vocabulary.ts";
import { because } from "./wording.ts";

/** Whoever guesses more often is disconnected. */
const MOST_WRONG_TOKENS = 3;

const ENCODER = new TextEncoder();

/** What operators do, and how one becomes an operator. */
export const OPERATOR_ANSWERS = {
  oper: becomeOperator,
  announce: asOperator((hall, _person, { text }) => hall.tellAll(`announcement: ${text}`)),
  kick: asOperator(kick),
  mute: asOperator(mute),
  unmute: asOperator(unmute),
  ban: asOperator(ban),
  unban: asOperator(unban),
  shutdown: asOperator((hall, _person, { delay, text }) =>
    hall.add({ kind: "shutdown", delay, reason: text })
  ),
  stats: asOperator((hall, person) => hall.add({ kind: "statistics", id: person.id })),
} satisfies Answers;

/** Answers operators only, and has the log remember what they did. */
function asOperator<K extends CommandKind>(handle: Answer<K>): Answer<K> {
  return (hall, person, command) => {
    if (!person.operator) {
      return hall.notify(person, "only operators may do this: /oper TOKEN makes you one");
    }
    hall.record("operator command", person, fieldsOf(command as Command));
    handle(hall, person, command);
  };
}

/** A command for the log; nothing in it is secret. */
function fieldsOf({ kind: command, ...rest }: Command): RecordFields {
  const { name: target, ...others }: RecordFields = { ...rest };
  return { command, target, ...others };
}

function becomeOperator(hall: Hall, person: Person, { token }: Command<"oper">): void {
  const { operatorToken } = hall.rules;
  if (operatorToken === undefined) {
    return hall.notify(person, "this server has no operators: it was started without a token");
  }
  if (areEqual(token, operatorToken)) {
    person.operator = true;
    person.wrongTokens = 0;
    hall.record("operator", person);
    return hall.notify(person, "you are an operator; /help lists what you can do");
  }
  person.wrongTokens++;
  hall.record("wrong token", person, { address: person.address });
  if (person.wrongTokens < MOST_WRONG_TOKENS) return hall.notify(person, "that is not the token");
  hall.remove(person, "no operator", "", "you are disconnected: that was not the token either");
}

function kick(hall: Hall, person: Person, { name, text }: Command<"kick">): void {
  const other = hall.names.find(name);
  if (other === undefined) return hall.notify(person, nobody(name));
  disconnect(hall, other, "kicked", `kicked by ${person.name}${because(text)}`);
}

function mute(hall: Hall, person: Person, { name, lasting, text }: Command<"mute">): void {
  const other = hall.names.find(name);
  if (other === undefined) return hall.notify(person, nobody(name));
  const time = formatDuration(lasting);
  other.mutedUntil = hall.now + lasting;
  hall.notify(other, `${person.name} has muted you for ${time}${because(text)}`);
  hall.notify(person, `${other.name} is muted for ${time}`);
}

function unmute(hall: Hall, person: Person, { name }: Command<"unmute">): void {
  const other = hall.names.find(name);
  if (other === undefined) return hall.notify(person, nobody(name));
  other.mutedUntil = -Infinity;
  hall.notify(other, "you may speak again");
  hall.notify(person, `${other.name} may speak again`);
}

/** Operators are not hit by it: one who bans an address may sit behind it. */
function ban(hall: Hall, person: Person, ask: Command<"ban">): void {
  const { name: target, lasting, text: reason } = ask;
  hall.bans.add({ target, until: hall.now + lasting, reason }, hall.now);
  const named = hall.names.find(target);
  const hit = [...hall.people].filter((other) =>
    !other.operator && (other === named || other.address === target)
  );
  const time = formatDuration(lasting);
  for (const other of hit) {
    disconnect(hall, other, "banned", `banned for ${time}${because(reason)}`);
  }
  hall.notify(person, `${target} is banned for ${time}`);
}

function unban(hall: Hall, person: Person, { name }: Command<"unban">): void {
  const lifted = hall.bans.lift(name);
  hall.notify(person, lifted ? `${name} may come again` : `${name} is not banned`);
}

function disconnect(hall: Hall, other: Person, why: "kicked" | "banned", how: string): void {
  hall.remove(other, why, how, `you are disconnected: ${how}`);
}

/** Takes the same time wherever the two differ. */
function areEqual(one: string, other: string): boolean {
  const [a, b] = [ENCODER.encode(one), ENCODER.encode(other)];
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i % b.length];
  return difference === 0;
}
