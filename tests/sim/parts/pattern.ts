import { fail } from "../../support/assert.ts";

/** Co-prime to each other and to 256, so that neighbours and neighbouring streams differ. */
const STEP = 31;
const STRIDE = 97;

/**
 * Bytes that know their place: what `stream` carries at `from` and behind it. A byte that is lost,
 * doubled, moved, or another stream's is not the one that is expected.
 */
export function pattern(stream: number, from: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => byteAt(stream, from + i));
}

/** @throws when `bytes` are not what `stream` carries at `from` */
export function assertPattern(stream: number, from: number, bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === byteAt(stream, from + i)) continue;
    fail(`stream ${stream} at ${from + i}: got ${bytes[i]}, expected ${byteAt(stream, from + i)}`);
  }
}

function byteAt(stream: number, at: number): number {
  return (at * STEP + stream * STRIDE + (at >>> 8)) & 0xff;
}
