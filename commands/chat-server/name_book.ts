import { fold, keysOf } from "./names.ts";
import type { Person } from "./person.ts";

/** Who has which name; no two are alike at any moment. */
export class NameBook {
  #holders = new Map<string, Person>();

  /** Who is meant by a name that was typed. */
  find(name: string): Person | undefined {
    const holder = this.#holders.get(fold(name));
    return holder !== undefined && fold(holder.name) === fold(name) ? holder : undefined;
  }

  /** Who has a name that is like this one; undefined when it is free for `person`. */
  rival(name: string, person?: Person): Person | undefined {
    for (const key of keysOf(name)) {
      const holder = this.#holders.get(key);
      if (holder !== undefined && holder !== person) return holder;
    }
  }

  /** Gives a free name to `person`. */
  take(person: Person, name: string): void {
    person.name = name;
    for (const key of keysOf(name)) this.#holders.set(key, person);
  }

  /** The name is free again. */
  release(person: Person): void {
    for (const key of keysOf(person.name)) this.#holders.delete(key);
  }
}
