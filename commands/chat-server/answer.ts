import type { Hall } from "./hall.ts";
import type { Person } from "./person.ts";
import type { Command, CommandKind } from "./vocabulary.ts";

/** Does what `person` asks for. */
export type Answer<K extends CommandKind> = (
  hall: Hall,
  person: Person,
  command: Command<K>,
) => void;

/** One for each kind of command, or for some. */
export type Answers = { readonly [K in CommandKind]?: Answer<K> };

export function nobody(name: string): string {
  return `nobody here is called ${name}`;
}
