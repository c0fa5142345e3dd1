import { isName } from "../model/names.ts";
import type { Handler, HandlerFunction, Handlers } from "./handler.ts";

/**
 * The handlers that a module exports: a function for each type, under the type's name, or in an
 * object as its default. One whose property `blocking` is true runs on a thread.
 *
 * @throws {TypeError} when there is none, or something in its place is no function
 */
export function handlersIn(exports: Readonly<Record<string, unknown>>, module: string): Handlers {
  const { default: all, ...named } = exports;
  const handlers = new Map<string, Handler>();
  for (const [type, run] of [...Object.entries(named), ...Object.entries(objectOf(all))]) {
    if (typeof run !== "function") continue;
    if (!isName(type)) throw new TypeError(`${type} cannot be the name of a type`);
    handlers.set(type, handlerOf(run as HandlerFunction & { blocking?: unknown }, module, type));
  }
  if (handlers.size === 0) throw new TypeError("expected it to export a function for each type");
  return handlers;
}

function handlerOf(
  run: HandlerFunction & { blocking?: unknown },
  module: string,
  name: string,
): Handler {
  return run.blocking === true ? { where: "pool", module, name } : { where: "here", run };
}

function objectOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
