import { alternatives } from "../../cli/kind.ts";
import { A_DURATION, readDuration } from "../../cli/units.ts";
import { quote } from "../../cli/quote.ts";
import { A_KEY, A_NAME, isKey, isName } from "../model/names.ts";
import { badRequest } from "./refusal.ts";

/**
 * The fields of an object from outside, taken one by one: whatever is left at the end is a field
 * that nobody knows, and refused, so that a slip of the pen is not silently ignored.
 */
export class Fields {
  #left: Map<string, unknown>;
  /** Those that were asked for. */
  #known: string[] = [];
  #where: string;

  /** @throws {Refusal} when it is no object */
  constructor(value: unknown, where: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw badRequest(`${where}: expected an object, got ${shown(value)}`);
    }
    this.#left = new Map(Object.entries(value));
    this.#where = where;
  }

  /** Takes a field as it is; undefined when there is none. */
  take(name: string): unknown {
    const value = this.#left.get(name);
    this.#known.push(name);
    this.#left.delete(name);
    return value;
  }

  name(name: string): string | undefined {
    return this.#checked(name, A_NAME, isName);
  }

  names(name: string): readonly string[] | undefined {
    const isNames = (value: unknown): value is string[] =>
      Array.isArray(value) && value.length <= MOST_NAMES && value.every(isName);
    return this.#checked(name, `at most ${MOST_NAMES} of them, each ${A_NAME}`, isNames);
  }

  key(name: string): string | undefined {
    return this.#checked(name, A_KEY, isKey);
  }

  text(name: string): string | undefined {
    return this.#checked(name, "a text", (value) => typeof value === "string");
  }

  flag(name: string): boolean {
    const isFlag = (value: unknown) => typeof value === "boolean";
    return this.#checked<boolean>(name, "true or false", isFlag as never) ?? false;
  }

  whole(name: string, least: number, most: number): number | undefined {
    const isWhole = (value: unknown): value is number =>
      Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
    return this.#checked(name, `a whole number from ${least} to ${most}`, isWhole);
  }

  /** In milliseconds: such a number, or `10s`. */
  duration(name: string): number | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    const read = typeof value === "string" ? readDuration(value) : { ok: true, value } as const;
    if (read.ok && isMilliseconds(read.value)) return Math.round(read.value);
    throw this.#wrong(name, `${A_DURATION}, or milliseconds up to ${LONGEST_MS}`, value);
  }

  /** In milliseconds since 1970: such a number, or a date as ISO 8601 has it. */
  moment(name: string): number | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    const at = typeof value === "string" ? Date.parse(value) : value;
    if (isMilliseconds(at)) return Math.round(at);
    throw this.#wrong(
      name,
      "a date such as 2030-01-31T08:00:00Z, or milliseconds since 1970",
      value,
    );
  }

  /** What was not taken. */
  rest(): Record<string, unknown> {
    return Object.fromEntries(this.#left);
  }

  /** @throws {Refusal} when a field is left that nobody has taken */
  end(): void {
    const [unknown] = this.#left.keys();
    if (unknown === undefined) return;
    const known = alternatives(this.#known);
    throw badRequest(`${this.#where}: there is no field ${quote(unknown)}; expected ${known}`);
  }

  #checked<T>(name: string, expected: string, isGood: (value: unknown) => value is T) {
    const value = this.take(name);
    if (value === undefined || isGood(value)) return value;
    throw this.#wrong(name, expected, value);
  }

  #wrong(name: string, expected: string, value: unknown) {
    return badRequest(`${this.#where}: ${name}: expected ${expected}, got ${shown(value)}`);
  }
}

const MOST_NAMES = 1_000;
/** Far enough for anybody, and still exact. */
const LONGEST_MS = 1e14;

function isMilliseconds(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= LONGEST_MS;
}

function shown(value: unknown): string {
  return quote(typeof value === "string" ? value : JSON.stringify(value) ?? "nothing");
}
