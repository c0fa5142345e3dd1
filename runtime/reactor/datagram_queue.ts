import { Ring } from "../collections/ring.ts";
import type { ReceivedDatagram, UdpAddress } from "../core/io.ts";

/** Linux's default for a socket's receive buffer: a burst that the system can hold fits here. */
const CAPACITY_BYTES = 212_992;

/** What a datagram costs besides its bytes, as Linux counts it; so empty ones are bounded, too. */
const OVERHEAD_BYTES = 768;

interface Datagram {
  readonly bytes: Uint8Array;
  readonly from: UdpAddress;
}

/**
 * Datagrams that were received and not taken.
 *
 * It is bounded as a socket's buffer is: when there is no room the newest is thrown away, and
 * counted. Plain data, never waits.
 */
export class DatagramQueue {
  #datagrams = new Ring<Datagram>();
  #charged = 0;
  #dropped = 0;

  /** How many were thrown away for want of room. */
  get dropped(): number {
    return this.#dropped;
  }

  get length(): number {
    return this.#datagrams.length;
  }

  /** Adds a copy of `bytes`, or throws the datagram away. */
  push(bytes: Uint8Array, from: UdpAddress): void {
    const charge = bytes.length + OVERHEAD_BYTES;
    if (this.#charged + charge > CAPACITY_BYTES) {
      this.#dropped++;
      return;
    }
    this.#charged += charge;
    this.#datagrams.push({ bytes: bytes.slice(), from });
  }

  /** Takes the oldest and copies what fits of it into `into`; `undefined` when there is none. */
  shift(into: Uint8Array): ReceivedDatagram | undefined {
    const oldest = this.#datagrams.shift();
    if (oldest === undefined) return undefined;
    const { bytes, from } = oldest;
    this.#charged -= bytes.length + OVERHEAD_BYTES;
    const truncated = bytes.length > into.length;
    const fitting = truncated ? bytes.subarray(0, into.length) : bytes;
    into.set(fitting);
    return { n: fitting.length, from, truncated };
  }
}
