/** The load tester as its users meet it, most of the time against nginx. */

import type { Report, RunReport } from "../../commands/load-tester/report/report.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { AUTHORITY } from "../support/certificates.ts";
import { LARGE_BYTES, NGINX, Nginx } from "./nginx.ts";
import { type Finished, ORIGIN, runTool, ServerProcess } from "./tool_process.ts";

const TOOL = "load-tester";
const KEPT = ["-n", "300", "-c", "5"];
/** How much later than asked for a run may end on a machine that is busy. */
const LATE_MS = 500;

function smoke(name: string, body: () => Promise<void>): void {
  Deno.test(`load-tester ${ORIGIN}: ${name}`, body);
}

/** A test that needs nginx; without it, it says so. */
function withNginx(name: string, body: (nginx: Nginx) => Promise<void>): void {
  const ignore = NGINX === undefined;
  const why = ignore ? " (skipped: nginx is not installed)" : "";
  Deno.test({
    name: `load-tester ${ORIGIN}: ${name}${why}`,
    ignore,
    async fn() {
      await using nginx = await Nginx.start();
      await body(nginx);
    },
  });
}

/** Without warnings: on a busy machine there may be one of a poll that held the thread. */
function load(...flags: string[]): Promise<Finished> {
  return runTool(TOOL, ...flags, "--log-level", "error");
}

/** The report of a run that ended well, and its last run. */
async function measure(...flags: string[]): Promise<RunReport & { readonly whole: Report }> {
  const { code, stdout, stderr } = await load("--json", ...flags);
  assertEquals([code, stderr], [0, ""]);
  const whole: Report = JSON.parse(stdout);
  return { ...whole.runs.at(-1)!, whole };
}

function assertAnswered({ ledger }: RunReport, count: number): void {
  const { planned, sent, ok, errors } = ledger;
  assertEquals({ planned, sent, ok, errors }, {
    planned: count,
    sent: count,
    ok: count,
    errors: [],
  });
}

withNginx(
  "keep-alive over http: all that was asked is answered, over as many connections",
  async (nginx) => {
    const run = await measure(nginx.http("/small.txt"), ...KEPT);
    assertAnswered(run, 300);
    assertEquals([run.statusCodes, run.generator.connections], [{ "200": 300 }, 5]);
    assertEquals(run.bytesIn % 300, 0);
    assert(run.service.p50 > 0 && run.service.p50 <= run.service.max);
  },
);

withNginx("a new connection for each request", async (nginx) => {
  const run = await measure(nginx.http("/small.txt"), "--disable-keepalive", ...KEPT);
  assertAnswered(run, 300);
  assertEquals(run.generator.connections, 300);
});

withNginx("bodies with a length, in chunks, and gzipped", async (nginx) => {
  const plain = await measure(nginx.http("/large.txt"), ...KEPT);
  const chunked = await measure(nginx.http("/pieces.shtml"), ...KEPT);
  const accept = ["-H", "Accept-Encoding: gzip"];
  const gzipped = await measure(nginx.http("/large.txt"), ...accept, ...KEPT);
  for (const run of [plain, chunked, gzipped]) {
    assertAnswered(run, 300);
    assertEquals(run.generator.connections, 5);
  }
  assert(plain.bytesIn > 300 * LARGE_BYTES && chunked.bytesIn > 300 * LARGE_BYTES);
  assert(gzipped.bytesIn < plain.bytesIn / 50, `${gzipped.bytesIn}`);
});

withNginx("redirects, followed or counted as they are", async (nginx) => {
  const followed = await measure(nginx.http("/away"), "--redirects", "2", "-n", "20");
  assertAnswered(followed, 20);
  assertEquals([followed.statusCodes, followed.generator.redirects], [{ "200": 20 }, 40]);
  const counted = await measure(nginx.http("/away"), "-n", "20");
  assertEquals([counted.statusCodes, counted.generator.redirects], [{ "302": 20 }, 0]);
  const { code, stdout } = await load(nginx.http("/away"), "--redirects", "1", "-n", "20");
  assertEquals(code, 1);
  assertStringIncludes(stdout, "  redirect: 20 (it led further than --redirects allows");
});

withNginx("what is not there, and what is busy, is answered and has failed", async (nginx) => {
  const run = await measure(nginx.http("/none"), "-u", nginx.http("/busy"), "-n", "20");
  assertEquals([run.ledger.ok, run.ledger.badStatus], [0, 20]);
  assertEquals(run.statusCodes, { "404": 10, "503": 10 });
  assertEquals(run.perUrl.map(({ ledger }) => ledger.badStatus), [10, 10]);
});

withNginx("https: with a trusted authority, with any, and with none", async (nginx) => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, AUTHORITY);
  const url = nginx.https("/small.txt");
  for (const trust of [["--cacert", file], ["--insecure"]]) {
    const run = await measure(url, ...trust, ...KEPT);
    assertAnswered(run, 300);
    assertEquals([run.generator.connections, run.phases.tls?.count], [5, 5]);
  }
  await Deno.remove(file);
  const { code, stdout, stderr } = await load("--json", url);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^[^\n]*TLS: [^\n]*certificate[^\n]*--insecure takes any certificate\n$/);
});

withNginx("a Unix socket", async (nginx) => {
  assertAnswered(await measure("http://any/small.txt", "--unix", nginx.socket, ...KEPT), 300);
});

withNginx("over epoll, and why not with https", async (nginx) => {
  const run = await measure(nginx.http("/large.txt"), "--driver", "epoll", ...KEPT);
  assertAnswered(run, 300);
  assertEquals(run.whole.settings.driver, "epoll");
  const { code, stderr } = await load(nginx.https("/small.txt"), "--driver", "epoll");
  assertEquals(code, 1);
  assertMatch(stderr, /^[^\n]*deno[^\n]*\n$/);
});

for (const driver of ["deno", "epoll"]) {
  withNginx(`two threads over ${driver}`, async (nginx) => {
    const run = await measure(
      nginx.http("/small.txt"),
      ...KEPT,
      "--threads",
      "2",
      "--driver",
      driver,
    );
    assertAnswered(run, 300);
    assertEquals([run.generator.connections, run.service.count], [5, 300]);
    const flags = ["--threads", "2", "--rate", "200", "-z", "1s", "--driver", driver];
    const open = await measure(nginx.http("/small.txt"), ...flags);
    assertEquals([open.ledger.planned, open.durationMs], [200, 1_000]);
  });
}

withNginx("-z ends it in time", async (nginx) => {
  const begun = performance.now();
  await load("--version");
  const startMs = performance.now() - begun;
  const again = performance.now();
  const run = await measure(nginx.http("/small.txt"), "-z", "2s", "-c", "20");
  const tookMs = performance.now() - again - startMs;
  assert(run.durationMs >= 2_000 && run.durationMs <= 2_100, `${run.durationMs} ms`);
  assert(tookMs < 2_000 + LATE_MS, `${tookMs} ms besides the start`);
  const { sent, ok, unfinished } = run.ledger;
  assertEquals(sent, ok + unfinished);
  assert(unfinished <= 20);
});

withNginx("a rate is kept", async (nginx) => {
  const run = await measure(nginx.http("/small.txt"), "--rate", "500", "-z", "1s", "-c", "50");
  const { planned, sent, notSent } = run.ledger;
  assertEquals([planned, sent + notSent], [500, 500]);
  assert(notSent < 25 && run.response !== null, `${notSent} were not sent`);
});

withNginx("the report for people, the page and the log", async (nginx) => {
  const folder = await Deno.makeTempDir();
  const [html, csv] = [`${folder}/report.html`, `${folder}/log.csv`];
  const url = nginx.http("/small.txt");
  const { code, stdout, stderr } = await load(url, "-n", "20", "--html", html, "--csv", csv);
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, `Target: ${url}\nRequests: 20, Concurrency: 10\n`);
  assertStringIncludes(stdout, "Running... [20/20] done\n\nResults:\n  Total:      20 requests\n");
  assertMatch(stdout, /\nLatency:\n {2}p50: .*(µs|ms)\n/);
  assertStringIncludes(stdout, "\nStatus codes:\n  200: 20\n");
  assert((await Deno.readTextFile(html)).endsWith("</html>\n"));
  assertEquals((await Deno.readTextFile(csv)).trimEnd().split("\r\n").length, 21);
  await Deno.remove(folder, { recursive: true });
});

withNginx("goals and comparisons decide the exit code", async (nginx) => {
  const file = await Deno.makeTempFile();
  const url = nginx.http("/small.txt");
  assertEquals((await load(url, "--expect", "p99<1m", "--expect", "errors<=0%")).code, 0);
  const missed = await load(url, "--expect", "rps>100000000");
  assertEquals(missed.code, 3);
  assertStringIncludes(missed.stdout, "MISSED rps>100000000");
  const before = await load(url, "-n", "100", "--repeat", "3", "--json");
  await Deno.writeTextFile(file, before.stdout);
  const worse = await load(nginx.http("/none"), "-n", "100", "--repeat", "3", "--compare", file);
  await Deno.remove(file);
  assertEquals(worse.code, 3);
  assertMatch(worse.stdout, /errors +0% +100% .*WORSE/);
});

smoke("SIGINT lets what is under way finish, reports, and ends with 0", async () => {
  const asked = Promise.withResolvers<void>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    asked.resolve();
    return new Response("hello");
  });
  const url = `http://127.0.0.1:${server.addr.port}/`;
  const tool = new ServerProcess(TOOL, url, "-z", "1h", "-c", "3", "--json");
  {
    await using _ended = tool;
    await asked.promise;
    tool.signal("SIGINT");
    assertEquals(await tool.exitCode(), 0);
  }
  const report: Report = JSON.parse(tool.stdout);
  const { ledger, durationMs } = report.runs[0];
  assertEquals([report.interrupted, ledger.unfinished], [true, 0]);
  assert(ledger.ok > 0 && ledger.sent === ledger.ok && durationMs < 60_000);
  await server.shutdown();
});

smoke("nobody listens: one line and exit 1", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const { code, stdout, stderr } = await load("--json", `http://127.0.0.1:${port}/`);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^[^\n]*connect to 127\.0\.0\.1:\d+: Connection refused\n$/);
});

smoke("bad command lines are one line and exit 2", async () => {
  const lines: [string[], string][] = [
    [[], "no URL"],
    [["ftp://a/"], "expected http:// or https://"],
    [["http://a/", "-n", "0"], "expected a whole number from 1 up"],
    [["http://a/", "--expect", "fast"], "expected a goal such as p99<50ms"],
    [["http://a/", "-H", "no colon"], "expected 'Name: value'"],
    [["http://a/", "--rate", "5", "--steps", "1@1s"], "exclude each other"],
  ];
  for (const [flags, expected] of lines) {
    const { code, stdout, stderr } = await load("--json", ...flags);
    assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [2, "", 1], stderr);
    assertStringIncludes(stderr, expected);
  }
});

smoke("schema prints what --json keeps to", async () => {
  const { code, stdout } = await load("schema");
  assertEquals(code, 0);
  assertEquals(JSON.parse(stdout).properties.schema.const, "wakeful-load-tester/1");
});
