/**
 * The kinds of value a flag can have. A kind reads a word, says what it expects, and shows a
 * value the way it would be typed. A tool with a notation of its own writes one more object of
 * this shape.
 */
import { expected, found, type Reading } from "./reading.ts";
import { didYouMean } from "./suggest.ts";
import { A_DURATION, A_SIZE, formatDuration, formatSize, readDuration, readSize } from "./units.ts";

/** How words become values of type `T` and how such values are shown. */
export interface Kind<T> {
  /** What `--help` prints after the flag: `DURATION`, `deno|epoll`. */
  readonly placeholder: string;
  /** What is expected when the value is missing; completes "expected …". */
  readonly expects: string;
  /** How values are written, for `--help`, where the placeholder does not say it. */
  readonly notation?: string;
  /** True for a flag that stands alone: `--stats`, `--no-stats`. */
  readonly isSwitch?: boolean;
  /** True for a flag that may be given several times. */
  readonly repeats?: boolean;
  /** Reads one word; a repeating kind gets what the earlier words made and adds to it. */
  read(word: string, earlier?: T): Reading<T>;
  /** The value as a user would type it. */
  show(value: T): string;
}

/** Inclusive bounds of a number; each kind has its own when they are left out. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
}

const MAX_PORT = 65535;
/** Past this, numbers are no longer exact. */
const MAX_NUMBER = Number.MAX_SAFE_INTEGER;
const A_WHOLE_NUMBER = "a whole number from 0 up";
const WHOLE_NUMBER: Kind<number> = {
  placeholder: "N",
  expects: A_WHOLE_NUMBER,
  // Adding 0 turns -0 into 0.
  read: (word) => /^-?\d+$/.test(word) ? found(Number(word) + 0) : expected(A_WHOLE_NUMBER),
  show: String,
};
const SHOWN_BETWEEN_ITEMS = ", ";

/**
 * Any text; empty text is refused unless `allowEmpty`, since it is mostly an unset shell
 * variable.
 */
export function text(placeholder: string, options: { allowEmpty?: boolean } = {}): Kind<string> {
  const notEmpty = `${placeholder}, not an empty text`;
  return {
    placeholder,
    expects: placeholder,
    read: (word) => word !== "" || options.allowEmpty ? found(word) : expected(notEmpty),
    show: (value) => value === "" ? '""' : value,
  };
}

/** A whole number, from 0 up unless the range says otherwise. */
export function count(range: Range = {}): Kind<number> {
  return within(range, "a whole number", WHOLE_NUMBER);
}

/** A TCP or UDP port; 0 asks the system for a free one. */
export function port(): Kind<number> {
  return { ...within({ max: MAX_PORT }, "a port", WHOLE_NUMBER), placeholder: "PORT" };
}

/** A duration in milliseconds, typed as `10s`; with `off`, the word `off` means the same as 0. */
export function duration(options: Range & { readonly off?: boolean } = {}): Kind<number> {
  const kind = within(options, "a duration", {
    placeholder: "DURATION",
    expects: A_DURATION,
    notation: "such as 500ms, 10s, 2m or 1h",
    read: readDuration,
    show: formatDuration,
  });
  return options.off ? orOff(kind) : kind;
}

/** A size in bytes, typed as `64k`. */
export function size(range: Range = {}): Kind<number> {
  return within(range, "a size", {
    placeholder: "SIZE",
    expects: A_SIZE,
    notation: "bytes, such as 512, 64k, 1.5m or 1g",
    read: readSize,
    show: formatSize,
  });
}

/** One of a few fixed words; a near miss is answered with the word that was probably meant. */
export function choice<const W extends string>(...words: readonly W[]): Kind<W> {
  const expects = alternatives(words);
  return {
    placeholder: words.join("|"),
    expects,
    read(word) {
      const match = words.find((candidate) => candidate === word);
      return match === undefined ? expected(expects + didYouMean(word, words)) : found(match);
    },
    show: (value) => value,
  };
}

const TRUE_WORDS = ["true", "1", "yes", "on"];
const FALSE_WORDS = ["false", "0", "no", "off"];

/** On or off: `--x`, `--no-x`, and `true/1/yes/on` or `false/0/no/off` where a word is needed. */
export function bool(): Kind<boolean> {
  const expects = "true or false (also 1/0, yes/no, on/off)";
  return {
    placeholder: "",
    expects,
    isSwitch: true,
    read(word) {
      const lower = word.toLowerCase();
      if (TRUE_WORDS.includes(lower)) return found(true);
      return FALSE_WORDS.includes(lower) ? found(false) : expected(expects);
    },
    show: (value) => value ? "on" : "off",
  };
}

/** A flag that may be given several times; the values arrive in the order they were typed. */
export function list<T>(item: Kind<T>): Kind<readonly T[]> {
  return {
    placeholder: item.placeholder,
    expects: item.expects,
    notation: item.notation,
    repeats: true,
    read(word, earlier = []) {
      const next = item.read(word);
      return next.ok ? found([...earlier, next.value]) : next;
    },
    show: (values) => values.map((value) => item.show(value)).join(SHOWN_BETWEEN_ITEMS),
  };
}

/** `deno or epoll`, `error, warn or info`. */
export function alternatives(words: readonly string[]): string {
  const last = words.length - 1;
  return last < 1 ? words.join() : `${words.slice(0, last).join(", ")} or ${words[last]}`;
}

/**
 * The same kind, held to a range. A value outside is answered with the range, and so is a word that
 * makes no sense at all; a more telling answer (a forgotten unit) is left as it is.
 */
function within(range: Range, noun: string, kind: Kind<number>): Kind<number> {
  const { min = 0, max = MAX_NUMBER } = range;
  const wholeRange = `${noun} from ${kind.show(min)} to ${kind.show(max)}`;
  const isOpen = min === 0 && max === MAX_NUMBER;
  const fromMin = isOpen ? kind.expects : `${noun} from ${kind.show(min)} up`;
  const expects = max === MAX_NUMBER ? fromMin : wholeRange;
  return {
    ...kind,
    expects,
    read(word) {
      const reading = kind.read(word);
      if (!reading.ok) return reading.expected === kind.expects ? expected(expects) : reading;
      if (reading.value > max) return expected(wholeRange);
      return reading.value < min ? expected(expects) : reading;
    },
  };
}

function orOff(inner: Kind<number>): Kind<number> {
  return {
    ...inner,
    expects: `${inner.expects}, or off`,
    read(word) {
      if (word === "off" || word === "0") return found(0);
      const reading = inner.read(word);
      return reading.ok ? reading : expected(`${reading.expected}, or off`);
    },
    show: (value) => value === 0 ? "off" : inner.show(value),
  };
}
