import { UsageError } from "../../../commands/cli/errors.ts";
import { renderHelp } from "../../../commands/cli/help.ts";
import { LOAD_TESTER } from "../../../commands/load-tester/command.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../../support/assert.ts";
import { optionsOf } from "./options.ts";

Deno.test("load-tester: defaults", () => {
  const options = optionsOf("http://a/");
  const { concurrency, redirects, timeout, connectTimeout, probe, repeat, threads } = options;
  assertEquals([concurrency, redirects, timeout, connectTimeout, probe, repeat, threads], [
    ...[10, 0, 20_000, 5_000, 5_000, 1, 1],
  ]);
  const { requests, duration, rate, steps, findRate, expect, json } = options;
  assertEquals([requests, duration, rate, steps, findRate, expect, json], [
    ...[undefined, undefined, undefined, undefined, undefined, undefined, false],
  ]);
});

Deno.test("load-tester: letters that hey, wrk2 and oha have taught people", () => {
  const words = "-n 5 -c 6 -z 7s -q 8 -t 9s -m PUT -H A:1 -d body -u http://a/ -k -4".split(" ");
  const options = optionsOf(...words);
  const { requests, concurrency, duration, rate, timeout, method, header, body } = options;
  assertEquals([requests, concurrency, duration, rate, timeout, method, header, body], [
    ...[5, 6, 7_000, 8, 9_000, "PUT", ["A:1"], "body"],
  ]);
  assertEquals([options.url, options.insecure, options.ipv4], [["http://a/"], true, true]);
});

Deno.test("load-tester: what does not go together is refused", () => {
  const pairs = [
    ["--rate=5", "--steps=5@1s"],
    ["--rate=5", "--find-rate=p99<1s"],
    ["--steps=5@1s", "--requests=5"],
    ["--steps=5@1s", "--duration=5s"],
    ["--find-rate=p99<1s", "--repeat=2"],
    ["--find-rate=p99<1s", "--csv=x"],
    ["--body=x", "--body-file=y"],
    ["--ipv4", "--ipv6"],
    ["--unix=/x", "--resolve=a:1:b"],
  ];
  for (const pair of pairs) {
    assertThrows(() => optionsOf(...pair), UsageError, "exclude each other", pair.join(" "));
  }
});

Deno.test("load-tester: --help lists the modes, the goals and the exit codes", () => {
  const help = renderHelp(LOAD_TESTER, { program: "load-tester" });
  for (const text of ["Closed", "Open, with", "Capacity", "p99<50ms", "{{seq}}", "\n  3  "]) {
    assertStringIncludes(help, text);
  }
});
