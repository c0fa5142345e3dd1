/** Interpret as command: the byte before everything that telnet says about itself (RFC 854). */
const IAC = 0xff;
const SUBNEGOTIATION = 0xfa;
const SUBNEGOTIATION_END = 0xf0;
/** WILL, WONT, DO and DONT have an option byte behind them. */
const FIRST_WITH_OPTION = 0xfb;
const LAST_WITH_OPTION = 0xfe;
/** No client has more to say; whoever sends more does not speak telnet. */
const LONGEST_SUBNEGOTIATION = 256;

type State = "text" | "command" | "option" | "subnegotiation" | "subnegotiation command";

/** Takes telnet's negotiation out of a stream of bytes, wherever the stream was cut into chunks. */
export class TelnetFilter {
  #state: State = "text";
  #skipped = 0;

  /** The bytes of `chunk` that are text. */
  strip(chunk: Uint8Array): Uint8Array {
    if (this.#state === "text" && !chunk.includes(IAC)) return chunk;
    return chunk.filter((byte) => this.#isText(byte));
  }

  /** Forgets a negotiation that has begun: a line has ended, and it must not cost the next one. */
  reset(): void {
    this.#state = "text";
  }

  #isText(byte: number): boolean {
    const before = this.#state;
    this.#state = this.#after(byte);
    return before === "text" && byte !== IAC;
  }

  #after(byte: number): State {
    switch (this.#state) {
      case "text":
        return byte === IAC ? "command" : "text";
      case "command":
        return this.#afterCommand(byte);
      case "option":
        return "text";
      case "subnegotiation":
        if (++this.#skipped > LONGEST_SUBNEGOTIATION) return "text";
        return byte === IAC ? "subnegotiation command" : "subnegotiation";
      case "subnegotiation command":
        return byte === SUBNEGOTIATION_END ? "text" : "subnegotiation";
    }
  }

  #afterCommand(byte: number): State {
    if (byte === SUBNEGOTIATION) {
      this.#skipped = 0;
      return "subnegotiation";
    }
    return byte >= FIRST_WITH_OPTION && byte <= LAST_WITH_OPTION ? "option" : "text";
  }
}
