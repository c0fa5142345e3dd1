/** What the load tester says of servers whose times are known: on a simulated clock it is exact. */

import { type Co, now, sleep, sleepUntil } from "wakeful/runtime";
import { serve, TcpListener } from "wakeful/net";
import { simulate, type World } from "wakeful/testing";
import type { Report } from "../../commands/load-tester/report/report.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { loadTool } from "./parts/load_tool.ts";

const PORT = 8080;
const URL = `http://server:${PORT}/`;
/** Each way, in milliseconds; whole ones, because the tester's clock ticks so. */
const WAY_MS = 1;
const TWO_WAYS_MS = 2 * WAY_MS;
const TICK_MS = 1;
/** Three digits. */
const DIGITS = 0.001;

/** What the tool says of a server that handles requests like this. */
async function measured(handle: () => Co<void>, argv: readonly string[]): Promise<Report> {
  let report: Report | undefined;
  await simulate({ seed: 1, limit: 3_600_000 }, function* (world: World) {
    world.host("server", function* () {
      using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: PORT });
      yield* serve(listener, function* () {
        yield* handle();
        return { body: "hello" };
      });
    });
    const tool = world.host("client", () => loadTool([URL, ...argv]));
    world.link("client", "server", { latency: WAY_MS, fragmentation: 0 });
    const outcome = yield* tool.outcome();
    assert("report" in outcome, "line" in outcome ? outcome.line : "");
    report = outcome.report;
  });
  return report!;
}

/** As expected, to the digits that a histogram keeps; the server's timer may be a tick late. */
function assertClose(actual: number, expected: number): void {
  const late = actual - expected;
  assert(
    late >= -expected * DIGITS && late <= TICK_MS + expected * DIGITS,
    `not ${expected}: ${actual}`,
  );
}

/** The delays of that many answers, one after the other and again from the beginning. */
function inTurn(delays: readonly number[]): () => Co<void> {
  let next = 0;
  return function* () {
    yield* sleep(delays[next++ % delays.length]);
  };
}

Deno.test("load: percentiles are those of the delays, to three digits", async () => {
  const delays = Array.from({ length: 100 }, (_, i) => 10 * (i + 1));
  const { runs: [{ service, ledger }] } = await measured(inTurn(delays), ["-n", "1000", "-c", "1"]);
  assertEquals([ledger.planned, ledger.ok], [1000, 1000]);
  assertClose(service.p50, 500 + TWO_WAYS_MS);
  assertClose(service.p99, 990 + TWO_WAYS_MS);
  assertClose(service.max, 1000 + TWO_WAYS_MS);
  assertClose(service.mean, 505 + TWO_WAYS_MS);
});

Deno.test("load: at a rate every request is sent when it is due, and not one more", async () => {
  const { runs: [run] } = await measured(inTurn([20]), ["-q", "100", "-z", "10s", "-c", "10"]);
  assertEquals([run.ledger.planned, run.ledger.sent, run.ledger.notSent], [1000, 1000, 0]);
  assertEquals(run.generator.lag.max, 0);
  assertClose(run.response!.p50, 20 + TWO_WAYS_MS);
  // All but those that had to connect first.
  assertClose(run.response!.p90, 20 + TWO_WAYS_MS);
  assertEquals(run.service.p99, run.response!.p99);
});

Deno.test("load: a stall of two seconds is two seconds of late requests", async () => {
  let handled = 0;
  const stallOnce = function* () {
    handled++;
    if (handled >= 301 && handled <= 304) yield* sleep(2_000); // one for each connection
  };
  const { runs: [run] } = await measured(stallOnce, ["-q", "100", "-z", "10s", "-c", "4"]);
  // 200 of 1,000 requests were due meanwhile, and waited 1 s on average; few were slow themselves.
  assertEquals(run.service.count, 1000);
  assertClose(run.service.p99, TWO_WAYS_MS);
  assert(run.response!.p90 > 900 && run.response!.p90 < 1_100, `p90 ${run.response!.p90}`);
  assert(run.response!.p99 > 1_850 && run.response!.p99 < 2_050, `p99 ${run.response!.p99}`);
  assert(run.generator.verdict.some((sentence) => sentence.includes("waited to be sent")));
});

Deno.test("load: --find-rate finds what a server can do, within 3 %", async () => {
  for (const workMs of [2, 5]) {
    let freeAt = 0;
    const oneByOne = function* () {
      freeAt = Math.max(freeAt, now()) + workMs; // a late timer makes nobody else late
      yield* sleepUntil(freeAt);
    };
    const { capacity } = await measured(oneByOne, [
      ...["-c", "200", "--find-rate", "p99<100ms", "--probe", "10s"],
    ]);
    const able = 1000 / workMs;
    assert(
      Math.abs(capacity!.rate - able) <= able * 0.03,
      `${capacity!.rate} of ${able} requests a second`,
    );
    assert(capacity!.confirmed.met >= 2);
  }
});
