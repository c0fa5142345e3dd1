/**
 * What is bound while the current coroutine runs: task-locals and the current span.
 *
 * A chain of pairs, innermost first. Whoever binds puts the longer chain in place for the length of
 * a poll and the old one back afterwards; a task begins with an empty one.
 */

export interface Binding {
  readonly key: object;
  readonly value: unknown;
  readonly outer: Binding | undefined;
}

let current: Binding | undefined;

/** Makes `bindings` the current chain and returns the one before, to be put back. */
export function swapBindings(bindings: Binding | undefined): Binding | undefined {
  const before = current;
  current = bindings;
  return before;
}

/** The innermost binding of `key`. */
export function bindingOf(key: object): Binding | undefined {
  let binding = current;
  while (binding !== undefined && binding.key !== key) binding = binding.outer;
  return binding;
}

/** The current chain, to be extended. */
export function currentBindings(): Binding | undefined {
  return current;
}
