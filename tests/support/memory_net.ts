import {
  Closed,
  IoError,
  type ListenerSource,
  READABLE,
  type Registrar,
  type StreamSource,
  type TcpAddress,
  type Token,
  type Tried,
  WouldBlock,
  WRITABLE,
} from "wakeful/runtime";
import { bytes, joined, textOf } from "./bytes.ts";

/** How many bytes wait for a reader before its peer's writes would block. */
const ROOM = 64 * 1024;
const LISTENING: TcpAddress = { transport: "tcp", host: "127.0.0.1", port: 7 };

let lastPort = 40_000;

/** One end of a connection that exists only in memory: what one end takes, the other has. */
export class MemoryStream implements StreamSource {
  readonly token: Token;
  peer!: MemoryStream;
  closed = false;
  noDelay: boolean | undefined;
  /** While set, nothing that was taken counts as handed over. */
  #held = false;
  #received: Uint8Array = new Uint8Array(0);
  #ended = false;
  #failed: IoError | undefined;

  constructor(
    readonly registrar: Registrar,
    readonly localAddr: TcpAddress,
    readonly peerAddr: TcpAddress,
    readonly room: number,
  ) {
    this.token = registrar.register();
  }

  tryRead(into: Uint8Array): Tried<number> {
    const filled = this.tryFill();
    if (filled === WouldBlock) return WouldBlock;
    const n = Math.min(into.length, filled.length);
    into.set(filled.subarray(0, n));
    this.consume(n);
    return n;
  }

  tryFill(): Tried<Uint8Array> {
    this.#assertWorking();
    return this.#received.length === 0 && !this.#ended ? WouldBlock : this.#received;
  }

  consume(n: number): void {
    this.#received = this.#received.subarray(n);
    if (n > 0) this.peer.#tell(WRITABLE);
  }

  tryWrite(from: Uint8Array): Tried<number> {
    this.#assertWorking();
    if (this.peer.closed) throw new IoError("broken-pipe", "write: nobody is there");
    const n = Math.min(from.length, this.peer.room - this.peer.#received.length);
    if (n === 0 && from.length > 0) return WouldBlock;
    this.peer.#received = joined(this.peer.#received, from.subarray(0, n));
    this.peer.#tell(READABLE);
    return n;
  }

  tryFlush(): Tried<void> {
    this.#assertWorking();
    return this.#held ? WouldBlock : undefined;
  }

  tryShutdown(): Tried<void> {
    if (this.tryFlush() === WouldBlock) return WouldBlock;
    this.peer.#end();
  }

  setNoDelay(on: boolean): void {
    this.noDelay = on;
  }

  abort(): void {
    this.close();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.registrar.deregister(this.token);
    this.peer.#end();
    this.peer.#tell(WRITABLE);
  }

  /** Keeps back what was taken, or lets it go. */
  hold(on: boolean): void {
    this.#held = on;
    if (!on) this.#tell(WRITABLE);
  }

  /** Breaks the connection as this end sees it. */
  fail(error: IoError = new IoError("connection-reset", "read: the peer is gone")): void {
    this.#failed = error;
    this.#tell(READABLE);
    this.#tell(WRITABLE);
  }

  /** For the test at this end: sends all of `text`. */
  send(text: string): void {
    if (this.tryWrite(bytes(text)) !== text.length) throw new Error(`no room for "${text}"`);
  }

  /** For the test at this end: everything that has come. */
  take(): string {
    const text = textOf(this.#received);
    this.consume(this.#received.length);
    return text;
  }

  /** Whether the peer has finished sending and all of it was taken. */
  get atEnd(): boolean {
    return this.#ended && this.#received.length === 0;
  }

  #assertWorking(): void {
    if (this.closed) throw new Closed("the stream");
    if (this.#failed !== undefined) throw this.#failed;
  }

  #end(): void {
    this.#ended = true;
    this.#tell(READABLE);
  }

  #tell(interest: typeof READABLE | typeof WRITABLE): void {
    this.registrar.deliver(this.token, interest);
  }
}

/** Two ends of one connection. */
export function memoryPair(
  registrar: Registrar,
  room: { here?: number; there?: number } = {},
  there: TcpAddress = LISTENING,
): [MemoryStream, MemoryStream] {
  const here = { ...LISTENING, port: ++lastPort };
  const one = new MemoryStream(registrar, here, there, room.here ?? ROOM);
  const other = new MemoryStream(registrar, there, here, room.there ?? ROOM);
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
