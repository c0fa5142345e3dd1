/** Lines at the bottom of a terminal that are written again and again. */
export interface Live {
  readonly columns: number;
  /** Shows these, none wider than the terminal, in the place of what was shown before. */
  show(lines: readonly string[]): void;
  /** Lets what is shown stay, and begins anew below it. */
  leave(): void;
}

const UP = (lines: number) => lines > 0 ? `\x1b[${lines}A` : "";
const CLEAR_BELOW = "\x1b[J";

/** Lines that are shown below all else: whatever else is written comes above them. */
export class LiveBlock implements Live {
  #write: (text: string) => void;
  #measure: () => number;
  #shown: readonly string[] = [];

  /** @param measure how many columns the terminal has at the moment */
  constructor(write: (text: string) => void, measure: () => number) {
    this.#write = write;
    this.#measure = measure;
  }

  get columns(): number {
    return this.#measure();
  }

  show(lines: readonly string[]): void {
    if (this.#shown.length + lines.length === 0) return;
    this.#write(`\r${UP(this.#shown.length - 1)}${CLEAR_BELOW}${lines.join("\r\n")}`);
    this.#shown = lines;
  }

  leave(): void {
    if (this.#shown.length > 0) this.#write("\r\n");
    this.#shown = [];
  }

  /** Makes room while `write` writes lines of its own. */
  above(write: () => void): void {
    const shown = this.#shown;
    this.show([]);
    write();
    this.show(shown);
  }
}
