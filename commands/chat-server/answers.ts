import type { Answer } from "./answer.ts";
import type { Hall } from "./hall.ts";
import { INFORMATION_ANSWERS } from "./information_answers.ts";
import { OPERATOR_ANSWERS } from "./operator_answers.ts";
import type { Person } from "./person.ts";
import { TALK_ANSWERS } from "./talk_answers.ts";
import type { Command, CommandKind } from "./vocabulary.ts";

const ANSWERS: { readonly [K in CommandKind]: Answer<K> } = {
  ...TALK_ANSWERS,
  ...INFORMATION_ANSWERS,
  ...OPERATOR_ANSWERS,
};

/** Does what `person` asks for. */
export function answer<K extends CommandKind>(
  hall: Hall,
  person: Person,
  command: Command<K>,
): void {
  person.heardAt = hall.now;
  const handle: Answer<K> = ANSWERS[command.kind];
  handle(hall, person, command);
}
