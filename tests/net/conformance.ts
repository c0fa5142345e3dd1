/**
 * What streams and listeners have to do under every driver and over every kind of address, on
 * real sockets. A driver's tests call {@link conformance} with a runtime of theirs.
 */

import { type Co, type Runtime, timeout } from "wakeful/runtime";
import { assertEquals } from "../support/assert.ts";
import { BREAK_CHECKS } from "./break_checks.ts";
import type { Family, Pairs } from "./family.ts";
import { LISTENER_CHECKS } from "./listener_checks.ts";
import { LOAD_CHECKS } from "./load_checks.ts";
import { STREAM_CHECKS } from "./stream_checks.ts";

/** Far beyond what any check takes: one that hangs fails instead. */
const CHECK_LIMIT_MS = 20_000;

/** Registers every check as a test. */
export function conformance(
  label: string,
  makeRuntime: () => Runtime,
  makeFamily: () => Family,
): void {
  register(label, makeRuntime, makeFamily, {
    ...STREAM_CHECKS,
    ...LISTENER_CHECKS,
    ...BREAK_CHECKS,
    ...LOAD_CHECKS,
  });
}

/** Registers the checks of connected streams, for those that no listener hands out. */
export function streamConformance(
  label: string,
  makeRuntime: () => Runtime,
  makePairs: () => Pairs,
): void {
  register(label, makeRuntime, makePairs, { ...STREAM_CHECKS, ...LOAD_CHECKS });
}

function register<W extends Disposable>(
  label: string,
  makeRuntime: () => Runtime,
  makeWhere: () => W,
  checks: Readonly<Record<string, (where: W) => Co<void>>>,
): void {
  for (const [name, check] of Object.entries(checks)) {
    Deno.test(`${label}: ${name}`, async () => {
      using where = makeWhere();
      await using runtime = makeRuntime();
      await runtime.blockOn(function* () {
        yield* timeout(CHECK_LIMIT_MS, check(where));
      });
      assertEquals(runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
    });
  }
}
