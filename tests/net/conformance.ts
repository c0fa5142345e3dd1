/**
 * What streams and listeners have to do under every driver and over every kind of address, on
 * real sockets. A driver's tests call {@link conformance} with a runtime of theirs.
 */

import { type Runtime, timeout } from "wakeful/runtime";
import { assertEquals } from "../support/assert.ts";
import type { Family } from "./family.ts";
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
  const checks = { ...STREAM_CHECKS, ...LISTENER_CHECKS, ...LOAD_CHECKS };
  for (const [name, check] of Object.entries(checks)) {
    Deno.test(`${label}: ${name}`, async () => {
      using family = makeFamily();
      using runtime = makeRuntime();
      await runtime.blockOn(function* () {
        yield* timeout(CHECK_LIMIT_MS, check(family));
      });
      assertEquals(runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
    });
  }
}
