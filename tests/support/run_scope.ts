import { type Co, type Scope, scope } from "wakeful/runtime";
import { assertEquals } from "./assert.ts";
import { VirtualRuntime } from "./virtual_runtime.ts";

/**
 * Runs a scope as the only task; however it ends, nothing of it may be left. `reported` is how many
 * errors it does not throw, and reports instead.
 */
export function runScope<T>(body: (scope: Scope) => Co<T>, reported = 0): T {
  using virtual = new VirtualRuntime();
  try {
    return virtual.run(scope(body));
  } finally {
    virtual.settle();
    assertEquals(virtual.reported.length, reported);
    assertEquals(virtual.runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
  }
}
