/** What the threads of the pool import: the way to a handler there. */

/** Calls what a module exports under a name, or holds under it in its default export. */
export async function callHandler(
  module: string,
  name: string,
  payload: unknown,
): Promise<unknown> {
  const exports: Record<string, unknown> = await import(module);
  const own = Object.hasOwn(exports, name) ? exports[name] : fromDefault(exports, name);
  if (typeof own !== "function") throw new TypeError(`${module} has no function ${name}`);
  return await own(payload);
}

function fromDefault({ default: all }: Record<string, unknown>, name: string): unknown {
  if (typeof all !== "object" || all === null || !Object.hasOwn(all, name)) return undefined;
  return (all as Record<string, unknown>)[name];
}
