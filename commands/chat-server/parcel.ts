/** Lines as they go over the wire, and how many. */
export interface Parcel {
  readonly bytes: Uint8Array;
  readonly lines: number;
}

/** Enough for what mostly goes out at once. */
const SCRATCH_BYTES = 64 * 1024;
const ENCODER = new TextEncoder();

let scratch = new Uint8Array(SCRATCH_BYTES);

/** Makes a parcel of lines without their ends. */
export function parcel(lines: readonly string[]): Parcel {
  return { bytes: ENCODER.encode(lines.join("\n") + "\n"), lines: lines.length };
}

export function linesIn(parcels: readonly Parcel[]): number {
  let lines = 0;
  for (const parcel of parcels) lines += parcel.lines;
  return lines;
}

/**
 * The bytes of all parcels in one piece, for one write.
 *
 * They lie where the next call puts its own: a copy for each client would be half of what a
 * message to five hundred costs.
 */
export function pack(parcels: readonly Parcel[]): Uint8Array {
  if (parcels.length === 1) return parcels[0].bytes;
  let length = 0;
  for (const { bytes } of parcels) {
    if (length + bytes.length > scratch.length) enlarge(length, length + bytes.length);
    scratch.set(bytes, length);
    length += bytes.length;
  }
  return scratch.subarray(0, length);
}

function enlarge(used: number, wanted: number): void {
  const larger = new Uint8Array(Math.max(wanted, 2 * scratch.length));
  larger.set(scratch.subarray(0, used));
  scratch = larger;
}
