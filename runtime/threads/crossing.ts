import { NotPortable } from "../core/errors.ts";
import { Future } from "../core/future.ts";

/** What goes to the other thread as it is, instead of a copy. */
export class Transfer {
  constructor(readonly items: readonly Transferable[]) {}
}

/**
 * As the last argument of a call to another thread: the buffers, ports and streams among the other
 * arguments that move there instead of being copied. This thread can use them no more.
 *
 * @example
 * ```ts
 * import { transfer } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const pixels = new ArrayBuffer(8);
 * const last = transfer([pixels]); // pool.run(blur, pixels, transfer([pixels]))
 * assertEquals(last.items.length, 1);
 * ```
 */
export function transfer(items: readonly Transferable[]): Transfer {
  return new Transfer(items);
}

/** A copy that can be sent by message, and what of it is to move on with the message. */
export interface Crossing<T> {
  readonly copy: T;
  readonly items: readonly Transferable[];
}

/**
 * Takes a copy of `value` that can be sent by message.
 *
 * @throws {NotPortable} when a part of it cannot cross, with the place of that part
 */
export function cloneFor<T>(
  value: T,
  where: string,
  items: readonly Transferable[] = [],
): Crossing<T> {
  refuseIn(value, where, new Set(items as readonly object[])); // what moves is not looked into
  try {
    return structuredClone({ copy: value, items }, { transfer: [...items] });
  } catch (error) {
    throw new NotPortable(where, error instanceof Error ? error.message : String(error));
  }
}

const IDENTIFIER = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u;

/** Finds what the structured clone refuses, or, worse, takes and breaks. */
function refuseIn(value: unknown, where: string, seen: Set<object>): void {
  if (typeof value === "function") throw new NotPortable(where, "it is a function; export it");
  if (typeof value === "symbol") throw new NotPortable(where, "it is a symbol");
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  const what = living(value);
  if (what !== undefined) throw new NotPortable(where, what);
  for (const [part, place] of partsOf(value)) refuseIn(part, where + place, seen);
}

/** Why `value` is bound to its thread, if it is. */
function living(value: object): string | undefined {
  if (value instanceof Future) {
    return `it is a future, ${value.constructor.name}: wait for it here, and send its value`;
  }
  if (value instanceof Promise) return "it is a promise: wait for it here, and send its value";
  const tag = Object.prototype.toString.call(value);
  if (/Generator\]$/.test(tag)) return "it is a running generator: send its values";
  if (/Weak(Map|Set|Ref)\]$/.test(tag)) return "it refers to objects of this thread";
  return undefined;
}

function* partsOf(value: object): Generator<[part: unknown, place: string]> {
  if (value instanceof Map) {
    for (const [key, item] of value) {
      yield [key, ".keys()"];
      yield [item, `.get(${String(typeof key === "string" ? JSON.stringify(key) : key)})`];
    }
  } else if (value instanceof Set) {
    for (const item of value) yield [item, ".values()"];
  } else if (!ArrayBuffer.isView(value)) {
    for (const key of Object.keys(value)) {
      const place = Array.isArray(value) || !IDENTIFIER.test(key) ? bracketed(key) : `.${key}`;
      yield [(value as Record<string, unknown>)[key], place];
    }
  }
}

const bracketed = (key: string) => `[${/^\d+$/.test(key) ? key : JSON.stringify(key)}]`;
