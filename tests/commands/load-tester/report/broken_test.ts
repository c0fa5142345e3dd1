import { brokenOf, failedOf } from "../../../../commands/load-tester/report/broken.ts";
import { assertEquals } from "../../../support/assert.ts";
import { figures } from "../reports.ts";

Deno.test("brokenOf, failedOf: the errors alone, and with the bad answers", () => {
  const errors = [
    { class: "reset" as const, count: 2, first: "" },
    { class: "timeout" as const, count: 3, first: "" },
  ];
  const ledger = { ...figures().ledger, badStatus: 4, errors };
  assertEquals([brokenOf(ledger), failedOf(ledger)], [5, 9]);
});
