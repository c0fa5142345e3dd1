import { RuntimeFailure, UsageError } from "../../../commands/cli/errors.ts";
import { makePlan, type Plan } from "../../../commands/load-tester/plan.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { bytes } from "../../support/bytes.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { optionsOf } from "./options.ts";

const URL = "http://a/";

const FILES = {
  "urls.txt": "# ours\n http://one/ \r\n\n#http://no/\nhttp://two/\n",
  "body.bin": "n={{seq}} {{line:words}}",
  words: "red\ngreen\n",
  empty: "\n \n",
  "ca.pem": "-----BEGIN",
};

function planOf(words: string[], args: string[] = [URL]): Plan {
  const terminal = new FakeTerminal();
  for (const [path, text] of Object.entries(FILES)) terminal.files.set(path, text);
  return makePlan(optionsOf(...words), args, terminal);
}

function passOf(line: string) {
  return planOf(line.split(" ")).pass;
}

const CLOSED = { count: Infinity, stretches: [], duration: Infinity, ramp: 0, bySteps: false };
const level = (rate: number) => ({ from: rate, to: rate, duration: Infinity });

Deno.test("plan: three modes", () => {
  const modeOf = (line: string) => planOf(line.split(" ")).mode;
  assertEquals(modeOf("-n 5"), "closed");
  assertEquals([modeOf("-q 5"), modeOf("--steps 5@1s")], ["open", "open"]);
  assertEquals(modeOf("--find-rate p99<5ms"), "capacity");
});

Deno.test("plan: a hundred requests, unless something else is said", () => {
  assertEquals(passOf("-c 3"), { ...CLOSED, count: 100 });
  assertEquals(passOf("-n 2k"), { ...CLOSED, count: 2_000 });
  assertEquals(passOf("-z 2s"), { ...CLOSED, duration: 2_000 });
  assertEquals(passOf("-n 5 -z 2s --ramp 1s"), {
    ...CLOSED,
    count: 5,
    duration: 2_000,
    ramp: 1_000,
  });
});

Deno.test("plan: an open run is at one rate, climbs to it, or takes steps", () => {
  assertEquals(passOf("-q 50 -z 2s"), { ...CLOSED, duration: 2_000, stretches: [level(50)] });
  assertEquals(passOf("-q 50 -z 2s --ramp 1s"), {
    ...CLOSED,
    duration: 2_000,
    stretches: [{ from: 0, to: 50, duration: 1_000 }, level(50)],
  });
  assertEquals(passOf("--steps 10,20@3s"), {
    ...CLOSED,
    duration: 6_000,
    bySteps: true,
    stretches: [{ from: 10, to: 10, duration: 3_000 }, { from: 20, to: 20, duration: 3_000 }],
  });
});

Deno.test("plan: a warm-up has a count or a time, and goes as fast as it can", () => {
  assertEquals(planOf([]).warmup, undefined);
  assertEquals(planOf(["--warmup", "50", "-q", "5"]).warmup, { ...CLOSED, count: 50 });
  assertEquals(planOf(["--warmup", "2s"]).warmup, { ...CLOSED, duration: 2_000 });
});

Deno.test("plan: URLs come from arguments, flags and files, in that order", () => {
  const { urls } = planOf(["-u", "http://x/", "--urls", "urls.txt", "-u", "http://y/"]).setup;
  assertEquals(urls, [URL, "http://x/", "http://y/", "http://one/", "http://two/"]);
  assertThrows(() => planOf([], []), UsageError, "no URL: expected one such as");
  assertThrows(() => planOf(["--urls", "empty"]), UsageError, "--urls: empty has no lines");
});

Deno.test("plan: a body makes it a POST, unless a method is said", () => {
  const shapeOf = (...words: string[]) => planOf(words).setup.shape;
  assertEquals(shapeOf(), { method: "GET", headers: [], body: undefined, close: false });
  assertEquals(shapeOf("-d", "x", "-H", "A: 1", "--disable-keepalive"), {
    ...{ method: "POST", headers: ["A: 1"], body: bytes("x"), close: true },
  });
  assertEquals(shapeOf("-D", "body.bin", "-m", "PUT").method, "PUT");
  assertEquals(shapeOf("-d", "").body, bytes(""));
});

Deno.test("plan: files that placeholders name are read once, wherever they are named", () => {
  assertEquals(planOf(["-D", "body.bin"]).setup.files, { words: ["red", "green"] });
  assertEquals(planOf(["-H", "X: {{line:words}}"]).setup.files, { words: ["red", "green"] });
  assertEquals(planOf([], ["http://a/{{line:words}}"]).setup.files, { words: ["red", "green"] });
  assertThrows(() => planOf(["-d", "{{line:empty}}"]), UsageError, "{{line:empty}}: empty has no");
});

Deno.test("plan: a file that cannot be read is named with its flag", () => {
  const refusals: [string[], string][] = [
    [["--urls", "no"], "--urls: cannot read no: No such file"],
    [["-D", "no"], "--body-file: cannot read no: No such file"],
    [["--cacert", "no"], "--cacert: cannot read no: No such file"],
    [["-d", "{{line:no}}"], "{{line:no}}: cannot read no: No such file"],
  ];
  for (const [words, message] of refusals) {
    assertThrows(() => planOf(words), RuntimeFailure, message);
  }
});

Deno.test("plan: how to connect", () => {
  const { setup, concurrency } = planOf([
    ...["-c", "7", "-k", "--cacert", "ca.pem", "-t", "3s", "--connect-timeout", "1s"],
    ...["--redirects", "2", "--resolve", "a:80:b"],
  ]);
  const { insecure, caCert, timeout, connectTimeout, redirects, overrides, unix } = setup;
  assertEquals({ insecure, caCert, timeout, connectTimeout, redirects, overrides, unix }, {
    ...{ insecure: true, caCert: "-----BEGIN", timeout: 3_000, connectTimeout: 1_000 },
    ...{ redirects: 2, overrides: [{ host: "a", port: 80, address: "b" }], unix: undefined },
  });
  assertEquals([concurrency, planOf(["--unix", "/x"]).setup.unix], [7, "/x"]);
  assertThrows(() => planOf(["--resolve", "a"]), UsageError, "--resolve a: expected HOST:PORT");
});

Deno.test("plan: what the table of flags cannot rule out", () => {
  const both = ["--csv", "x.csv", "--threads", "2"];
  assertThrows(() => planOf(both), UsageError, "--csv and --threads exclude each other");
});
