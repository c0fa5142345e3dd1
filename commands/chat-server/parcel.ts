/** Lines as they go over the wire, and how many. */
export interface Parcel {
  readonly bytes: Uint8Array;
  readonly lines: number;
}

/** Enough for what mostly goes out at once. */
const SCRATCH_BYTES = 64 * 1024;
const ENCODER = new TextEncoder();

let scratch = new Uint8Array(SCRATCH_BYTES);
/** What lies in it. */
let packed: readonly Parcel[] = [];
let packedBytes = 0;

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
 * message to five hundred costs. And most of those are told the same, so it may lie there already.
 */
export function pack(parcels: readonly Parcel[]): Uint8Array {
  if (parcels.length === 1) return parcels[0].bytes;
  if (areSame(parcels, packed)) return scratch.subarray(0, packedBytes);
  packed = parcels;
  packedBytes = fill(parcels);
  return scratch.subarray(0, packedBytes);
}

function areSame(some: readonly Parcel[], others: readonly Parcel[]): boolean {
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false;
  return true;
}

function fill(parcels: readonly Parcel[]): number {
  let length = 0;
  for (const { bytes } of parcels) {
    if (length + bytes.length > scratch.length) enlarge(length, length + bytes.length);
    scratch.set(bytes, length);
    length += bytes.length;
  }
  return length;
}

function enlarge(used: number, wanted: number): void {
  const larger = new Uint8Array(Math.max(wanted, 2 * scratch.length));
  larger.set(scratch.subarray(0, used));
  scratch = larger;
}
