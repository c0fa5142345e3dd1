import { type Override, Routes } from "../target/route.ts";
import { type RequestShape, Target } from "../target/target.ts";
import type { ClientOptions } from "./client.ts";
import type { ConnectionOptions } from "./open_line.ts";

/** Everything that the clients of a run have to know, as plain data: it crosses to other threads. */
export interface Setup extends ConnectionOptions {
  readonly urls: readonly string[];
  readonly shape: RequestShape;
  readonly redirects: number;
  readonly overrides: readonly Override[];
  readonly unix?: string;
  /** The lines of each file that a placeholder names, by its path. */
  readonly files: Readonly<Record<string, readonly string[]>>;
}

/**
 * Makes of it what clients work with.
 *
 * @throws {UsageError} when a URL, a header or a placeholder is none
 */
export function clientOptions(setup: Setup): ClientOptions {
  const { urls, shape, files, overrides, unix } = setup;
  const routes = new Routes({ overrides, unix });
  const readLines = (path: string) => files[path];
  const targets = urls.map((url) => new Target(url, shape, routes, readLines));
  return { ...setup, targets, routes };
}
