/**
 * What became of every line that somebody was to be told.
 *
 * At each moment `told` is the sum of `delivered`, `dropped`, `gone` and what still lies in the
 * inboxes.
 */
export class Ledger {
  /** Lines that were meant for somebody who is connected. */
  told = 0;
  /** Handed to the recipient's connection. */
  delivered = 0;
  /** For want of room in the inbox; the recipient is told how many. */
  dropped = 0;
  /** The recipient was gone, or its connection broke, before they went out. */
  gone = 0;
}
