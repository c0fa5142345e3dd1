import { Tally } from "../../../../commands/load-tester/measure/tally.ts";
import { assertEquals } from "../../../support/assert.ts";

function tallyOf(...statuses: number[]): Tally {
  const tally = new Tally();
  tally.ledger.planned = statuses.length;
  for (const status of statuses) {
    tally.begun(100);
    tally.answered(status, status / 100, 1_000);
    tally.response.record(status / 10);
  }
  return tally;
}

function content(tally: Tally) {
  const { ledger, service, response, statuses, bytesIn, bytesOut } = tally;
  const figures = [service, response].map(({ count, mean, max }) => [count, mean, max]);
  const { ok, badStatus, sent, planned, failures } = ledger;
  return {
    ...{ ok, badStatus, sent, planned, failures, figures, bytesIn, bytesOut },
    statuses: Object.entries(statuses),
  };
}

Deno.test("tally: from 400 on an answer is a bad one", () => {
  const { ledger, statuses, bytesIn, bytesOut } = tallyOf(200, 399, 400, 503, 200);
  assertEquals([ledger.sent, ledger.ok, ledger.badStatus], [5, 3, 2]);
  assertEquals(Object.entries(statuses), [["200", 2], ["399", 1], ["400", 1], ["503", 1]]);
  assertEquals([bytesIn, bytesOut], [5_000, 500]);
});

Deno.test("tally: two together are one of everything", () => {
  const sum = tallyOf(200, 404);
  sum.add(tallyOf(200, 500));
  assertEquals(content(sum), content(tallyOf(200, 404, 200, 500)));
});

Deno.test("tally: it comes back from another thread as it went", () => {
  const tally = tallyOf(200, 301, 503);
  tally.ledger.fail("reset");
  assertEquals(content(Tally.decode(structuredClone(tally.encode()))), content(tally));
});
