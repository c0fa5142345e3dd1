/**
 * The words that `net/`, the reactor and its drivers share.
 *
 * A *source* is one thing that can become ready: a socket, a listener, a signal. Every operation
 * on it is tried, never waited for: it answers at once or says {@link WouldBlock}; then the
 * caller leaves a waker under the source's token and is woken when trying again is worthwhile.
 */

import type { Waker } from "./waker.ts";

/** The answer of a source that cannot do the operation now without waiting. */
export const WouldBlock: unique symbol = Symbol("WouldBlock");

/** An operation's result, or {@link WouldBlock}. */
export type Tried<T> = T | typeof WouldBlock;

/**
 * Names one registration in a reactor. It holds a slot and the slot's generation, so that a token
 * kept too long names nothing instead of naming its successor.
 */
export type Token = number;

/** The two directions a task can wait for. */
export const READABLE = 1;
export const WRITABLE = 2;
export type Interest = typeof READABLE | typeof WRITABLE;

/** Where a TCP socket is bound or connected. */
export interface TcpAddress {
  readonly transport: "tcp";
  readonly host: string;
  readonly port: number;
}

/** Where a Unix socket is bound or connected; the path of an unnamed peer is empty. */
export interface UnixAddress {
  readonly transport: "unix";
  readonly path: string;
}

export type Address = TcpAddress | UnixAddress;

/** Where a UDP socket is bound or sends to. */
export interface UdpAddress {
  readonly transport: "udp";
  readonly host: string;
  readonly port: number;
}

/** One thing that can become ready. */
export interface Source {
  readonly token: Token;
  /** Gives the token and the resource back; closing twice is allowed. */
  close(): void;
}

/** What is known of a stream, without a try. What was true when it was asked may end at once. */
export interface Ready {
  /** Reading is worthwhile: there are bytes, or the end, or an error. Seldom, there is nothing. */
  readonly readable: boolean;
  /** Writing is worthwhile: there is room, or an error. Seldom, there is none. */
  readonly writable: boolean;
  /** After the bytes that have been received no more will come. */
  readonly readClosed: boolean;
  /** No more bytes can be sent. */
  readonly writeClosed: boolean;
}

/** A byte stream in both directions. */
export interface StreamSource extends Source {
  /**
   * What is known now. With `wanted` set for reading, a source that has to be asked for bytes
   * before it can become readable is asked.
   */
  readiness(wanted: Interest): Ready;
  readonly localAddr: Address;
  readonly peerAddr: Address;
  /** Copies received bytes to the start of `into`; 0 means the peer has finished sending. */
  tryRead(into: Uint8Array): Tried<number>;
  /**
   * Lends the received bytes where they lie, until the next operation on this half; none means
   * the peer has finished sending.
   */
  tryFill(): Tried<Uint8Array>;
  /** Takes the first `n` of the bytes that were lent. */
  consume(n: number): void;
  /**
   * Takes bytes from the start of `from` and answers how many. They are on their way, not yet
   * delivered: an error that befalls them later is thrown by the next try on this half.
   */
  tryWrite(from: Uint8Array): Tried<number>;
  /** Answers once every byte that was taken has been handed to the operating system. */
  tryFlush(): Tried<void>;
  /** Flushes, then tells the peer that no more bytes will come. */
  tryShutdown(): Tried<void>;
  setNoDelay(on: boolean): void;
  /** Closes without delivering what was taken and is still on its way. */
  abort(): void;
  /**
   * Gives the connection away, untouched: by the number under which the process knows it. Missing
   * where connections have none.
   */
  release?(): number;
}

/** A bound socket that hands out the streams of its clients. */
export interface ListenerSource extends Source {
  readonly localAddr: Address;
  tryAccept(): Tried<StreamSource>;
}

/** A connection on its way. Closing it before it has given its stream abandons the attempt. */
export interface ConnectSource extends Source {
  tryConnect(): Tried<StreamSource>;
}

/** What is told of a datagram besides its bytes. */
export interface ReceivedDatagram {
  /** How many bytes were copied. */
  readonly n: number;
  readonly from: UdpAddress;
  /** Whether it was longer than the buffer; what did not fit is lost. */
  readonly truncated: boolean;
}

/** A bound socket of datagrams: each is sent and received whole, and any may be lost. */
export interface DatagramSource extends Source {
  readonly localAddr: UdpAddress;
  /** How many datagrams the driver threw away because too many had been received and not taken. */
  readonly dropped: number;
  /** Takes the datagram that came first and copies its bytes to the start of `into`. */
  tryRecvFrom(into: Uint8Array): Tried<ReceivedDatagram>;
  /** Takes a copy of `from` as one datagram. It is on its way, not yet handed over. */
  trySendTo(from: Uint8Array, to: UdpAddress): Tried<number>;
  /**
   * Answers once the datagram that was taken last has been handed to the operating system; throws
   * what befell it, once. The next datagram takes the place of an error that nobody asked for.
   */
  tryFlush(): Tried<void>;
}

/** A signal that is being listened for; one try takes one delivery. */
export interface SignalSource extends Source {
  tryReceive(): Tried<void>;
}

export type SignalName = "SIGINT" | "SIGTERM" | "SIGHUP";

export interface ListenOptions {
  /** How many connections the operating system may hold before they are accepted. */
  readonly backlog?: number;
  /**
   * Lets several listeners, on several threads, share one port: on Linux each gets its part of the
   * clients. Over Deno's sockets it needs `"unstable": ["net"]` in `deno.json`.
   */
  readonly reusePort?: boolean;
}

/** How a connection is encrypted. */
export interface TlsOptions {
  /** Whom the certificate has to name; the host that is connected to, unless said otherwise. */
  readonly serverName?: string;
  /** Certificates in PEM that are trusted besides those the platform trusts. */
  readonly caCerts?: readonly string[];
  /** Whether any certificate will do: then nobody knows who is at the other end. */
  readonly insecure?: boolean;
  /** Told, outside of every task, when the connection is there and the handshake begins. */
  readonly onConnected?: () => void;
}

/** Who tells a task that trying is worthwhile again. */
export interface Readiness {
  /** Wakes `waker` when trying `interest` on the token's source again is worthwhile. */
  setWaker(token: Token, interest: Interest, waker: Waker): void;
  /** Wakes whoever waits for `interest`, as if it had happened. */
  wake(token: Token, interest: Interest): void;
}

/** What a task may ask of the I/O part of its runtime. */
export interface Io extends Readiness {
  listen(address: Address, options?: ListenOptions): ListenerSource;
  connect(address: Address): ConnectSource;
  /** @throws {DriverUnavailable} where the driver has no TLS */
  connectTls(address: TcpAddress, options: TlsOptions): ConnectSource;
  bindUdp(address: UdpAddress): DatagramSource;
  /** Takes over a connection that another thread has released; it is this one's from here on. */
  adopt(descriptor: number): StreamSource;
  signal(name: SignalName): SignalSource;
  /** Removes a Unix socket's file if it is there; any other file is an error and stays. */
  removeSocketFile(path: string): void;
}
