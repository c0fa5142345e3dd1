import type { Kind } from "./kind.ts";

/** What a flag says about itself besides its kind and its default. */
export interface Details {
  /** One line for `--help`; lower-case start, no final period. */
  readonly about: string;
  /** The heading it stands under in `--help`; `Flags` when left out. */
  readonly group?: string;
  /** A one-letter form: `n` for `-n`. */
  readonly letter?: string;
  /** Left out of `--help` and of suggestions, but obeyed. */
  readonly hidden?: boolean;
  /** `false` when the environment must not set it. */
  readonly env?: boolean;
  /** A variable that sets it for every command; a command's own variable wins over it. */
  readonly sharedVariable?: string;
}

/** One row of a command's table; `T` is the type of the option it yields. */
export interface Flag<T> extends Details {
  readonly kind: Kind<T>;
  readonly default?: T;
}

/** The rows of a table, keyed by the option's name: `idleTimeout` is typed as `--idle-timeout`. */
export type Flags = Readonly<Record<string, Flag<unknown>>>;

/** The options object a table yields. */
export type Options<F extends Flags> = {
  readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never;
};

/**
 * One row of a table: a flag of this kind.
 *
 * With a default the option always has a value; without one it is undefined until somebody sets it.
 */
export function flag<T>(kind: Kind<T>, details: Details & { default: NoInfer<T> }): Flag<T>;
export function flag<T>(
  kind: Kind<T>,
  details: Details & { default?: undefined },
): Flag<T | undefined>;
export function flag<T>(kind: Kind<T>, details: Details & { default?: T }): Flag<T> {
  return { kind, ...details };
}

/** The name a flag is typed with, without its dashes: `idleTimeout` → `idle-timeout`. */
export function longName(key: string): string {
  return key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}

/**
 * The environment variable for a flag: `echo-server`, `idleTimeout` →
 * `WAKEFUL_ECHO_SERVER_IDLE_TIMEOUT`.
 */
export function variableName(command: string, key: string): string {
  return `WAKEFUL_${command}_${longName(key)}`.toUpperCase().replaceAll("-", "_");
}
