import type { TextFile } from "../cli/terminal.ts";
import type { RecordFields } from "./event.ts";

/** What a journal writes to, and how it tells the time. */
export interface JournalParts {
  /** Opens the file, at the beginning and again at each `reopen`. */
  open(): TextFile;
  /** Milliseconds since 1970. */
  wall(): number;
  /** Something could not be written. */
  onError(error: unknown): void;
}

/** What happened, one JSON object a line. */
export class Journal {
  readonly #parts: JournalParts | undefined;
  #file: TextFile | undefined;
  #lines = "";

  /** Without parts nothing is written. */
  constructor(parts?: JournalParts) {
    this.#parts = parts;
    this.#file = parts?.open();
  }

  record(event: string, fields: RecordFields): void {
    if (this.#parts === undefined) return;
    const at = new Date(this.#parts.wall()).toISOString();
    this.#lines += JSON.stringify({ at, event, ...fields }) + "\n";
  }

  /** Writes what was recorded, in one piece. */
  flush(): void {
    if (this.#lines === "" || this.#file === undefined) return;
    const lines = this.#lines;
    this.#lines = "";
    this.#trying(() => this.#file?.write(lines));
  }

  /** Closes the file and opens it again: the old one may have been moved out of the way. */
  reopen(): void {
    const parts = this.#parts;
    if (parts === undefined) return;
    this.flush();
    // Where no new one can be opened, the old one is better than none.
    this.#trying(() => {
      const fresh = parts.open();
      this.#file?.close();
      this.#file = fresh;
    });
  }

  [Symbol.dispose](): void {
    this.flush();
    this.#file?.close();
    this.#file = undefined;
  }

  /** A chat goes on when its log cannot be written. */
  #trying(attempt: () => void): void {
    try {
      attempt();
    } catch (error) {
      this.#parts?.onError(error);
    }
  }
}
