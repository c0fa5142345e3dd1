/** The first byte of each packed value. */
export const enum Kind {
  Undefined,
  Null,
  False,
  True,
  Int,
  Float,
  BigInt,
  String,
  Latin,
  Array,
  Object,
  Map,
  Set,
  Date,
  Buffer,
  View,
}

/** How many bytes a length or a small whole number takes. */
export const LENGTH_BYTES = 4;
export const FLOAT_BYTES = 8;

/** The kinds of typed array, by the byte that names them. */
export const VIEWS = [
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigUint64Array,
  BigInt64Array,
] as const;
