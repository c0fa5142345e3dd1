/** What the threads of the pool import: the way to a handler there. */

/**
 * Calls what a module exports under a name, or holds under it in its default export.
 *
 * @param begun set to 1 when the handler begins, for whoever measures its time
 */
export async function callHandler(
  module: string,
  name: string,
  payload: unknown,
  begun?: SharedArrayBuffer,
): Promise<unknown> {
  const exports: Record<string, unknown> = await import(module);
  const own = Object.hasOwn(exports, name) ? exports[name] : fromDefault(exports, name);
  if (typeof own !== "function") throw new TypeError(`${module} has no function ${name}`);
  if (begun !== undefined) Atomics.store(new Int32Array(begun), 0, 1);
  return await own(payload);
}

function fromDefault({ default: all }: Record<string, unknown>, name: string): unknown {
  if (typeof all !== "object" || all === null || !Object.hasOwn(all, name)) return undefined;
  return (all as Record<string, unknown>)[name];
}
