import type { FailureClass } from "./failure_class.ts";

/** How many requests there were to be, and what became of each. */
export interface Counts {
  /** Those that were due. */
  readonly planned: number;
  /** Those that were begun. */
  readonly sent: number;
  /** Answers below 400. */
  readonly ok: number;
  /** Answers of 400 and above. */
  readonly badStatus: number;
  /** Those that were under way when time was up. */
  readonly unfinished: number;
  readonly failures: Readonly<Partial<Record<FailureClass, number>>>;
}

/**
 * The book of a run, which has to balance: planned = sent + not sent, and
 * sent = ok + bad status + failures + unfinished.
 */
export class Ledger implements Counts {
  planned = 0;
  sent = 0;
  ok = 0;
  badStatus = 0;
  unfinished = 0;
  failures: Partial<Record<FailureClass, number>> = {};

  static of(counts: Counts): Ledger {
    const ledger = new Ledger();
    ledger.add(counts);
    return ledger;
  }

  /** Those that were due, and that nobody had a connection for. */
  get notSent(): number {
    return this.planned - this.sent;
  }

  /** Those with an answer, whatever it says. */
  get answered(): number {
    return this.ok + this.badStatus;
  }

  /** Those that went wrong before there was a whole answer. */
  get broken(): number {
    return Object.values(this.failures).reduce((sum, count) => sum + count, 0);
  }

  /** Those that did not succeed, among those that ended. */
  get failed(): number {
    return this.badStatus + this.broken;
  }

  get ended(): number {
    return this.answered + this.broken;
  }

  fail(failure: FailureClass): void {
    this.failures[failure] = (this.failures[failure] ?? 0) + 1;
  }

  add(other: Counts): void {
    this.planned += other.planned;
    this.sent += other.sent;
    this.ok += other.ok;
    this.badStatus += other.badStatus;
    this.unfinished += other.unfinished;
    for (const [failure, count] of Object.entries(other.failures)) {
      const key = failure as FailureClass;
      this.failures[key] = (this.failures[key] ?? 0) + count;
    }
  }

  /** What is wrong with the book; undefined when it balances, as it always should. */
  get imbalance(): string | undefined {
    if (this.notSent < 0) return `${this.sent} were sent of ${this.planned} that were planned`;
    const accounted = this.ended + this.unfinished;
    if (accounted === this.sent) return undefined;
    return `${this.sent} were sent, and ${accounted} are accounted for`;
  }
}
