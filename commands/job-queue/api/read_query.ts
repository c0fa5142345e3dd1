/** What stands in a URL: numbers and names, in the form in which they would be told. */

import { isName } from "../model/names.ts";
import { badRequest } from "./refusal.ts";

const WHOLE = /^[1-9]\d*$/;

/** A whole number from 1 up; undefined for anything else. */
export function numberIn(word: string): number | undefined {
  const number = WHOLE.test(word) ? Number(word) : NaN;
  return Number.isSafeInteger(number) ? number : undefined;
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
