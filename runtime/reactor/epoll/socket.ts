import type { Address } from "../../core/io.ts";
import { type Libc, loadLibc, SOCK_CLOEXEC, SOCK_NONBLOCK } from "./libc.ts";
import { checked } from "./poller.ts";
import { SOCKADDR_BYTES, toAddress } from "./sockaddr.ts";

const LENGTH_BYTES = 4;

/** A place for the system to write an address into, and how long it is. */
export class AddressBuffer {
  readonly bytes: Uint8Array<ArrayBuffer> = new Uint8Array(SOCKADDR_BYTES);
  readonly lengthBytes: Uint8Array<ArrayBuffer> = new Uint8Array(LENGTH_BYTES);
  #length: Int32Array = new Int32Array(this.lengthBytes.buffer);

  /** Says how much room there is, as the calls want it before each. */
  clear(): this {
    this.#length[0] = SOCKADDR_BYTES;
    return this;
  }

  get length(): number {
    return this.#length[0];
  }

  /** What the system has written; the next call writes over it. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }
}

const buffer = new AddressBuffer();
const NOWHERE: Address = { transport: "tcp", host: "0.0.0.0", port: 0 };

/** A socket that never blocks and is not passed on to child processes. */
export function newSocket(family: number, type: number): number {
  const flags = type | SOCK_NONBLOCK | SOCK_CLOEXEC;
  return checked("make a socket", loadLibc().libc.socket(family, flags, 0));
}

export function localAddress(libc: Libc, fd: number): Address {
  const { bytes, lengthBytes } = buffer.clear();
  return libc.getsockname(fd, bytes, lengthBytes) < 0 ? NOWHERE : toAddress(bytes, buffer.length);
}

/** The peer's address as the system writes it, until the next call; unknown once it is broken. */
export function peerBytes(libc: Libc, fd: number): Uint8Array<ArrayBuffer> | undefined {
  const { bytes, lengthBytes } = buffer.clear();
  return libc.getpeername(fd, bytes, lengthBytes) < 0 ? undefined : buffer.written;
}

/** Sets an option that is a number. */
export function setOption(libc: Libc, fd: number, level: number, option: number, on: number): void {
  const value = new Uint8Array(new Int32Array([on]).buffer);
  libc.setsockopt(fd, level, option, value, value.length);
}

/** Reads an option that is a number. */
export function getOption(libc: Libc, fd: number, level: number, option: number): number {
  const value = new Int32Array(1);
  const length = new Int32Array([value.byteLength]);
  libc.getsockopt(fd, level, option, new Uint8Array(value.buffer), new Uint8Array(length.buffer));
  return value[0];
}
