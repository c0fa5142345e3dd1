import { Traffic, TrafficReport } from "../../../commands/echo-server/traffic.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("TrafficReport: bytes per second since the last look, connections as they are", () => {
  const traffic = new Traffic();
  const report = new TrafficReport(traffic);
  Object.assign(traffic, { connections: 3, bytesIn: 1000, bytesOut: 500 });
  assertEquals(report.next(2), { connections: 3, in: "500B/s", out: "250B/s" });
  Object.assign(traffic, { connections: 1, bytesIn: 1600, bytesOut: 501 });
  assertEquals(report.next(1), { connections: 1, in: "600B/s", out: "1B/s" });
  assertEquals(report.next(1), { connections: 1, in: "0B/s", out: "0B/s" });
});

Deno.test("TrafficReport: shows whole bytes", () => {
  const traffic = new Traffic();
  const report = new TrafficReport(traffic);
  traffic.bytesIn = 1000;
  assertEquals(report.next(3).in, "333B/s");
});
