import { blockOn, type PipelineSource } from "wakeful/runtime";
import { analyze, linesOf, SAMPLE } from "../../examples/log_analyzer.ts";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { tempDir } from "../support/temp_dir.ts";
import { VirtualRuntime } from "../support/virtual_runtime.ts";

function reported(lines: PipelineSource<string>): string[] {
  using virtual = new VirtualRuntime();
  return virtual.run(() => analyze(lines)).lines();
}

const OF_THE_SAMPLE = ["/api/data 2 (500, 503)", "/api/upload 1 (500)", "3 of 6 requests failed"];

Deno.test("log analyzer: the sample has three failures of six, on two paths", () => {
  assertEquals(reported(SAMPLE), OF_THE_SAMPLE);
});

Deno.test("log analyzer: a log without failures, or without lines", () => {
  assertEquals(reported(["GET / 200"]), ["0 of 1 requests failed"]);
  assertEquals(reported([]), ["0 of 0 requests failed"]);
});

Deno.test("log analyzer: lines that are no requests are counted, empty ones are not", () => {
  const lines = ["GET / 500", "hello", "", "GET /a"];
  assertEquals(reported(lines), ["/ 1 (500)", "1 of 1 requests failed", "2 lines are no requests"]);
});

Deno.test("log analyzer: the reader is never more than the channels ahead", () => {
  let sent = 0;
  using virtual = new VirtualRuntime();
  virtual.run(() =>
    analyze(function* (out) {
      for (; sent < 10_000; sent++) {
        yield* out.send("GET / 500");
        assert(out.length <= 100);
      }
    })
  );
  assertEquals(sent, 10_000);
});

Deno.test("log analyzer: reads a file, whatever its line ends, in pieces", async () => {
  using dir = tempDir();
  for (const end of ["\n", "\r\n"]) {
    const path = dir.path("log");
    Deno.writeTextFileSync(path, SAMPLE.join(end) + end);
    assertEquals((await blockOn(() => analyze(linesOf(path)))).lines(), OF_THE_SAMPLE);
  }
  const path = dir.path("long");
  Deno.writeTextFileSync(path, "GET /€ 500\n".repeat(20_000) + "GET /last 501");
  const report = await blockOn(() => analyze(linesOf(path)));
  assertEquals(report.lines(), [
    "/€ 20000 (500)",
    "/last 1 (501)",
    "20001 of 20001 requests failed",
  ]);
});

Deno.test("log analyzer: a file that is not there", async () => {
  await assertRejects(() => blockOn(() => analyze(linesOf("/nowhere/log"))), Deno.errors.NotFound);
});
