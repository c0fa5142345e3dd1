/** The latest lines of a room, at most so many. */
export class History {
  readonly #size: number;
  #lines: string[] = [];
  /** Where the oldest line is, once there are enough. */
  #oldest = 0;

  constructor(size: number) {
    this.#size = size;
  }

  add(line: string): void {
    if (this.#lines.length < this.#size) this.#lines.push(line);
    else {
      this.#lines[this.#oldest] = line;
      this.#oldest = (this.#oldest + 1) % this.#size;
    }
  }

  /** The last `count` lines, oldest first. */
  last(count: number): string[] {
    const inOrder = [...this.#lines.slice(this.#oldest), ...this.#lines.slice(0, this.#oldest)];
    return count > 0 ? inOrder.slice(-count) : [];
  }
}
