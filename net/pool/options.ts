import type { Spawnable } from "../../runtime/mod.ts";

/** What a pool has to know about its connections. */
export interface PoolOptions<T> {
  /** How many connections there may be at once. */
  readonly max: number;
  /** Makes a connection. */
  readonly connect: () => Spawnable<T>;
  /**
   * Whether an idle connection still works; asked before it is handed out. One that does not, or
   * whose check throws or is dropped, is closed.
   */
  readonly check?: (value: T) => Spawnable<boolean>;
  /** Closes a connection; without it, one that is `Disposable` is disposed of. */
  readonly close?: (value: T) => void;
  /** How long a connection may lie idle, in milliseconds; without it, for ever. */
  readonly idleTimeout?: number;
  /** How old a connection may become, in milliseconds; one in use is closed on its return. */
  readonly maxLifetime?: number;
  /** How long `get` may take, in milliseconds, connecting included; without it, for ever. */
  readonly acquireTimeout?: number;
}

/** @throws {RangeError} when `max` is not a whole number from 1 up, or a time not above 0 */
export function assertPoolOptions<T>(options: PoolOptions<T>): void {
  const { max } = options;
  if (!Number.isInteger(max) || max < 1) {
    throw new RangeError(`Expected a whole number of connections from 1 up, got ${max}`);
  }
  for (const name of ["idleTimeout", "maxLifetime", "acquireTimeout"] as const) {
    const milliseconds = options[name];
    if (milliseconds !== undefined && !(milliseconds > 0)) {
      throw new RangeError(`Expected ${name} in milliseconds above 0, got ${milliseconds}`);
    }
  }
}

/** A pool's figures at one moment. */
export interface PoolStatistics {
  /** Connections that are idle, in use or being made. */
  readonly total: number;
  readonly idle: number;
  /** Handed out, or being checked before that. */
  readonly inUse: number;
  readonly connecting: number;
  /** How many tasks wait because all connections are in use. */
  readonly waiting: number;
  /** How many connections were made and closed since the pool was made. */
  readonly created: number;
  readonly closed: number;
  /** How many times a connection was handed out. */
  readonly gets: number;
  /** How long tasks waited for their turn, all together, in milliseconds. */
  readonly waitMs: number;
}
