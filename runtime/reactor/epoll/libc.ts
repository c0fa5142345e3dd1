/**
 * The C library as this driver sees it: every symbol, constant and struct layout is in this file.
 *
 * Linux on x86_64 and aarch64, glibc and musl. Lengths and results are declared as 32-bit numbers,
 * although C has them wider: BigInt results cost three times the user time, and no buffer here is
 * that long. `errno` is read from its place in memory right after a call; asking a function for it
 * would be another call, which could change it.
 */

import { DriverUnavailable } from "../../core/errors.ts";

const SYMBOLS = {
  accept4: { parameters: ["i32", "buffer", "buffer", "i32"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  epoll_create1: { parameters: ["i32"], result: "i32" },
  epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  epoll_wait: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
  eventfd: { parameters: ["u32", "i32"], result: "i32" },
  freeaddrinfo: { parameters: ["pointer"], result: "void" },
  getaddrinfo: { parameters: ["buffer", "pointer", "pointer", "buffer"], result: "i32" },
  getaddrinfo_elsewhere: {
    name: "getaddrinfo",
    parameters: ["buffer", "pointer", "pointer", "buffer"],
    result: "i32",
    nonblocking: true,
  },
  getpeername: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  inet_ntop: { parameters: ["i32", "buffer", "buffer", "u32"], result: "pointer" },
  inet_pton: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  listen: { parameters: ["i32", "i32"], result: "i32" },
  /** On another thread, so that it may block. */
  ppoll_elsewhere: {
    name: "ppoll",
    parameters: ["buffer", "u64", "buffer", "pointer"],
    result: "i32",
    nonblocking: true,
  },
  read: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  recv: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
  recvfrom: { parameters: ["i32", "buffer", "i32", "i32", "buffer", "buffer"], result: "i32" },
  send: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
  sendto: { parameters: ["i32", "buffer", "i32", "i32", "buffer", "i32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "i32"], result: "i32" },
  shutdown: { parameters: ["i32", "i32"], result: "i32" },
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  /** On another thread: what this thread gets for itself meanwhile is the point. */
  usleep_elsewhere: { name: "usleep", parameters: ["u32"], result: "i32", nonblocking: true },
  write: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
} as const;

export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_ERROR = 4;
export const SO_REUSEPORT = 15;
export const IPPROTO_TCP = 6;
export const TCP_NODELAY = 1;
export const SHUT_WR = 1;
export const MSG_DONTWAIT = 0x40;
export const MSG_NOSIGNAL = 0x4000;
/** For `recvfrom`: answer the datagram's whole length, also when it was cut. */
export const MSG_TRUNC = 0x20;
export const POLLIN = 0x001;
export const EPOLL_CLOEXEC = 0o2000000;
export const EFD_NONBLOCK = 0o4000;
export const EFD_CLOEXEC = 0o2000000;
export const EPOLL_CTL_ADD = 1;
export const EPOLL_CTL_DEL = 2;
export const EPOLLIN = 0x001;
export const EPOLLOUT = 0x004;
export const EPOLLERR = 0x008;
export const EPOLLHUP = 0x010;
export const EPOLLRDHUP = 0x2000;
export const EPOLLET = 1 << 31;

export const EINTR = 4;
export const EAGAIN = 11;
export const EPIPE = 32;
export const ECONNABORTED = 103;
export const EINPROGRESS = 115;

/** The words of one `struct epoll_event`, which x86_64 alone packs. */
export const EVENT_WORDS = Deno.build.arch === "x86_64" ? 3 : 4;
/** Where in it the 64 bits of data begin. */
export const EVENT_DATA_WORD = Deno.build.arch === "x86_64" ? 1 : 2;

/** Offsets in `struct addrinfo`, in bytes; 64-bit Linux has them alike everywhere. */
export const ADDRINFO = { addrlen: 16, addr: 24, next: 40 } as const;

export type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

const CANDIDATES = ["libc.so.6", `libc.musl-${Deno.build.arch}.so.1`];
const ERRNO_BYTES = 4;

interface Loaded {
  readonly libc: Libc;
  readonly errno: Int32Array;
}

let loaded: Loaded | undefined;

/**
 * The C library of this process.
 *
 * @throws {DriverUnavailable} on another platform, or without the permission
 */
export function loadLibc(): Loaded {
  return loaded ??= load();
}

/** What the call before has failed with: ask at once. */
export function errno(): number {
  return loaded!.errno[0];
}

function load(): Loaded {
  const { os, arch } = Deno.build;
  if (os !== "linux" || (arch !== "x86_64" && arch !== "aarch64")) {
    throw new DriverUnavailable(
      "epoll",
      `it needs Linux on x86_64 or aarch64, and this is ${os} on ${arch}`,
    );
  }
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") {
    throw new DriverUnavailable("epoll", "it calls the C library: run with --allow-ffi");
  }
  const { symbols: libc } = openFirst(CANDIDATES);
  const place = Deno.UnsafePointerView.getArrayBuffer(libc.__errno_location()!, ERRNO_BYTES);
  return { libc, errno: new Int32Array(place) };
}

function openFirst(names: string[]): Deno.DynamicLibrary<typeof SYMBOLS> {
  const failures: string[] = [];
  for (const name of names) {
    try {
      return Deno.dlopen(name, SYMBOLS);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new DriverUnavailable("epoll", `no C library was found: ${failures.join("; ")}`);
}
