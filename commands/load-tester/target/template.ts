import type { Random } from "../../../runtime/mod.ts";
import { UsageError } from "../../cli/errors.ts";

/** What a template is filled in from, for one request. */
export interface Filling {
  /** Which request it is, from 1 up. */
  readonly seq: number;
  readonly random: Random;
}

/** Reads a file as lines, for `{{line:FILE}}`. */
export type ReadLines = (path: string) => readonly string[];

type Part = string | ((filling: Filling) => string);

const PLACEHOLDER = /\{\{([a-z]+)(?::([^{}]*))?\}\}/g;
const RANGE = /^(-?\d{1,15})\.\.(-?\d{1,15})$/;
const KNOWN = "{{seq}}, {{rand:1..100}} or {{line:FILE}}";

/**
 * Text with places that are filled in anew for each request: `{{seq}}` counts the requests,
 * `{{rand:1..100}}` is a whole number from a range, and `{{line:FILE}}` is the next line of a file,
 * which begins again after the last. Other braces mean themselves.
 */
export class Template {
  #parts: readonly Part[];

  private constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** @throws {UsageError} when a place asks for something that does not exist */
  static parse(text: string, readLines: ReadLines): Template {
    const parts: Part[] = [];
    let from = 0;
    for (const match of text.matchAll(PLACEHOLDER)) {
      const [whole, name, argument] = match;
      parts.push(text.slice(from, match.index), maker(whole, name, argument, readLines));
      from = match.index + whole.length;
    }
    parts.push(text.slice(from));
    return new Template(parts.filter((part) => part !== ""));
  }

  /** Whether it is the same for every request. */
  get isConstant(): boolean {
    return this.#parts.every((part) => typeof part === "string");
  }

  /** Fills it in; `escape` makes what is filled in fit for the place where it will stand. */
  fill(filling: Filling, escape: (value: string) => string = same): string {
    let text = "";
    for (const part of this.#parts) text += typeof part === "string" ? part : escape(part(filling));
    return text;
  }
}

/** The files that a text's placeholders name. */
export function namedFiles(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].flatMap(([, name, argument]) =>
    name === "line" && argument ? [argument] : []
  );
}

const same = (value: string) => value;

function maker(
  whole: string,
  name: string,
  argument: string | undefined,
  readLines: ReadLines,
): (filling: Filling) => string {
  if (name === "seq" && argument === undefined) return ({ seq }) => String(seq);
  if (name === "rand" && argument !== undefined) return fromRange(whole, argument);
  if (name === "line" && argument) return fromLines(readLines(argument));
  throw new UsageError(`${whole}: expected ${KNOWN}`);
}

function fromRange(whole: string, argument: string): (filling: Filling) => string {
  const [, low, high] = RANGE.exec(argument)?.map(Number) ?? [];
  if (low === undefined || low > high) {
    throw new UsageError(`${whole}: expected a range of whole numbers such as {{rand:1..100}}`);
  }
  return ({ random }) => String(random.between(low, high));
}

function fromLines(lines: readonly string[]): (filling: Filling) => string {
  return ({ seq }) => lines[(seq - 1) % lines.length];
}
