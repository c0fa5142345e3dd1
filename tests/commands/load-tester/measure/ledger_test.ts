import fc from "../../../support/fast_check.ts";
import { FAILURE_CLASSES } from "../../../../commands/load-tester/measure/failure_class.ts";
import { Ledger } from "../../../../commands/load-tester/measure/ledger.ts";
import { assertEquals } from "../../../support/assert.ts";

type Fate = "not sent" | "ok" | "bad status" | "unfinished" | typeof FAILURE_CLASSES[number];

const FATES: readonly Fate[] = ["not sent", "ok", "bad status", "unfinished", ...FAILURE_CLASSES];
const history = fc.array(fc.constantFrom(...FATES), { maxLength: 100 });

/** The book of requests that ended like this. */
function ledgerOf(fates: readonly Fate[]): Ledger {
  const ledger = new Ledger();
  for (const fate of fates) {
    ledger.planned++;
    if (fate === "not sent") continue;
    ledger.sent++;
    if (fate === "ok") ledger.ok++;
    else if (fate === "bad status") ledger.badStatus++;
    else if (fate === "unfinished") ledger.unfinished++;
    else ledger.fail(fate);
  }
  return ledger;
}

Deno.test("ledger: whatever happens to requests, the book balances", () => {
  fc.assert(fc.property(history, (fates) => {
    const ledger = ledgerOf(fates);
    const count = (which: (fate: Fate) => boolean) => fates.filter(which).length;
    assertEquals(ledger.imbalance, undefined);
    assertEquals(ledger.planned, fates.length);
    assertEquals(ledger.notSent, count((fate) => fate === "not sent"));
    assertEquals(ledger.answered, count((fate) => fate === "ok" || fate === "bad status"));
    assertEquals(ledger.broken, count((fate) => FAILURE_CLASSES.includes(fate as "DNS")));
    assertEquals(ledger.failed, ledger.broken + count((fate) => fate === "bad status"));
    assertEquals(ledger.ended, ledger.sent - count((fate) => fate === "unfinished"));
  }));
});

Deno.test("ledger: two books together are the book of both histories", () => {
  fc.assert(fc.property(history, history, (one, other) => {
    const sum = ledgerOf(one);
    sum.add(ledgerOf(other));
    assertEquals({ ...sum }, { ...ledgerOf([...one, ...other]) });
  }));
});

Deno.test("ledger: a copy is a book of its own", () => {
  const ledger = ledgerOf(["refused", "ok"]);
  const copy = Ledger.of(ledger);
  copy.fail("refused");
  assertEquals([ledger.broken, copy.broken], [1, 2]);
});

Deno.test("ledger: it says what is wrong with it", () => {
  const lost = ledgerOf(["ok", "ok", "timeout"]);
  lost.ok--;
  assertEquals(lost.imbalance, "3 were sent, and 2 are accounted for");
  const unplanned = ledgerOf(["ok"]);
  unplanned.planned = 0;
  assertEquals(unplanned.imbalance, "1 were sent of 0 that were planned");
});
