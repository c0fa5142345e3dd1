import { showAddress } from "../../core/address.ts";
import { Closed, type IoError, Misuse } from "../../core/errors.ts";
import {
  type DatagramSource,
  READABLE,
  type ReceivedDatagram,
  type Token,
  type Tried,
  type UdpAddress,
  WouldBlock,
  WRITABLE,
} from "../../core/io.ts";
import { DatagramQueue } from "../datagram_queue.ts";
import type { Registrar } from "../driver.ts";
import { udpFromDeno } from "./address.ts";
import { ioError } from "./errors.ts";
import type { Submission, Submissions } from "./submissions.ts";

/** No datagram is longer, so that none is cut short here. */
const MAX_DATAGRAM_BYTES = 64 * 1024;

/**
 * A UDP socket of Deno's as a source that is tried.
 *
 * From the first try to receive on, one receive is in flight always and what it brings goes to a
 * bounded queue: a datagram is lost for want of room there, and counted, or in the system's own
 * buffer, but never because a task stopped waiting. One send is in flight at most.
 */
export class DenoDatagrams implements DatagramSource, Submission {
  readonly token: Token;
  readonly localAddr: UdpAddress;
  #conn: Deno.DatagramConn;
  #registrar: Registrar;
  #submissions: Submissions;
  #received = new DatagramQueue();
  /** Made by the first receive: many sockets only send. */
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  #receiving = false;
  #receiveFailed: IoError | undefined;
  #sending = false;
  #sendFailed: IoError | undefined;
  #closed = false;

  constructor(address: UdpAddress, registrar: Registrar, submissions: Submissions) {
    this.#conn = bind(address);
    this.localAddr = udpFromDeno(this.#conn.addr as Deno.NetAddr);
    this.#registrar = registrar;
    this.#submissions = submissions;
    this.token = registrar.register();
  }

  get dropped(): number {
    return this.#received.dropped;
  }

  tryRecvFrom(into: Uint8Array): Tried<ReceivedDatagram> {
    this.#assertOpen();
    const received = this.#received.shift(into);
    if (received !== undefined) return received;
    const failed = this.#receiveFailed;
    if (failed !== undefined) {
      this.#receiveFailed = undefined;
      throw failed;
    }
    if (!this.#receiving) this.#submitReceive();
    return WouldBlock;
  }

  trySendTo(from: Uint8Array, to: UdpAddress): Tried<number> {
    this.#assertOpen();
    if (this.#sending) return WouldBlock;
    this.#sending = true;
    this.#sendFailed = undefined;
    const addr: Deno.NetAddr = { transport: "udp", hostname: to.host, port: to.port };
    this.#conn.send(from.slice(), addr).then(
      () => this.#sent(undefined),
      (error) => this.#sent(ioError(`send to ${showAddress(to)}`, error)),
    );
    return from.length;
  }

  tryFlush(): Tried<void> {
    this.#assertOpen();
    if (this.#sending) return WouldBlock;
    const failed = this.#sendFailed;
    this.#sendFailed = undefined;
    if (failed !== undefined) throw failed;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conn.close();
    this.#registrar.deregister(this.token);
  }

  /** Starts the first receive. For the driver, at the end of the turn. */
  submit(): void {
    if (!this.#closed) this.#receive();
  }

  #submitReceive(): void {
    this.#receiving = true;
    this.#submissions.add(this);
  }

  #receive(): void {
    this.#buffer ??= new Uint8Array(MAX_DATAGRAM_BYTES);
    this.#conn.receive(this.#buffer).then(this.#onReceived, this.#onReceiveError);
  }

  #onReceived = ([bytes, from]: [Uint8Array, Deno.Addr]): void => {
    if (this.#closed) return;
    this.#received.push(bytes, udpFromDeno(from as Deno.NetAddr));
    this.#registrar.deliver(this.token, READABLE);
    this.#receive();
  };

  #onReceiveError = (error: unknown): void => {
    this.#receiving = false;
    if (this.#closed) return;
    this.#receiveFailed = ioError(`receive on ${showAddress(this.localAddr)}`, error);
    this.#registrar.deliver(this.token, READABLE);
  };

  #sent(failed: IoError | undefined): void {
    this.#sending = false;
    if (this.#closed) return;
    this.#sendFailed = failed;
    this.#registrar.deliver(this.token, WRITABLE);
  }

  #assertOpen(): void {
    if (this.#closed) throw new Closed("the UDP socket");
  }
}

function bind(address: UdpAddress): Deno.DatagramConn {
  if (!("listenDatagram" in Deno)) {
    throw new Misuse(
      "Cannot bind a UDP socket: Deno hides that from this program; run it with --unstable-net, " +
        'or put "unstable": ["net"] into its deno.json',
    );
  }
  try {
    return Deno.listenDatagram({ transport: "udp", hostname: address.host, port: address.port });
  } catch (error) {
    throw ioError(`bind to ${showAddress(address)}`, error);
  }
}
