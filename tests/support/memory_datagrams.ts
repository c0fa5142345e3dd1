import {
  Closed,
  type DatagramSource,
  type IoError,
  READABLE,
  type ReceivedDatagram,
  type Registrar,
  type Token,
  type Tried,
  type UdpAddress,
  WouldBlock,
  WRITABLE,
} from "wakeful/runtime";
import { DatagramQueue } from "../../runtime/reactor/datagram_queue.ts";
import { bytes, textOf } from "./bytes.ts";

/** A socket of datagrams whose other side is the test. */
export class MemoryDatagrams implements DatagramSource {
  readonly token: Token;
  /** What was sent: to which port, and the text. */
  readonly sent: [number, string][] = [];
  closed = false;
  #registrar: Registrar;
  #received = new DatagramQueue();
  #held = false;
  #inFlight = false;
  #failed: IoError | undefined;

  constructor(registrar: Registrar, readonly localAddr: UdpAddress) {
    this.#registrar = registrar;
    this.token = registrar.register();
  }

  get dropped(): number {
    return this.#received.dropped;
  }

  tryRecvFrom(into: Uint8Array): Tried<ReceivedDatagram> {
    this.#assertOpen();
    return this.#received.shift(into) ?? WouldBlock;
  }

  trySendTo(from: Uint8Array, to: UdpAddress): Tried<number> {
    this.#assertOpen();
    if (this.#inFlight) return WouldBlock;
    this.#failed = undefined;
    this.#inFlight = this.#held;
    this.sent.push([to.port, textOf(from)]);
    return from.length;
  }

  tryFlush(): Tried<void> {
    this.#assertOpen();
    if (this.#inFlight) return WouldBlock;
    const failed = this.#failed;
    this.#failed = undefined;
    if (failed !== undefined) throw failed;
  }

  close(): void {
    this.closed = true;
    this.#registrar.deregister(this.token);
  }

  /** A datagram comes from `port`. */
  arrive(text: string, port = 1, host = "127.0.0.1"): void {
    this.#received.push(bytes(text), { transport: "udp", host, port });
    this.#registrar.deliver(this.token, READABLE);
  }

  /** From now on what is sent stays on its way until `handOver`. */
  hold(): void {
    this.#held = true;
  }

  /** The datagram on its way is handed over, or is not for a reason. */
  handOver(failed?: IoError): void {
    this.#inFlight = false;
    this.#failed = failed;
    this.#registrar.deliver(this.token, WRITABLE);
  }

  #assertOpen(): void {
    if (this.closed) throw new Closed("the UDP socket");
  }
}
