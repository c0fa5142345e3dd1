import {
  Ledger,
  LEDGER_COLUMNS,
  ledgerFields,
  TotalLedger,
} from "../../../commands/chat-server/ledger.ts";
import { Figures } from "../../../commands/serving/figures.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("Ledger: those of all threads add up, and that of a dead one is written off", () => {
  const figures = new Figures(Figures.memory(2, LEDGER_COLUMNS), LEDGER_COLUMNS);
  const [one, other] = [new Ledger(figures.row(0)), new Ledger(figures.row(1))];
  Object.assign(one, { told: 10, delivered: 6, dropped: 1, gone: 1 });
  Object.assign(other, { told: 5, delivered: 5 });
  const total = new TotalLedger(figures);
  assertEquals(ledgerFields(total), { told: 15, delivered: 11, dropped: 1, gone: 1 });
  one.writeOff();
  assertEquals(ledgerFields(total), { told: 15, delivered: 11, dropped: 1, gone: 3 });
});
