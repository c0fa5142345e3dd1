import { readAmount } from "./amount.ts";
import type { Kind } from "../cli/kind.ts";
import { expected, found } from "../cli/reading.ts";
import { formatDuration, readDuration } from "../cli/units.ts";

/** How many: `1000`, or `10k` and `1.5m` of thousands and millions. */
export function many(): Kind<number> {
  const expects = "a whole number from 1 up, such as 1000 or 10k";
  return {
    placeholder: "N",
    expects,
    read(word) {
      const value = readAmount(word);
      return value !== undefined && Number.isInteger(value) && value >= 1
        ? found(value)
        : expected(expects);
    },
    show: String,
  };
}

/** How many a second: `500`, `0.5`, `10k`. */
export function rate(): Kind<number> {
  const expects = "requests per second above 0, such as 500, 0.5 or 10k";
  return {
    placeholder: "RATE",
    expects,
    notation: "requests a second, such as 500, 0.5 or 10k",
    read(word) {
      const value = readAmount(word);
      return value !== undefined && value > 0 ? found(value) : expected(expects);
    },
    show: String,
  };
}

/** A number of requests, or for how long. */
export type Extent = { readonly requests: number } | { readonly ms: number };

/** `100` requests or `5s` of them. */
export function extent(): Kind<Extent> {
  const expects = "a number of requests or a duration, such as 100 or 5s";
  return {
    placeholder: "N|DURATION",
    expects,
    notation: "such as 100 or 5s",
    read(word) {
      const requests = readAmount(word);
      if (requests !== undefined && Number.isInteger(requests) && !/m$/i.test(word)) {
        return found({ requests });
      }
      const duration = readDuration(word);
      return duration.ok ? found({ ms: duration.value }) : expected(expects);
    },
    show: (value) => "ms" in value ? formatDuration(value.ms) : String(value.requests),
  };
}

/** Rates that follow one another, each for the same time. */
export interface Steps {
  readonly rates: readonly number[];
  /** In milliseconds. */
  readonly each: number;
}

/** `100,200,400@10s`. */
export function steps(): Kind<Steps> {
  const expects = "rates and how long each of them lasts, such as 100,200,400@10s";
  return {
    placeholder: "RATES@DURATION",
    expects,
    notation: "such as 100,200,400@10s",
    read(word) {
      const [list, time, ...more] = word.split("@");
      const rates = list.split(",").map(readAmount);
      const each = readDuration(time ?? "");
      const good = rates.every((one) => one !== undefined && one > 0);
      if (!good || !each.ok || each.value === 0 || more.length > 0) return expected(expects);
      return found({ rates: rates as number[], each: each.value });
    },
    show: ({ rates, each }) => `${rates.join()}@${formatDuration(each)}`,
  };
}
