import type { Waits } from "../serving/messages.ts";
import type { Audience } from "./audience.ts";
import type { ClientId } from "./client_id.ts";
import type { Parcel } from "./parcel.ts";
import type { ChatOrder } from "./thread_messages.ts";

/** Lists up to this length are sent as they are. */
const SHORT_LIST = 16;
/** Longer ones are sent in parts, each of which fits into a message with room to spare. */
const LONGEST_PART = 4_096;
/** How many groups a thread keeps; a newer one takes the place of the oldest. */
export const KEPT_GROUPS = 256;

/** How the audience reaches the threads. */
export interface Threads {
  readonly count: number;
  /** The seat of the thread that serves somebody who is here. */
  seatOf(id: ClientId): number | undefined;
  post(seat: number, order: ChatOrder): void;
  /** What to wait for until few enough orders are on their way. */
  room(seat: number): Waits;
}

/** Clients of one thread, which knows them as a group. */
interface Part {
  readonly seat: number;
  readonly ids: readonly ClientId[];
  group: number;
  /** Which of the threads that have had this seat knows the group. */
  life: number;
}

/**
 * The clients of all threads.
 *
 * Each thread gets each message once, whoever of its clients it is for. A room's list of members
 * stays the same object as long as nobody comes or goes, so it is sent once, and named by a number
 * from then on: else five hundred numbers would go with every line.
 */
export class RemoteAudience implements Audience {
  readonly #threads: Threads;
  #parts = new WeakMap<readonly ClientId[], readonly Part[]>();
  #lastGroup: number[];
  #life: number[];

  constructor(threads: Threads) {
    this.#threads = threads;
    this.#lastGroup = new Array(threads.count).fill(0);
    this.#life = new Array(threads.count).fill(0);
  }

  tell(to: readonly ClientId[], { bytes, lines }: Parcel, except: ClientId | undefined): void {
    const isShort = to.length <= SHORT_LIST;
    for (const part of isShort ? this.#split(to) : this.#remembered(to)) {
      const addressees = isShort ? part.ids : this.#groupOf(part);
      const order: ChatOrder = { kind: "tell", to: addressees, except, bytes, lines };
      this.#threads.post(part.seat, order);
    }
  }

  dismiss(id: ClientId, last?: Parcel): void {
    const seat = this.#threads.seatOf(id);
    if (seat !== undefined) this.#threads.post(seat, { kind: "dismiss", id, last: last?.bytes });
  }

  /** The threads let their clients catch up; only who has no room for more orders is waited for. */
  catchUp(): Waits {
    for (let seat = 0; seat < this.#threads.count; seat++) {
      const waits = this.#threads.room(seat);
      if (waits !== undefined) return waits;
    }
    return undefined;
  }

  /** The threads tell of those by themselves. */
  takeOverflowed(): ClientId[] {
    return [];
  }

  /** Another thread has this seat, and knows no group. */
  replaced(seat: number): void {
    this.#life[seat]++;
  }

  #remembered(to: readonly ClientId[]): readonly Part[] {
    const known = this.#parts.get(to);
    if (known !== undefined) return known;
    const parts = this.#split(to);
    this.#parts.set(to, parts);
    return parts;
  }

  #split(to: readonly ClientId[]): Part[] {
    const bySeat: ClientId[][] = Array.from({ length: this.#threads.count }, () => []);
    for (const id of to) {
      const seat = this.#threads.seatOf(id);
      if (seat !== undefined) bySeat[seat].push(id);
    }
    const parts: Part[] = [];
    for (const [seat, ids] of bySeat.entries()) {
      for (let at = 0; at < ids.length; at += LONGEST_PART) {
        parts.push({ seat, ids: ids.slice(at, at + LONGEST_PART), group: 0, life: -1 });
      }
    }
    return parts;
  }

  /** The number under which the part's thread knows it now. */
  #groupOf(part: Part): number {
    const { seat, ids } = part;
    const isKept = part.life === this.#life[seat] &&
      part.group > this.#lastGroup[seat] - KEPT_GROUPS;
    if (isKept) return part.group;
    part.life = this.#life[seat];
    part.group = ++this.#lastGroup[seat];
    this.#threads.post(seat, { kind: "group", group: part.group, ids });
    return part.group;
  }
}
