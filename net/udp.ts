import {
  type Co,
  Coroutine,
  type DatagramSource,
  type Future,
  Misuse,
  Pending,
  pollFn,
  type Readiness,
  type ReceivedDatagram,
  Semaphore,
  type Tried,
  type UdpAddress,
  WouldBlock,
  WRITABLE,
} from "../runtime/mod.ts";
import { udpAddress, type UdpEndpoint } from "./address.ts";
import { canonicalIp } from "./ip.ts";
import { Receive, type Receiver } from "./receive.ts";

/**
 * A UDP socket: datagrams, each whole or not at all, in any order, and any may be lost.
 *
 * One task at a time may wait to receive; sends of several tasks stand in a queue. Datagrams that
 * come while nobody receives wait in a bounded queue; the newest is thrown away when that is full,
 * see `dropped`. Without a peer that listens, datagrams vanish: the sender is not told.
 *
 * Deno counts UDP among its unstable parts: a program needs `"unstable": ["net"]` in its deno.json,
 * or `--unstable-net`.
 *
 * @example Ping and pong
 * ```ts
 * import { blockOn } from "wakeful/runtime";
 * import { UdpSocket } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * await blockOn(function* () {
 *   using server = yield* UdpSocket.bind({ port: 0 });
 *   using client = yield* UdpSocket.bind({ port: 0 });
 *   client.connect(server.localAddr);
 *   yield* client.send(new Uint8Array([1, 2, 3]));
 *
 *   const buffer = new Uint8Array(1500);
 *   const { n, from } = yield* server.recvFrom(buffer);
 *   yield* server.sendTo(buffer.subarray(0, n), from);
 *
 *   assertEquals(yield* client.recv(buffer), 3);
 * });
 * ```
 */
export class UdpSocket {
  #receiver: Receiver;
  #turnToSend = new Semaphore(1);
  #peer: UdpAddress | undefined;

  constructor(source: DatagramSource, readiness: Readiness) {
    this.#receiver = { source, readiness, waiting: undefined };
  }

  /**
   * Binds. Port 0 lets the system choose; `localAddr` then tells.
   *
   * Cancel safety: safe; it binds when it is polled, and does not wait.
   *
   * @throws {IoError} `address-in-use`, `address-not-available`, `permission-denied`
   * @throws {Misuse} when Deno hides UDP from this program
   */
  static bind(endpoint: UdpEndpoint): Future<UdpSocket> {
    const address = udpAddress(endpoint);
    return pollFn(({ loop: { io } }) => new UdpSocket(io.bindUdp(address), io));
  }

  /** Where it is bound: with port 0 asked for, the port that was found. */
  get localAddr(): UdpAddress {
    return this.#source.localAddr;
  }

  /** The peer that `connect` chose. */
  get peerAddr(): UdpAddress | undefined {
    return this.#peer;
  }

  /**
   * How many received datagrams were thrown away here because nobody took them in time. Those that
   * the system's own buffer had no room for are not among them.
   */
  get dropped(): number {
    return this.#source.dropped;
  }

  /**
   * Chooses the peer: `send` sends to it, and datagrams from anybody else are thrown away. Nothing
   * is sent by this. Once more chooses another peer.
   *
   * @throws {TypeError} when the host is no IP address: who sends is known by address only
   */
  connect(peer: UdpEndpoint): void {
    const { host, port } = udpAddress(peer);
    const ip = canonicalIp(host);
    if (ip === undefined) throw new TypeError(`Expected an IP address, got "${host}"`);
    this.#peer = { transport: "udp", host: ip, port };
  }

  /**
   * Waits for a datagram, copies its bytes to the start of `into`, and tells how many they are and
   * who sent them. An empty datagram has `n` 0. Of one that is longer than `into`, the rest is lost
   * and `truncated` is true.
   *
   * Cancel safety: safe; a dropped one has taken no datagram.
   *
   * @throws {IoError} when the system cannot receive
   * @throws {Busy} when another task waits to receive on the same socket
   * @throws {Closed} when the socket was closed here
   */
  recvFrom(into: Uint8Array): Future<ReceivedDatagram> {
    return new Receive(this.#receiver, () => this.#tryReceive(into));
  }

  /**
   * Waits for a datagram of the connected peer and answers how many bytes it brought; otherwise as
   * {@link recvFrom}.
   *
   * @throws {Misuse} when no peer was chosen with `connect`
   */
  recv(into: Uint8Array): Future<number> {
    this.#assertConnected();
    return new Receive(this.#receiver, () => {
      const received = this.#tryReceive(into);
      return received === WouldBlock ? WouldBlock : received.n;
    });
  }

  /** Takes a datagram that has come; `undefined` when there is none. Otherwise as {@link recvFrom}. */
  tryRecvFrom(into: Uint8Array): ReceivedDatagram | undefined {
    if (this.#receiver.waiting !== undefined) return undefined;
    const received = this.#tryReceive(into);
    return received === WouldBlock ? undefined : received;
  }

  /**
   * Sends `bytes` as one datagram and waits until the system has it; answers their number. The
   * bytes are copied when its turn has come, and must stay as they are until then. The host may be
   * a name.
   *
   * Cancel safety: safe in this sense: dropped, the datagram has been sent whole or not at all.
   *
   * @throws {IoError} `message-too-long` beyond 65,507 bytes, `host-not-found`, `unreachable`,
   * `permission-denied`
   * @throws {Closed} when the socket was closed here
   */
  sendTo(bytes: Uint8Array, to: UdpEndpoint): Future<number> {
    return new Coroutine(this.#send(bytes, udpAddress(to)));
  }

  /**
   * Sends to the connected peer; otherwise as {@link sendTo}.
   *
   * @throws {Misuse} when no peer was chosen with `connect`
   */
  send(bytes: Uint8Array): Future<number> {
    return new Coroutine(this.#send(bytes, this.#assertConnected()));
  }

  /**
   * Sends `bytes` as one datagram if that can be done at once; false when it cannot, also because
   * another task waits to send. What befalls the datagram later is not told.
   *
   * @throws {Closed} when the socket was closed here
   */
  trySendTo(bytes: Uint8Array, to: UdpEndpoint): boolean {
    if (this.#turnToSend.available === 0) return false;
    return this.#source.trySendTo(bytes, udpAddress(to)) !== WouldBlock;
  }

  /** Closes it and ends the waits of other tasks with `Closed`. */
  close(): void {
    this.#source.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  get #source(): DatagramSource {
    return this.#receiver.source;
  }

  *#send(bytes: Uint8Array, to: UdpAddress): Co<number> {
    using _turn = yield* this.#turnToSend.acquire();
    yield* this.#sendable(() => this.#source.trySendTo(bytes, to));
    yield* this.#sendable(() => this.#source.tryFlush());
    return bytes.length;
  }

  #sendable<T>(attempt: () => Tried<T>): Future<T> {
    return pollFn((cx) => {
      const tried = attempt();
      if (tried !== WouldBlock) return tried;
      this.#receiver.readiness.setWaker(this.#source.token, WRITABLE, cx.waker);
      return Pending;
    });
  }

  /** The next datagram that is meant for us; a connected socket hears its peer only. */
  #tryReceive(into: Uint8Array): Tried<ReceivedDatagram> {
    for (;;) {
      const received = this.#source.tryRecvFrom(into);
      if (received === WouldBlock || this.#isFromPeer(received.from)) return received;
    }
  }

  #isFromPeer({ host, port }: UdpAddress): boolean {
    const peer = this.#peer;
    if (peer === undefined) return true;
    return port === peer.port && (host === peer.host || canonicalIp(host) === peer.host);
  }

  #assertConnected(): UdpAddress {
    if (this.#peer !== undefined) return this.#peer;
    throw new Misuse("Cannot send or receive without a peer: choose one with connect()");
  }
}
