/** What happened, in order. */
export class Recorder {
  readonly seen: string[] = [];

  note(what: string): void {
    this.seen.push(what);
  }

  /** Everything so far as one line. */
  get line(): string {
    return this.seen.join(" ");
  }
}

/** What `act` throws. */
export function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("expected an error");
}
