import { showAddress } from "../../core/address.ts";
import { Closed, IoError } from "../../core/errors.ts";
import {
  type Address,
  type ConnectSource,
  type StreamSource,
  type Token,
  type Tried,
  WouldBlock,
  WRITABLE,
} from "../../core/io.ts";
import { sysError } from "./errors.ts";
import {
  AF_UNIX,
  EINPROGRESS,
  EPOLLERR,
  EPOLLHUP,
  EPOLLOUT,
  errno,
  IPPROTO_TCP,
  SO_ERROR,
  SOCK_STREAM,
  SOL_SOCKET,
  TCP_NODELAY,
} from "./libc.ts";
import { NO_DESCRIPTOR, type Pollable } from "./poller.ts";
import { resolve } from "./resolve.ts";
import { inetSockAddr, type SockAddr, unixSockAddr } from "./sockaddr.ts";
import { getOption, newSocket, peerBytes, setOption } from "./socket.ts";
import { EpollStream, type StreamParts } from "./stream.ts";

const DECIDED = EPOLLOUT | EPOLLERR | EPOLLHUP;

/** A connection on its way: perhaps a name to be resolved, then a socket that becomes writable. */
export class EpollConnect implements ConnectSource, Pollable {
  readonly token: Token;
  generation = 0;
  #address: Address;
  #parts: StreamParts;
  #dialed: SockAddr | undefined;
  #fd = NO_DESCRIPTOR;
  /** All events so far: the peer may have sent something already, and they are told once. */
  #seen = 0;
  #connected = false;
  #failed: IoError | undefined;
  #done = false;

  constructor(address: Address, parts: StreamParts) {
    this.#address = address;
    this.#parts = parts;
    this.token = parts.registrar.register();
    this.#begin();
  }

  tryConnect(): Tried<StreamSource> {
    if (this.#failed !== undefined) throw this.#failed;
    if (this.#done) throw new Closed("the connection attempt");
    if (!this.#connected) return WouldBlock;
    const { poller, registrar } = this.#parts;
    const peer = peerBytes(poller.libc, this.#fd) ?? this.#dialed!.bytes;
    const stream = new EpollStream(this.#fd, this.generation, this.#parts, peer);
    poller.handOver(this.#fd, stream);
    this.#fd = NO_DESCRIPTOR;
    this.#done = true;
    registrar.deregister(this.token);
    stream.onEvents(this.#seen);
    return stream;
  }

  onEvents(bits: number): void {
    this.#seen |= bits;
    if (!(bits & DECIDED) || this.#connected || this.#failed) return;
    const error = getOption(this.#parts.poller.libc, this.#fd, SOL_SOCKET, SO_ERROR);
    if (error !== 0) return this.#fail(error);
    this.#connected = true;
    this.#tell();
  }

  close(): void {
    this.#done = true;
    this.#giveUp();
    this.#parts.registrar.deregister(this.token);
  }

  #begin(): void {
    if (this.#address.transport === "unix") {
      return this.#dialOrFail(unixSockAddr(this.#address.path));
    }
    const { host, port } = this.#address;
    const number = inetSockAddr(host, port);
    if (number !== undefined) return this.#dialOrFail(number);
    resolve(host, port).then(
      (found) => this.#done || this.#dialOrFail(found),
      (error) => this.#failWith(error),
    );
  }

  #dialOrFail(to: SockAddr): void {
    try {
      this.#dial(to);
    } catch (error) {
      this.#failWith(error);
    }
  }

  #dial(to: SockAddr): void {
    const { poller } = this.#parts;
    const fd = newSocket(to.family, SOCK_STREAM);
    if (to.family !== AF_UNIX) setOption(poller.libc, fd, IPPROTO_TCP, TCP_NODELAY, 1);
    const result = poller.libc.connect(fd, to.bytes, to.bytes.length);
    const error = result < 0 ? errno() : 0;
    if (error !== 0 && error !== EINPROGRESS) {
      poller.libc.close(fd);
      return this.#fail(error);
    }
    this.#dialed = to;
    poller.add(fd, (generation) => {
      this.#fd = fd;
      this.generation = generation;
      return this;
    });
    this.#connected = error === 0;
    if (this.#connected) this.#tell();
  }

  #fail(errno: number): void {
    this.#failWith(sysError(`connect to ${showAddress(this.#address)}`, errno));
  }

  #failWith(error: unknown): void {
    this.#failed = error instanceof IoError ? error : new IoError("other", String(error));
    this.#giveUp();
    this.#tell();
  }

  #giveUp(): void {
    if (this.#fd !== NO_DESCRIPTOR) this.#parts.poller.close(this.#fd);
    this.#fd = NO_DESCRIPTOR;
  }

  #tell(): void {
    this.#parts.registrar.deliver(this.token, WRITABLE);
  }
}
