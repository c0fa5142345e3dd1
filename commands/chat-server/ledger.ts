import type { Figures } from "../serving/figures.ts";

const COLUMNS = ["told", "delivered", "dropped", "gone"] as const;
const [TOLD, DELIVERED, DROPPED, GONE] = COLUMNS.keys();
/** How many numbers a thread counts. */
export const LEDGER_COLUMNS = COLUMNS.length;

/**
 * What became of every line that somebody was to be told.
 *
 * At each moment `told` is the sum of `delivered`, `dropped`, `gone` and what still lies in the
 * inboxes.
 */
export interface LedgerFigures {
  /** Lines that were meant for somebody who is connected. */
  readonly told: number;
  /** Handed to the recipient's connection. */
  readonly delivered: number;
  /** For want of room in the inbox; the recipient is told how many. */
  readonly dropped: number;
  /** The recipient was gone, or its connection broke, before they went out. */
  readonly gone: number;
}

/** The ledger of one thread, in memory that may be shared. */
export class Ledger implements LedgerFigures {
  readonly #row: Float64Array;

  constructor(row: Float64Array = new Float64Array(LEDGER_COLUMNS)) {
    this.#row = row;
  }

  get told(): number {
    return this.#row[TOLD];
  }

  set told(lines: number) {
    this.#row[TOLD] = lines;
  }

  get delivered(): number {
    return this.#row[DELIVERED];
  }

  set delivered(lines: number) {
    this.#row[DELIVERED] = lines;
  }

  get dropped(): number {
    return this.#row[DROPPED];
  }

  set dropped(lines: number) {
    this.#row[DROPPED] = lines;
  }

  get gone(): number {
    return this.#row[GONE];
  }

  set gone(lines: number) {
    this.#row[GONE] = lines;
  }

  /** Its thread is no more, and nobody will take what lay in its inboxes. */
  writeOff(): void {
    this.gone = this.told - this.delivered - this.dropped;
  }
}

/** The ledgers of all threads together. */
export class TotalLedger implements LedgerFigures {
  readonly #figures: Figures;

  constructor(figures: Figures) {
    this.#figures = figures;
  }

  get told(): number {
    return this.#figures.sum(TOLD);
  }

  get delivered(): number {
    return this.#figures.sum(DELIVERED);
  }

  get dropped(): number {
    return this.#figures.sum(DROPPED);
  }

  get gone(): number {
    return this.#figures.sum(GONE);
  }
}

/** As the log shows it. */
export function ledgerFields({ told, delivered, dropped, gone }: LedgerFigures): LedgerFigures {
  return { told, delivered, dropped, gone };
}
