import { type Judged, verdict } from "../../../../commands/load-tester/report/verdict.ts";
import { assertEquals, assertMatch } from "../../../support/assert.ts";
import { figures, run, summaryOf } from "../reports.ts";

const RUN = run({ durationMs: 1_000 });
const { ledger } = figures();

function sentences(changes: Partial<Judged>, concurrency = 7): string[] {
  return verdict({ ...RUN, ...changes }, concurrency);
}

function one(changes: Partial<Judged>): string {
  const [sentence, ...more] = sentences(changes);
  assertEquals(more, []);
  return sentence;
}

const busy = { ...RUN.generator, cpu: 0.95 };

Deno.test("verdict: figures that speak for themselves need no words", () => {
  assertEquals(sentences({}), []);
  assertEquals(
    sentences({ response: RUN.service, generator: { ...RUN.generator, cpu: 0.89 } }),
    [],
  );
});

Deno.test("verdict: the generator was the limit", () => {
  assertMatch(one({ generator: busy }), /^The generator was the limit: it used 95 % of its CPU\./);
  assertEquals(sentences({ generator: busy, durationMs: 100 }), []); // it has just begun
});

Deno.test("verdict: requests that were due were not sent, and whose doing that was", () => {
  const unsent = { response: RUN.service, ledger: { ...ledger, planned: 40, notSent: 30 } };
  assertMatch(
    one(unsent),
    /^30 requests were due and not sent \(75 %\): all 7 connections were waiting for answers\./,
  );
  const [, second] = sentences({ ...unsent, generator: busy });
  assertMatch(second, /^30 requests .*: the generator did not keep up with the rate\.$/);
  assertEquals(sentences({ ledger: { ...ledger, planned: 40, notSent: 30 } }), []); // interrupted
});

Deno.test("verdict: the generator was late", () => {
  const generator = { ...RUN.generator, lag: { p50: 0, p99: 10, max: 20 } };
  assertMatch(one({ generator }), /was sent 10ms or more after it was due although a connection/);
  assertEquals(sentences({ generator: { ...generator, lag: { p50: 9, p99: 9.9, max: 99 } } }), []);
});

Deno.test("verdict: the two clocks differ, beyond the generator's own lateness", () => {
  const response = { ...summaryOf(1), p99: 200 };
  assertMatch(
    one({ response }),
    /p99 is 200ms from when they were due, and 10ms from when they were sent\./,
  );
  const generator = { ...RUN.generator, lag: { p50: 0, p99: 9.5, max: 20 } };
  assertEquals(sentences({ response: { ...response, p99: 20 }, generator }), []);
  assertEquals(sentences({ response: { ...response, p99: 12 } }), []); // less than a quarter
});

Deno.test("verdict: many were under way when time was up", () => {
  const cut = { ...ledger, sent: 200, unfinished: 30, oldestUnfinishedMs: 2_500 };
  assertMatch(one({ ledger: cut }), /^30 requests \(15 %\) had no answer when time was up, the /);
  assertMatch(one({ ledger: cut }), /oldest after 2.5s; they are in no latency\.$/);
  assertEquals(sentences({ ledger: { ...cut, unfinished: 1 } }), []);
  assertEquals(sentences({ ledger: { ...ledger, planned: 0, sent: 0, ok: 0 } }), []);
});

Deno.test("verdict: a connection for each request", () => {
  const { phases, generator } = RUN;
  const connect = { ...summaryOf(2), count: 100, p99: 1_010 };
  const answered = { ...ledger, planned: 100, sent: 100, ok: 100 };
  const each = { ledger: answered, phases: { ...phases, connect } };
  assertMatch(
    one({ ...each, generator: { ...generator, connections: 95 } }),
    /^Nearly every request had a connection of its own, which took 2ms on average and 1\.01s at p99/,
  );
  assertEquals(sentences({ ...each, generator: { ...generator, connections: 50 } }), []);
});

Deno.test("verdict: most answers say that something is wrong", () => {
  const bad = { ledger: { ...ledger, planned: 10, sent: 10, ok: 4, badStatus: 6 } };
  assertMatch(one(bad), /^6 of 10 answers say that something is wrong/);
  assertEquals(sentences({ ledger: { ...bad.ledger, ok: 7, badStatus: 3 } }), []);
});
