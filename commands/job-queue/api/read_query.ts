/** What stands in a URL: numbers and names, in the form in which they would be told. */

import { alternatives } from "../../cli/kind.ts";
import { quote } from "../../cli/quote.ts";
import { isName } from "../model/names.ts";
import { badRequest } from "./refusal.ts";

const WHOLE = /^[1-9]\d*$/;

/** A whole number from 1 up; undefined for anything else. */
export function numberIn(word: string): number | undefined {
  const number = WHOLE.test(word) ? Number(word) : NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

/**
 * A parameter that nobody knows is refused, so that a slip of the pen does not ask for everything.
 *
 * @throws {Refusal} when there is one
 */
export function checkQuery(query: URLSearchParams, known: readonly string[]): void {
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const expected = alternatives(known) || "none";
  throw badRequest(`there is no query parameter ${quote(unknown)}; expected ${expected}`);
}

/** @throws {Refusal} for what is no number from 1 to `most`; undefined where nothing is said */
export function readCount(
  query: URLSearchParams,
  name: string,
  most: number = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const word = query.get(name);
  if (word === null) return undefined;
  const count = numberIn(word);
  if (count !== undefined && count <= most) return count;
  throw badRequest(`${name}: expected a whole number from 1 to ${most}`);
}

/** @throws {Refusal} for what is no name; undefined where nothing is said */
export function readName(query: URLSearchParams, name: string): string | undefined {
  const word = query.get(name) ?? undefined;
  if (word === undefined || isName(word)) return word;
  throw badRequest(`${name}: expected a name`);
}
