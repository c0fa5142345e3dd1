import { showAddress } from "../../core/address.ts";
import { Closed, IoError, type IoErrorKind } from "../../core/errors.ts";
import {
  type DatagramSource,
  READABLE,
  type ReceivedDatagram,
  type Token,
  type Tried,
  type UdpAddress,
  WouldBlock,
} from "../../core/io.ts";
import { DatagramQueue } from "../datagram_queue.ts";
import type { Registrar } from "../driver.ts";
import type { Machine } from "./machine.ts";
import { isLoopback } from "./network.ts";

/** The longest datagram that IPv4 carries. */
const MAX_PAYLOAD_BYTES = 65_507;

/** A simulated UDP socket: what it sends may be lost, come twice, or come in another order. */
export class SimDatagram implements DatagramSource {
  readonly token: Token;
  readonly localAddr: UdpAddress;
  #machine: Machine;
  #registrar: Registrar;
  #received = new DatagramQueue();
  #closed = false;

  constructor(machine: Machine, registrar: Registrar, at: UdpAddress) {
    this.localAddr = at;
    this.#machine = machine;
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
    const { network } = this.#machine;
    const target = network.find(to.host, this.#machine);
    if (target === undefined) throw this.#error("host-not-found", to, "no such host");
    if (from.length > MAX_PAYLOAD_BYTES) throw this.#error("message-too-long", to, "too long");
    if (target !== this.#machine && isLoopback(this.localAddr.host)) {
      throw this.#error("other", to, "invalid argument");
    }
    const path = network.path(this.#machine, target);
    const bytes = from.slice();
    const copies = path.loses() ? 0 : path.doubles() ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      this.#machine.kernel.at(path.arrival(bytes.length), () => {
        if (path.up && target.reachable) this.#reach(target, to, bytes);
      });
    }
    return bytes.length;
  }

  /** What was taken is in the system's hands already. */
  tryFlush(): Tried<void> {
    this.#assertOpen();
  }

  close(): void {
    this.kill();
  }

  kill(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#machine.unbind(this, "close");
    this.#registrar.deregister(this.token);
  }

  /** Where nobody listens a datagram vanishes. */
  #reach(target: Machine, to: UdpAddress, bytes: Uint8Array): void {
    const socket = target.boundAt(to);
    if (!(socket instanceof SimDatagram)) return;
    const from = this.#machine.senderAddress(this.localAddr, to);
    this.#machine.kernel.note("datagram", this.#machine.name, target.name, bytes.length);
    socket.#received.push(bytes, from);
    socket.#registrar.deliver(socket.token, READABLE);
  }

  #assertOpen(): void {
    if (this.#closed) throw new Closed("the socket");
  }

  #error(kind: IoErrorKind, to: UdpAddress, phrase: string): IoError {
    return new IoError(kind, `send to ${showAddress(to)}: ${phrase}`);
  }
}
