import { showAddress } from "../../core/address.ts";
import { Closed } from "../../core/errors.ts";
import {
  type Address,
  type ListenerSource,
  type ListenOptions,
  READABLE,
  type StreamSource,
  type Token,
  type Tried,
  WouldBlock,
} from "../../core/io.ts";
import { sysError } from "./errors.ts";
import {
  AF_UNIX,
  EAGAIN,
  ECONNABORTED,
  EINTR,
  errno,
  IPPROTO_TCP,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  TCP_NODELAY,
} from "./libc.ts";
import { checked, type Pollable, type Poller } from "./poller.ts";
import { resolveNow } from "./resolve.ts";
import { type SockAddr, unixSockAddr } from "./sockaddr.ts";
import { AddressBuffer, localAddress, newSocket, setOption } from "./socket.ts";
import { EpollStream, type StreamParts } from "./stream.ts";

/** The system's own default drops connections of a storm, which costs their clients a second. */
const DEFAULT_BACKLOG = 4096;
/** A client that came and went while it stood in the backlog; the next may be there already. */
const CLIENT_GONE = [ECONNABORTED, EINTR];

const peer = new AddressBuffer();

/** A listening socket. */
export class EpollListener implements ListenerSource, Pollable {
  readonly token: Token;
  readonly generation: number;
  readonly localAddr: Address;
  #parts: StreamParts;
  #fd: number;
  /** The file of a Unix socket, which goes with it. */
  #path: string | undefined;
  #removeFile: (path: string) => void;
  #readable = true;
  #closed = false;

  constructor(
    fd: number,
    generation: number,
    parts: StreamParts,
    path: string | undefined,
    removeFile: (path: string) => void,
  ) {
    this.#fd = fd;
    this.generation = generation;
    this.#parts = parts;
    this.#path = path;
    this.#removeFile = removeFile;
    this.localAddr = localAddress(parts.poller.libc, fd);
    this.token = parts.registrar.register();
  }

  onEvents(): void {
    this.#readable = true;
    this.#parts.registrar.deliver(this.token, READABLE);
  }

  tryAccept(): Tried<StreamSource> {
    if (this.#closed) throw new Closed("the listener");
    if (!this.#readable) return WouldBlock;
    const { poller } = this.#parts;
    for (;;) {
      const { bytes, lengthBytes } = peer.clear();
      const fd = poller.libc.accept4(this.#fd, bytes, lengthBytes, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd >= 0) return this.#add(fd);
      const error = errno();
      if (CLIENT_GONE.includes(error)) continue;
      if (error !== EAGAIN) throw sysError(`accept on ${showAddress(this.localAddr)}`, error);
      this.#readable = false;
      return WouldBlock;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.poller.close(this.#fd);
    this.#parts.registrar.deregister(this.token);
    if (this.#path !== undefined) this.#removeFile(this.#path); // it may fail
  }

  #add(fd: number): EpollStream {
    const { poller } = this.#parts;
    return poller.add(fd, (gen) => new EpollStream(fd, gen, this.#parts, peer.written));
  }
}

/** Binds and listens. @throws {IoError} */
export function listen(
  address: Address,
  options: ListenOptions,
  parts: StreamParts,
  removeFile: (path: string) => void,
): EpollListener {
  const path = address.transport === "unix" ? address.path : undefined;
  const at = address.transport === "unix"
    ? unixSockAddr(address.path)
    : resolveNow(address.host, address.port);
  const fd = bound(parts.poller, at, `listen on ${showAddress(address)}`, options);
  const make = (generation: number) => new EpollListener(fd, generation, parts, path, removeFile);
  return parts.poller.add(fd, make);
}

function bound(poller: Poller, at: SockAddr, doing: string, options: ListenOptions): number {
  const { libc } = poller;
  const { backlog = DEFAULT_BACKLOG, reusePort = false } = options;
  const fd = newSocket(at.family, SOCK_STREAM);
  try {
    if (at.family !== AF_UNIX) {
      setOption(libc, fd, SOL_SOCKET, SO_REUSEADDR, 1);
      if (reusePort) setOption(libc, fd, SOL_SOCKET, SO_REUSEPORT, 1);
      setOption(libc, fd, IPPROTO_TCP, TCP_NODELAY, 1); // accepted sockets inherit it
    }
    checked(doing, libc.bind(fd, at.bytes, at.bytes.length));
    checked(doing, libc.listen(fd, backlog));
    return fd;
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}
