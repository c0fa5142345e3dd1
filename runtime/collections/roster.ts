/** One who can stand in a roster: only the roster writes these fields. */
export interface Enrolled<M> {
  /** The member who came just before it. */
  elder?: M;
  /** The member who came just after it. */
  younger?: M;
}

/**
 * Who is there, oldest first: a list that runs through its members.
 *
 * Coming and going are O(1) and allocate nothing. With 100,000 members a `Set` took 150 ns more for
 * the two of them, most of it spent on waiting for memory.
 */
export class Roster<M extends Enrolled<M>> {
  #eldest: M | undefined;
  #youngest: M | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds one who stands in no roster. */
  add(member: M): void {
    this.#size++;
    member.elder = this.#youngest;
    if (this.#youngest === undefined) this.#eldest = member;
    else this.#youngest.younger = member;
    this.#youngest = member;
  }

  /** Takes out one who stands in this roster. */
  remove(member: M): void {
    this.#size--;
    const { elder, younger } = member;
    if (elder === undefined) this.#eldest = younger;
    else elder.younger = younger;
    if (younger === undefined) this.#youngest = elder;
    else younger.elder = elder;
    member.elder = member.younger = undefined;
  }

  /** Those who are there now, whatever becomes of them. */
  members(): Set<M> {
    const members = new Set<M>();
    for (let member = this.#eldest; member !== undefined; member = member.younger) {
      members.add(member);
    }
    return members;
  }
}
