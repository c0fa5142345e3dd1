import { showAddress } from "../../core/address.ts";
import { Closed, IoError } from "../../core/errors.ts";
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
import { sysError } from "./errors.ts";
import {
  EAGAIN,
  EPOLLERR,
  EPOLLHUP,
  EPOLLIN,
  EPOLLOUT,
  errno,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  MSG_TRUNC,
  SOCK_DGRAM,
} from "./libc.ts";
import { checked, type Pollable } from "./poller.ts";
import { resolve, resolveNow } from "./resolve.ts";
import { inetSockAddr, type SockAddr, toUdpAddress } from "./sockaddr.ts";
import { AddressBuffer, newSocket } from "./socket.ts";
import type { StreamParts } from "./stream.ts";

/** A UDP socket. The system queues what nobody has received yet, and drops what is too much. */
export class EpollDatagrams implements DatagramSource, Pollable {
  readonly token: Token;
  readonly generation: number;
  readonly localAddr: UdpAddress;
  /** What the system itself drops is not known here. */
  readonly dropped = 0;
  #parts: Omit<StreamParts, "buffers">;
  #fd: number;
  #from = new AddressBuffer();
  #readable = true;
  #writable = true;
  /** A datagram that waits for its receiver's name to be resolved. */
  #resolving = false;
  #failed: IoError | undefined;
  #closed = false;

  constructor(fd: number, generation: number, parts: Omit<StreamParts, "buffers">) {
    this.#fd = fd;
    this.generation = generation;
    this.#parts = parts;
    const { bytes, lengthBytes } = this.#from.clear();
    parts.poller.libc.getsockname(fd, bytes, lengthBytes);
    this.localAddr = toUdpAddress(bytes, this.#from.length);
    this.token = parts.registrar.register();
  }

  onEvents(bits: number): void {
    const { registrar } = this.#parts;
    if (bits & (EPOLLIN | EPOLLERR | EPOLLHUP)) {
      this.#readable = true;
      registrar.deliver(this.token, READABLE);
    }
    if (bits & EPOLLOUT) {
      this.#writable = true;
      registrar.deliver(this.token, WRITABLE);
    }
  }

  tryRecvFrom(into: Uint8Array): Tried<ReceivedDatagram> {
    this.#assertOpen();
    if (!this.#readable) return WouldBlock;
    const { libc } = this.#parts.poller;
    const { bytes, lengthBytes } = this.#from.clear();
    const buffer = into as Uint8Array<ArrayBuffer>;
    const n = libc.recvfrom(this.#fd, buffer, into.length, MSG_TRUNC, bytes, lengthBytes);
    if (n >= 0) {
      const from = toUdpAddress(bytes, this.#from.length);
      return { n: Math.min(n, into.length), from, truncated: n > into.length };
    }
    const error = errno();
    if (error !== EAGAIN) throw sysError("receive", error);
    this.#readable = false;
    return WouldBlock;
  }

  trySendTo(from: Uint8Array, to: UdpAddress): Tried<number> {
    this.#assertOpen();
    if (this.#resolving || !this.#writable) return WouldBlock;
    const number = inetSockAddr(to.host, to.port);
    if (number !== undefined) return this.#send(from, number, to);
    this.#sendResolved(from.slice(), to);
    return from.length;
  }

  tryFlush(): Tried<void> {
    this.#assertOpen();
    if (this.#resolving) return WouldBlock;
    const failed = this.#failed;
    this.#failed = undefined;
    if (failed !== undefined) throw failed;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.poller.close(this.#fd);
    this.#parts.registrar.deregister(this.token);
  }

  #send(from: Uint8Array, address: SockAddr, to: UdpAddress): Tried<number> {
    const { libc } = this.#parts.poller;
    const flags = MSG_NOSIGNAL | MSG_DONTWAIT;
    const bytes = from as Uint8Array<ArrayBuffer>;
    const n = libc.sendto(this.#fd, bytes, from.length, flags, address.bytes, address.bytes.length);
    if (n >= 0) return n;
    const error = errno();
    if (error !== EAGAIN) throw sysError(`send to ${showAddress(to)}`, error);
    this.#writable = false;
    return WouldBlock;
  }

  #sendResolved(bytes: Uint8Array, to: UdpAddress): void {
    this.#resolving = true;
    this.#failed = undefined;
    const settle = (error?: unknown) => {
      this.#resolving = false;
      if (error !== undefined) {
        this.#failed = error instanceof IoError ? error : new IoError("other", String(error));
      }
      if (!this.#closed) this.#parts.registrar.deliver(this.token, WRITABLE);
    };
    resolve(to.host, to.port)
      .then((address) => void (this.#closed || this.#send(bytes, address, to)))
      .then(() => settle(), settle);
  }

  #assertOpen(): void {
    if (this.#closed) throw new Closed("the socket");
  }
}

/** Binds. @throws {IoError} */
export function bindUdp(address: UdpAddress, parts: Omit<StreamParts, "buffers">): EpollDatagrams {
  const at = resolveNow(address.host, address.port);
  const { poller } = parts;
  const fd = newSocket(at.family, SOCK_DGRAM);
  try {
    checked(`listen on ${showAddress(address)}`, poller.libc.bind(fd, at.bytes, at.bytes.length));
  } catch (error) {
    poller.libc.close(fd);
    throw error;
  }
  return poller.add(fd, (generation) => new EpollDatagrams(fd, generation, parts));
}
