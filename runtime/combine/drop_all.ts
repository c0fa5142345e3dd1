import type { Future } from "../core/future.ts";

/** Drops every one of them, and then throws the first error that a cleanup threw. */
export function dropAll(futures: Iterable<Future<unknown>>): void {
  let failure: { error: unknown } | undefined;
  for (const future of futures) {
    try {
      future.drop();
    } catch (error) {
      failure ??= { error };
    }
  }
  if (failure !== undefined) throw failure.error;
}
