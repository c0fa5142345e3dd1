/** Puts `value` in the place of a property until the end of the block. */
export function stubbed<T extends object, K extends keyof T>(
  object: T,
  key: K,
  value: unknown,
): Disposable {
  const original = object[key];
  object[key] = value as T[K];
  return { [Symbol.dispose]: () => void (object[key] = original) };
}
