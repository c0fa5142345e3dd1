/** Text and numbered bytes, for tests of streams. */

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

export function textOf(received: Uint8Array): string {
  return new TextDecoder().decode(received);
}

/**
 * The bytes from `start` to `end` of an endless sequence in which every position is told from its
 * neighbours, so that a byte lost, doubled or moved shows.
 */
export function numbered(start: number, end: number): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(end - start);
  for (let i = start; i < end; i++) made[i - start] = i ^ ((i >>> 8) * 31) ^ ((i >>> 16) * 17);
  return made;
}

/** The first position at which `received` is not the sequence from `start` on; -1 if it is. */
export function firstWrong(received: Uint8Array, start: number): number {
  const right = numbered(start, start + received.length);
  return received.findIndex((byte, i) => byte !== right[i]);
}

export function joined(...pieces: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
