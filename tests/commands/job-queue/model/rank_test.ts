import { assert, assertEquals } from "../../../support/assert.ts";
import { rankOf } from "../../../../commands/job-queue/model/rank.ts";

Deno.test("rank: who came first goes first, and a step of priority is worth a minute", () => {
  assert(rankOf(1, 0) < rankOf(2, 0));
  assertEquals(rankOf(60_000, 1), rankOf(0, 0));
  assert(rankOf(0, -1) > rankOf(59_999, 0));
});
