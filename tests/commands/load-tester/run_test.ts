import Ajv2020 from "ajv/2020";
import { type HttpHandler, serve, TcpListener } from "wakeful/net";
import { blockOn, CancellationToken, Logger, Runtime, sleep, Tracer } from "wakeful/runtime";
import type { Report } from "../../../commands/load-tester/report/report.ts";
import SCHEMA from "../../../commands/load-tester/report/report.schema.json" with { type: "json" };
import { run } from "../../../commands/load-tester/run.ts";
import { loadTester } from "../../../commands/load-tester/tool.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../support/assert.ts";
import { FakeSignals } from "../../support/fake_signals.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { liveRecord } from "../../support/live_record.ts";
import { optionsOf } from "./options.ts";

const PROGRAM = "load-tester";
const conforms = new Ajv2020.default({ strict: true }).compile(SCHEMA);

const hello: HttpHandler = function* ({ path }) {
  return { status: path === "/404" ? 404 : 200, body: "hello" };
};

/** Runs a test beside a server on a real socket. */
function withServer(
  name: string,
  body: (url: string) => Promise<void>,
  handler: HttpHandler = hello,
): void {
  Deno.test(`run: ${name}`, async () => {
    const listening = Promise.withResolvers<number>();
    const stopping = new CancellationToken();
    const served = blockOn(function* () {
      using listener = yield* TcpListener.bind({ port: 0 });
      listening.resolve(listener.localAddr.port);
      yield* serve(listener, handler, { stopping });
    });
    try {
      await body(`http://127.0.0.1:${await listening.promise}`);
    } finally {
      stopping.cancel("the test is over");
      await served;
    }
  });
}

/** What a command line comes to, without warnings. */
async function main(terminal: FakeTerminal, ...words: string[]) {
  const code = await loadTester.main([...words, "--log-level", "error"], PROGRAM, terminal);
  return { code, terminal, text: terminal.stdout.join("\n") };
}

function load(...words: string[]) {
  return main(new FakeTerminal(), ...words);
}

async function reportOf(...words: string[]): Promise<Report> {
  const { code, terminal } = await load("--json", ...words);
  assertEquals([code, terminal.stderr, terminal.stdout.length], [0, [], 1]);
  const report: Report = JSON.parse(terminal.stdout[0]);
  const isGood: boolean = conforms(report);
  assert(isGood, JSON.stringify(conforms.errors));
  return report;
}

withServer("what was asked for, how it went, and what came of it", async (url) => {
  const { code, terminal, text } = await load(`${url}/`, "-n", "30", "-c", "3");
  assertEquals([code, terminal.stderr], [0, []]);
  assertEquals(terminal.stdout.slice(0, 7), [
    `Target: ${url}/`,
    "Requests: 30, Concurrency: 3",
    "Running... [30/30] done",
    "",
    "Results:",
    "  Total:      30 requests",
    "  Succeeded:  30",
  ]);
  assertStringIncludes(text, "\nStatus codes:\n  200: 30\n");
});

withServer("--json prints what the schema says, in every mode", async (url) => {
  const closed = await reportOf(`${url}/`, "-n", "20");
  assertEquals([closed.mode, closed.runs[0].ledger.ok], ["closed", 20]);
  const open = await reportOf(`${url}/`, "-q", "200", "-z", "100ms", "--ramp", "50ms");
  assertEquals([open.mode, open.runs[0].ledger.planned], ["open", 15]);
  const steps = await reportOf(`${url}/`, "--steps", "50,100@100ms", "-u", `${url}/404`);
  assertEquals(steps.runs[0].perStep.map(({ rate, ledger }) => [rate, ledger.planned]), [
    ...[[50, 5], [100, 10]],
  ]);
  assertEquals(steps.runs[0].perUrl.map(({ ledger }) => ledger.planned), [8, 7]);
  const several = await reportOf(`${url}/`, "-n", "10", "--repeat", "3", "--warmup", "5");
  assertEquals(several.runs.map(({ ledger }) => ledger.sent), [10, 10, 10]);
});

withServer("--find-rate searches, and tells what it has tried", async (url) => {
  const report = await reportOf(`${url}/`, "--find-rate", "p99<10s", "--probe", "100ms", "-c", "5");
  const { rate, probes } = report.capacity!;
  assertEquals([report.mode, report.runs.length], ["capacity", 1]);
  assert(probes.length > 3 && rate > 0, `${rate}`);
}, function* () {
  yield* sleep(5);
  return {};
});

withServer("no rate meets a goal that nobody can: 3", async (url) => {
  const { code, text } = await load(`${url}/`, "--find-rate", "p99<1ms", "--probe", "100ms");
  assertEquals(code, 3);
  assertStringIncludes(text, "no rate that was tried meets p99<1ms");
}, function* () {
  yield* sleep(5);
  return {};
});

withServer("a goal that is missed: 3", async (url) => {
  const met = await load(`${url}/`, "--expect", "errors<=0%", "--expect", "p99<1h");
  assertEquals(met.code, 0);
  assertStringIncludes(met.text, "\nGoals:\n  met    errors<=0% (0%)\n  met    p99<1h (");
  const missed = await load(`${url}/404`, "--expect", "errors<50%");
  assertEquals(missed.code, 3);
  assertStringIncludes(missed.text, "\n  MISSED errors<50% (100%)");
});

withServer("something that has become worse: 3", async (url) => {
  const terminal = new FakeTerminal();
  const flags = ["-n", "20", "--repeat", "3"];
  const before = await load(`${url}/`, ...flags, "--json");
  terminal.files.set("old.json", before.text);
  const { code, text } = await main(terminal, `${url}/404`, ...flags, "--compare", "old.json");
  assertEquals(code, 3);
  assertMatch(text, /\nCompared:\n.*\n[^]*errors +0% +100% .*WORSE/);
});

withServer("a baseline that is none is refused before anything is sent: 2", async (url) => {
  const terminal = new FakeTerminal();
  terminal.files.set("old.json", "{}");
  const { code } = await main(terminal, `${url}/`, "--compare", "old.json");
  assertEquals([code, terminal.stdout], [2, []]);
  assertMatch(
    terminal.stderr.join("\n"),
    /^load-tester: --compare old\.json: expected what --json/,
  );
});

withServer(
  "--csv and --html write files, and those that cannot be written are named: 1",
  async (url) => {
    const { code, terminal } = await load(
      `${url}/`,
      "-n",
      "7",
      "--csv",
      "x.csv",
      "--html",
      "x.html",
    );
    assertEquals([code, terminal.files.get("x.csv")!.split("\r\n").length], [0, 9]);
    assertStringIncludes(terminal.files.get("x.html")!, `<title>Load test of ${url}/</title>`);
    for (const flag of ["--csv", "--html"]) {
      const full = new FakeTerminal();
      full.create = () => {
        throw new Error("No space left on device");
      };
      const failed = await main(full, `${url}/`, flag, "/x");
      assertEquals(failed.code, 1);
      assertEquals(full.stderr, [`load-tester: ${flag}: cannot write /x: No space left on device`]);
    }
  },
);

withServer("--dry-run sends one request", async (url) => {
  const { code, terminal } = await load(`${url}/x`, "--dry-run", "-n", "50");
  assertEquals([code, terminal.stdout[0], terminal.stdout.at(-1)], [
    0,
    "> GET /x HTTP/1.1",
    "< hello",
  ]);
});

withServer("on a terminal a line shows how it goes", async (url) => {
  const terminal = new FakeTerminal();
  const shown: string[] = [];
  terminal.live = liveRecord(shown);
  assertEquals((await main(terminal, `${url}/`, "-z", "350ms")).code, 0);
  assert(shown.length >= 2 && shown[0].startsWith("running ["), shown[0]);
  assertEquals(shown.at(-1), "");
});

withServer("-4 takes addresses of that family", async (url) => {
  const { port } = new URL(url);
  const report = await reportOf(`http://localhost:${port}/`, "-4", "-n", "5");
  assertEquals(report.runs[0].ledger.ok, 5);
});

withServer("one line when nobody is there: 1", async (url) => {
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = closed.addr;
  closed.close();
  assert(!url.endsWith(`:${port}`));
  for (const count of ["1", "50"]) {
    const { code, terminal } = await load(`http://127.0.0.1:${port}/`, "-n", count, "--json");
    assertEquals([code, terminal.stdout], [1, []]);
    assertEquals(terminal.stderr, [
      `load-tester: connect to 127.0.0.1:${port}: Connection refused`,
    ]);
  }
});

withServer("nothing but errors: 1, with a report", async (url) => {
  const { code, text } = await load(`${url}/`, "-n", "5", "-t", "20ms");
  assertEquals(code, 1);
  assertStringIncludes(text, "\nErrors:\n  timeout: 5 (no whole answer within --timeout");
}, function* () {
  yield* sleep(200);
  return {};
});

Deno.test("run: what is wrong with a command line is one line: 2", async () => {
  const lines: [string[], string][] = [
    [[], "load-tester: no URL: expected one such as http://127.0.0.1:8080/"],
    [["ftp://a/"], "load-tester: ftp://a/: expected http:// or https://, not ftp://"],
    [["http://a/{{what}}"], "load-tester: {{what}}: expected {{seq}}, {{rand:1..100}} or"],
    [["http://a/", "-c", "0"], "load-tester: --concurrency 0: expected a whole number"],
  ];
  for (const [words, line] of lines) {
    const { code, terminal } = await load(...words);
    assertEquals([code, terminal.stderr.length], [2, 1]);
    assertStringIncludes(terminal.stderr[0], line);
  }
});

Deno.test("run: schema prints the schema", async () => {
  const terminal = new FakeTerminal();
  assertEquals(await loadTester.main(["schema"], PROGRAM, terminal), 0);
  assertEquals(JSON.parse(terminal.stdout.join("\n")), SCHEMA);
});

/** A run whose signals are in the test's hands. */
function running(...words: string[]) {
  const signals = new FakeSignals();
  const terminal = new FakeTerminal();
  const runtime = Runtime.builder().driver(() => signals.driver()).enableAll().build();
  const log = new Logger(
    PROGRAM,
    new Tracer({ clock: { now: () => 0, wall: () => 0 }, layers: [] }),
  );
  const options = optionsOf(...words.slice(1));
  const code = runtime.blockOn(() => run(options, { terminal, log, args: words.slice(0, 1) }))
    .finally(() => runtime.shutdown());
  return { signals, terminal, code };
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  const asked = Promise.withResolvers<void>();
  withServer(`at ${signal} what is under way finishes, and there is a report`, async (url) => {
    const { signals, terminal, code } = running(`${url}/`, "-z", "1h", "-c", "2", "--json");
    await asked.promise;
    signals.send(signal);
    assertEquals([await code, terminal.stderr], [0, []]);
    const report: Report = JSON.parse(terminal.stdout[0]);
    const { sent, ok, unfinished } = report.runs[0].ledger;
    assertEquals([report.interrupted, ok, unfinished], [true, sent, 0]);
    assert(sent >= 20);
  }, countedHandler(20, asked.resolve));
}

/** Tells when so many requests have come. */
function countedHandler(count: number, onReached: () => void): HttpHandler {
  let seen = 0;
  return function* () {
    if (++seen === count) onReached();
    return {};
  };
}
