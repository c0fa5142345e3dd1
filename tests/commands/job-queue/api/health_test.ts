import { assertEquals } from "../../../support/assert.ts";
import type { Service } from "../../../../commands/job-queue/engine/service.ts";
import { healthOf } from "../../../../commands/job-queue/api/health.ts";

function health(sinceCommit: number | undefined, gaveUp?: string) {
  const keeper = { sinceCommit, blockedFor: 1.6 };
  return healthOf({ keeper, pool: { workers: 4, busy: 3, gaveUp } } as Service);
}

Deno.test("health: a store that has done something lately is well", () => {
  assertEquals(health(9_999.6), {
    ...{ status: "ok", reason: undefined, sinceCommitMs: 10_000, blockedMs: 2 },
    ...{ workers: 4, busy: 3 },
  });
  assertEquals(health(10_000).status, "ok");
});

Deno.test("health: a store that does nothing is not, nor are workers that gave up", () => {
  const of = ({ status, reason, sinceCommitMs }: ReturnType<typeof healthOf>) => [
    ...[status, reason, sinceCommitMs],
  ];
  assertEquals(of(health(10_001)), ["failing", "the store does nothing", 10_001]);
  assertEquals(of(health(undefined)), ["failing", "the store does nothing", null]);
  assertEquals(of(health(5, "worker 1 crashed")), ["failing", "worker 1 crashed", 5]);
});
