import {
  Closed,
  IoError,
  type ListenerSource,
  READABLE,
  type Ready,
  type Registrar,
  type StreamSource,
  type TcpAddress,
  type Token,
  type Tried,
  WouldBlock,
  WRITABLE,
} from "wakeful/runtime";
import { DuplexSource } from "../../net/duplex_source.ts";
import { bytes, textOf } from "./bytes.ts";

/** How many bytes wait for a reader before its peer's writes would block. */
const ROOM = 64 * 1024;
const LISTENING: TcpAddress = { transport: "tcp", host: "127.0.0.1", port: 7 };

let lastPort = 40_000;

/** One end of a connection in memory, with faults and a view from the test's side. */
export class MemoryStream extends DuplexSource<TcpAddress> {
  peer!: MemoryStream;
  noDelay: boolean | undefined;
  /** While set, nothing that was taken counts as handed over. */
  #held = false;
  #failed: IoError | undefined;

  constructor(readonly registrar: Registrar, room: number, here: TcpAddress, there: TcpAddress) {
    super(registrar, room, here, there);
  }

  override readiness(): Ready {
    if (this.#failed === undefined) return super.readiness();
    return { readable: true, writable: true, readClosed: true, writeClosed: true };
  }

  override tryFill(): Tried<Uint8Array> {
    this.#assertWorking();
    return super.tryFill();
  }

  override tryWrite(from: Uint8Array): Tried<number> {
    this.#assertWorking();
    return super.tryWrite(from);
  }

  override tryFlush(): Tried<void> {
    this.#assertWorking();
    return this.#held ? WouldBlock : super.tryFlush();
  }

  override tryShutdown(): Tried<void> {
    return this.tryFlush() === WouldBlock ? WouldBlock : super.tryShutdown();
  }

  override setNoDelay(on: boolean): void {
    this.noDelay = on;
  }

  /** As a socket's: the peer sees the end, and what has arrived there stays. */
  override abort(): void {
    this.close();
  }

  /** Keeps back what was taken, or lets it go. */
  hold(on: boolean): void {
    this.#held = on;
    if (!on) this.tell(WRITABLE);
  }

  /** Breaks the connection as this end sees it. */
  fail(error: IoError = new IoError("connection-reset", "read: the peer is gone")): void {
    this.#failed = error;
    this.tell(READABLE);
    this.tell(WRITABLE);
  }

  /** For the test at this end: sends all of `text`. */
  send(text: string): void {
    if (this.tryWrite(bytes(text)) !== text.length) throw new Error(`no room for "${text}"`);
  }

  /** For the test at this end: everything that has come. */
  take(): string {
    const into = new Uint8Array(ROOM);
    let text = "";
    for (;;) {
      const n = this.tryRead(into);
      if (n === WouldBlock || n === 0) return text;
      text += textOf(into.subarray(0, n));
    }
  }

  #assertWorking(): void {
    if (this.#failed !== undefined) throw this.#failed;
  }
}

/** Two ends of one connection. */
export function memoryPair(
  registrar: Registrar,
  room: { here?: number; there?: number } = {},
  there: TcpAddress = LISTENING,
): [MemoryStream, MemoryStream] {
  const here = { ...LISTENING, port: ++lastPort };
  const one = new MemoryStream(registrar, room.here ?? ROOM, here, there);
  const other = new MemoryStream(registrar, room.there ?? ROOM, there, here);
  DuplexSource.connect(one, other);
  [one.peer, other.peer] = [other, one];
  return [one, other];
}

/** A listener whose clients and errors the test makes. */
export class MemoryListener implements ListenerSource {
  readonly token: Token;
  readonly localAddr = LISTENING;
  closed = false;
  #registrar: Registrar;
  #backlog: (MemoryStream | IoError)[] = [];

  constructor(registrar: Registrar) {
    this.#registrar = registrar;
    this.token = registrar.register();
  }

  /** How many clients nobody has accepted yet. */
  get backlog(): number {
    return this.#backlog.length;
  }

  /** A client comes; answers its end of the connection. */
  connect(room: { client?: number; server?: number } = {}): MemoryStream {
    const [client, server] = memoryPair(this.#registrar, { here: room.client, there: room.server });
    this.#arrive(server);
    return client;
  }

  /** One accept is going to fail. */
  fail(error: IoError): void {
    this.#arrive(error);
  }

  tryAccept(): Tried<StreamSource> {
    if (this.closed) throw new Closed("the listener");
    const next = this.#backlog.shift();
    if (next instanceof IoError) throw next;
    return next ?? WouldBlock;
  }

  close(): void {
    this.closed = true;
    this.#registrar.deregister(this.token);
  }

  #arrive(what: MemoryStream | IoError): void {
    this.#backlog.push(what);
    this.#registrar.deliver(this.token, READABLE);
  }
}
