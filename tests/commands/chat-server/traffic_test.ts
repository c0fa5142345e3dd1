import { Ledger } from "../../../commands/chat-server/ledger.ts";
import { TrafficReport } from "../../../commands/chat-server/traffic.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("TrafficReport: people and rooms as they are, the rest per second since the last look", () => {
  const ledger = new Ledger();
  const broker = { figures: { people: 3, rooms: 2, messages: 10 } };
  const report = new TrafficReport(broker, ledger);
  ledger.delivered = 100;
  ledger.dropped = 4;
  assertEquals(report.next(2), {
    people: 3,
    rooms: 2,
    messages: "5/s",
    delivered: "50/s",
    dropped: "2/s",
  });
  ledger.delivered = 101;
  broker.figures.messages = 13;
  const { messages, delivered, dropped } = report.next(1);
  assertEquals([messages, delivered, dropped], ["3/s", "1/s", "0/s"]);
});
