import { IoError } from "../../core/errors.ts";
import { ADDRINFO, loadLibc } from "./libc.ts";
import { cString, inetSockAddr, type SockAddr, withPort } from "./sockaddr.ts";

const POINTER_BYTES = 8;
const FAMILY_BYTES = 2;

/** The first address of a name or number, at once; the thread waits for the system's answer. */
export function resolveNow(host: string, port: number): SockAddr {
  const number = inetSockAddr(host, port);
  if (number !== undefined) return number;
  const result = new Uint8Array(POINTER_BYTES);
  const failed = loadLibc().libc.getaddrinfo(cString(host), null, null, result);
  return withPort(firstOf(host, failed, result), port);
}

/** The first address of a name, asked for on another thread. */
export async function resolve(host: string, port: number): Promise<SockAddr> {
  const name = cString(host);
  const result = new Uint8Array(POINTER_BYTES);
  const failed = await loadLibc().libc.getaddrinfo_elsewhere(name, null, null, result);
  return withPort(firstOf(host, failed, result), port);
}

/** Copies the first entry of the list, and gives the list back. */
function firstOf(host: string, failed: number, result: Uint8Array<ArrayBuffer>): SockAddr {
  if (failed !== 0) throw new IoError("host-not-found", `resolve ${host}: no such host`);
  const list = Deno.UnsafePointer.create(new BigUint64Array(result.buffer)[0])!;
  try {
    const entry = new Deno.UnsafePointerView(list);
    const bytes = new Uint8Array(entry.getUint32(ADDRINFO.addrlen));
    const address = new Deno.UnsafePointerView(entry.getPointer(ADDRINFO.addr)!);
    address.copyInto(bytes);
    const family = new DataView(bytes.buffer, 0, FAMILY_BYTES).getUint16(0, true);
    return { family, bytes };
  } finally {
    loadLibc().libc.freeaddrinfo(list);
  }
}
