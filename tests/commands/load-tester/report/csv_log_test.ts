import { CsvLog } from "../../../../commands/load-tester/report/csv_log.ts";
import type { Attempt } from "../../../../commands/load-tester/measure/meter.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { FakeTerminal } from "../../../support/fake_terminal.ts";

const HEAD = "request,url,due_ms,sent_ms,first_byte_ms,done_ms,service_ms,response_ms," +
  "status,error,bytes";
const ATTEMPT: Attempt = {
  ...{ ticket: 0, target: 0, step: 0, status: 200, bytes: 5 },
  ...{ due: 1_000, begun: 1_002, firstByte: 1_010.25, done: 1_012 },
};

function logged(urls: string[], act: (log: CsvLog) => void): string[] {
  const terminal = new FakeTerminal();
  {
    using log = new CsvLog(terminal.create("x.csv"), urls);
    act(log);
  }
  const lines = terminal.files.get("x.csv")!.split("\r\n");
  assertEquals(lines.pop(), ""); // each line has an end
  return lines;
}

Deno.test("CSV log: a line for each request, with times since the beginning", () => {
  const lines = logged(["http://a/"], (log) => {
    log.add({ ...ATTEMPT, ticket: 1, due: 1_100, begun: 1_100 }, undefined, 1_000);
    log.add(ATTEMPT, undefined, 1_000);
  });
  assertEquals(lines, [
    HEAD,
    "2,http://a/,100.000,100.000,10.250,12.000,-88.000,-88.000,200,,5",
    "1,http://a/,0.000,2.000,10.250,12.000,10.000,12.000,200,,5",
  ]);
});

Deno.test("CSV log: later runs go on in the time of the first", () => {
  const lines = logged(["http://a/"], (log) => {
    log.add(ATTEMPT, undefined, 900);
    log.add(ATTEMPT, undefined, 999);
  });
  assertEquals(lines.slice(1).map((line) => line.split(",")[2]), ["100.000", "100.000"]);
});

Deno.test("CSV log: what went wrong has a class in the place of a status, and no first byte", () => {
  const [, line] = logged(["http://a/"], (log) => {
    log.add({ ...ATTEMPT, firstByte: 0, status: 0, bytes: 0 }, "cut short", 1_000);
  });
  assertEquals(line, "1,http://a/,0.000,2.000,,12.000,10.000,12.000,,cut short,0");
});

Deno.test("CSV log: a URL with commas and quotes stays one value", () => {
  const [, one, other] = logged(['http://a/?q="x",y', "http://b/"], (log) => {
    log.add(ATTEMPT, undefined, 1_000);
    log.add({ ...ATTEMPT, target: 1 }, undefined, 1_000);
  });
  assert(one.startsWith('1,"http://a/?q=""x"",y",0.000'), one);
  assert(other.startsWith("1,http://b/,0.000"), other);
});

Deno.test("CSV log: many requests are written as they come, not all at the end", () => {
  const terminal = new FakeTerminal();
  const log = new CsvLog(terminal.create("x.csv"), ["http://a/"]);
  for (let i = 0; i < 2_000; i++) log.add({ ...ATTEMPT, ticket: i }, undefined, 1_000);
  assert(terminal.files.get("x.csv")!.length > 64 * 1024);
  log.close();
  assertEquals(terminal.files.get("x.csv")!.split("\r\n").length, 2_002);
});
