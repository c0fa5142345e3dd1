import { UsageError } from "../../../../commands/cli/errors.ts";
import { readBaseline } from "../../../../commands/load-tester/judge/baseline.ts";
import { assertEquals, assertThrows } from "../../../support/assert.ts";
import { report, run } from "../reports.ts";

Deno.test("baseline: the runs of what --json printed", () => {
  const runs = [run({}, [{ ok: 1 }]), run({ throughput: 7 })];
  assertEquals(readBaseline("x", JSON.stringify(report({ runs }))), runs);
});

Deno.test("baseline: everything else is refused, and named", () => {
  const other = (changes: object) => JSON.stringify({ ...report(), ...changes });
  const refusals: [string, string][] = [
    ["", "something that is no JSON"],
    ["Target: http://a/\n", "something that is no JSON"],
    ["null", "something that is no JSON"],
    ["7", "something that is no JSON"],
    ["{}", "schema undefined"],
    [other({ schema: "wakeful-load-tester/2" }), 'schema "wakeful-load-tester/2"'],
    [other({ runs: [] }), "a report without runs"],
    [other({ runs: undefined }), "a report without runs"],
    [other({ runs: [{}] }), "a report without runs"],
    [other({ runs: [null] }), "a report without runs"],
    [other({ runs: [{ ...run(), timeline: undefined }] }), "a report without runs"],
  ];
  const expected =
    "--compare old.json: expected what --json prints (schema wakeful-load-tester/1), ";
  for (const [text, found] of refusals) {
    assertThrows(() => readBaseline("old.json", text), UsageError, `${expected}not ${found}`);
  }
});
