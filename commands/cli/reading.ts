/**
 * What came of reading a value from a word: the value, or a phrase that says what was expected.
 *
 * The phrase completes "expected …" (`a port from 0 to 65535`), so that whoever knows where the
 * word came from (a flag, a variable, a field of a request) can write the whole message.
 */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly expected: string };

/** A reading that succeeded. */
export function found<T>(value: T): Reading<T> {
  return { ok: true, value };
}

/** A reading that failed; `phrase` completes "expected …". */
export function expected(phrase: string): Reading<never> {
  return { ok: false, expected: phrase };
}
