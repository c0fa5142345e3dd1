import { IoError } from "../../core/errors.ts";
import type { Address, UdpAddress } from "../../core/io.ts";
import { AF_INET, AF_INET6, AF_UNIX, loadLibc } from "./libc.ts";

/** Large enough for any address: a Unix path of 108 bytes is the longest. */
export const SOCKADDR_BYTES = 110;
const PATH_AT = 2;
const LONGEST_PATH = SOCKADDR_BYTES - PATH_AT - 1;
const INET_BYTES = 16;
const INET_HOST_AT = 4;
const INET6_BYTES = 28;
const INET6_HOST_AT = 8;
const LONGEST_HOST_TEXT = 46;
const PORTS = 2 ** 16;
const BYTE = 0xff;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const hostText = new Uint8Array(LONGEST_HOST_TEXT);

/** A `struct sockaddr` and how much of it counts. */
export interface SockAddr {
  readonly family: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Ends with the zero that C wants. @throws {IoError} when there is one before, which C would end at */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  if (text.includes("\0")) {
    throw new IoError("address-not-available", `${JSON.stringify(text)} contains a zero byte`);
  }
  return encoder.encode(`${text}\0`);
}

/** The address of a Unix socket. @throws {IoError} when the path is empty or too long */
export function unixSockAddr(path: string): SockAddr {
  const encoded = cString(path);
  if (path === "") throw new IoError("address-not-available", "the path of a socket is empty");
  if (encoded.length - 1 > LONGEST_PATH) {
    throw new IoError(
      "address-not-available",
      `the path ${path} is longer than ${LONGEST_PATH} bytes`,
    );
  }
  const bytes = new Uint8Array(PATH_AT + encoded.length);
  new DataView(bytes.buffer).setUint16(0, AF_UNIX, true);
  bytes.set(encoded, PATH_AT);
  return { family: AF_UNIX, bytes };
}

/** The address that `host` spells in numbers; undefined when it is a name. */
export function inetSockAddr(host: string, port: number): SockAddr | undefined {
  const family = host.includes(":") ? AF_INET6 : AF_INET;
  const bytes = new Uint8Array(family === AF_INET ? INET_BYTES : INET6_BYTES);
  const at = family === AF_INET ? INET_HOST_AT : INET6_HOST_AT;
  if (loadLibc().libc.inet_pton(family, cString(host), bytes.subarray(at)) !== 1) return undefined;
  new DataView(bytes.buffer).setUint16(0, family, true);
  return withPort({ family, bytes }, port);
}

/** The same address with another port, in place. */
export function withPort(address: SockAddr, port: number): SockAddr {
  new DataView(address.bytes.buffer).setUint16(2, port, false);
  return address;
}

/** What the system wrote into `bytes`, `length` of them. */
export function readSockAddr(
  bytes: Uint8Array<ArrayBuffer>,
  length: number,
): { family: number; host: string; port: number; path: string } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const family = length < PATH_AT ? AF_UNIX : view.getUint16(0, true);
  if (family !== AF_UNIX) {
    return { family, host: hostOf(family, bytes), port: view.getUint16(2, false), path: "" };
  }
  const path = bytes.subarray(PATH_AT, Math.max(PATH_AT, length));
  const end = path.indexOf(0);
  return {
    family,
    host: "",
    port: 0,
    path: decoder.decode(end < 0 ? path : path.subarray(0, end)),
  };
}

/** As an address of a stream or listener. */
export function toAddress(bytes: Uint8Array<ArrayBuffer>, length: number): Address {
  const { family, host, port, path } = readSockAddr(bytes, length);
  return family === AF_UNIX ? { transport: "unix", path } : { transport: "tcp", host, port };
}

/**
 * An address that is kept for later, mostly in vain: one of IPv4 as a number, any other as its
 * bytes. A view of 16 bytes takes 220, which is more than the rest of a stream.
 */
export type KeptAddress = number | Uint8Array<ArrayBuffer>;

/** Keeps what the system wrote; `bytes` may be written again afterwards. */
export function keepAddress(bytes: Uint8Array<ArrayBuffer>): KeptAddress {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const isInet = bytes.length >= INET_BYTES && view.getUint16(0, true) === AF_INET;
  if (!isInet) return bytes.slice();
  return view.getUint32(INET_HOST_AT, false) * PORTS + view.getUint16(2, false);
}

/** The address that was kept. */
export function keptAddress(kept: KeptAddress): Address {
  if (typeof kept !== "number") return toAddress(kept, kept.length);
  const number = Math.floor(kept / PORTS);
  const parts = [number >>> 24, number >>> 16 & BYTE, number >>> 8 & BYTE, number & BYTE];
  return { transport: "tcp", host: parts.join("."), port: kept % PORTS };
}

/** As the address of a datagram's socket. */
export function toUdpAddress(bytes: Uint8Array<ArrayBuffer>, length: number): UdpAddress {
  const { host, port } = readSockAddr(bytes, length);
  return { transport: "udp", host, port };
}

function hostOf(family: number, bytes: Uint8Array<ArrayBuffer>): string {
  const at = family === AF_INET ? INET_HOST_AT : INET6_HOST_AT;
  loadLibc().libc.inet_ntop(family, bytes.subarray(at), hostText, LONGEST_HOST_TEXT);
  return decoder.decode(hostText.subarray(0, hostText.indexOf(0)));
}
