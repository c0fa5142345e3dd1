import type { Interest, Registrar, Token } from "wakeful/runtime";

/** Lets everything happen that promises have under way. */
export async function microtasks(): Promise<void> {
  for (let i = 0; i < 10; i++) await undefined;
}

type Settle<T> = { resolve(value: T): void; reject(error: unknown): void };

/** A connection of Deno's whose reads and writes complete when the test says so. */
export class FakeConn {
  readonly localAddr: Deno.NetAddr = { transport: "tcp", hostname: "127.0.0.1", port: 1 };
  readonly remoteAddr: Deno.NetAddr = { transport: "tcp", hostname: "127.0.0.1", port: 2 };
  readonly written: Uint8Array[] = [];
  /** How large the buffer of each read was. */
  readonly readSizes: number[] = [];
  closes = 0;
  closedWrites = 0;
  #reading: Settle<number | null> & { into: Uint8Array } | undefined;
  #writing: Settle<number> & { from: Uint8Array } | undefined;
  #closingWrite: Settle<void> | undefined;

  get asDeno(): Deno.Conn {
    return this as unknown as Deno.Conn;
  }

  get isReading(): boolean {
    return this.#reading !== undefined;
  }

  /** The bytes of the write that is under way. */
  get inFlight(): Uint8Array | undefined {
    return this.#writing?.from;
  }

  read(into: Uint8Array): Promise<number | null> {
    if (this.#reading) throw new Error("two reads at once");
    this.readSizes.push(into.length);
    return new Promise((resolve, reject) => this.#reading = { resolve, reject, into });
  }

  write(from: Uint8Array): Promise<number> {
    if (this.#writing) throw new Error("two writes at once");
    return new Promise((resolve, reject) => this.#writing = { resolve, reject, from });
  }

  closeWrite(): Promise<void> {
    this.closedWrites++;
    return new Promise((resolve, reject) => this.#closingWrite = { resolve, reject });
  }

  /** As Deno does it: whatever is under way fails, and closing twice is an error. */
  close(): void {
    if (++this.closes > 1) throw new Deno.errors.BadResource("closed twice");
    const error = new Deno.errors.BadResource("Bad resource ID");
    this.#takeReading()?.reject(error);
    this.#takeWriting()?.reject(error);
  }

  /** Completes the read under way with as many of `bytes` as fit; answers how many. */
  async deliver(bytes: Uint8Array): Promise<number> {
    const reading = this.#takeReading()!;
    const n = Math.min(bytes.length, reading.into.length);
    reading.into.set(bytes.subarray(0, n));
    reading.resolve(n);
    await microtasks();
    return n;
  }

  async end(): Promise<void> {
    this.#takeReading()!.resolve(null);
    await microtasks();
  }

  async failRead(error: Error): Promise<void> {
    this.#takeReading()!.reject(error);
    await microtasks();
  }

  /** Completes the write under way, of which the system took `n` bytes or all. */
  async drain(n?: number): Promise<void> {
    const writing = this.#takeWriting()!;
    const taken = writing.from.slice(0, n);
    this.written.push(taken);
    writing.resolve(taken.length);
    await microtasks();
  }

  async failWrite(error: Error): Promise<void> {
    this.#takeWriting()!.reject(error);
    await microtasks();
  }

  async finishCloseWrite(error?: Error): Promise<void> {
    if (error) this.#closingWrite!.reject(error);
    else this.#closingWrite!.resolve();
    await microtasks();
  }

  #takeReading() {
    const reading = this.#reading;
    this.#reading = undefined;
    return reading;
  }

  #takeWriting() {
    const writing = this.#writing;
    this.#writing = undefined;
    return writing;
  }
}

/** A registrar that writes down what its sources tell it. */
export class FakeRegistrar implements Registrar {
  readonly events: [Token, Interest][] = [];
  readonly tokens = new Set<Token>();
  #last = 0;

  register(): Token {
    this.tokens.add(++this.#last);
    return this.#last;
  }

  deregister(token: Token): void {
    this.tokens.delete(token);
  }

  deliver(token: Token, interest: Interest): void {
    this.events.push([token, interest]);
  }

  /** The interests that were told since the last look. */
  take(): Interest[] {
    return this.events.splice(0).map(([, interest]) => interest);
  }
}
