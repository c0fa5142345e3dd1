/** What only wakeful's own load tester can be asked: its pace, its memory, its searches. */
import type { RunningServer } from "../echo/servers.ts";
import { summarize } from "../harness/stats.ts";
import { wakefulWords } from "./generators.ts";
import { runPinned } from "./process.ts";

/** A line of the last table: what was measured, and whether that is enough. */
export interface Finding {
  readonly what: string;
  readonly measured: string;
  readonly bar: string;
  readonly holds: boolean;
}

const RATE = 5_000;
const STALL_MS = 2_000;
const FEW = 10_000;
const MANY: Readonly<Record<string, number>> = { epoll: 10_000_000, deno: 2_000_000 };
const SEARCHES = 5;

async function report(driver: string, flags: string[]) {
  const { stdout, peakMb } = await runPinned(wakefulWords(driver, [...flags, "--json"]));
  return { ...JSON.parse(stdout), peakMb };
}

/** Ten seconds at a fixed rate: how much of what was due was sent. */
export async function pace(driver: string, url: string): Promise<Finding> {
  const { runs: [{ ledger, generator }] } = await report(driver, [
    ...[url, "-c", "100", "-q", String(RATE), "-z", "10s"],
  ]);
  const share = ledger.sent / ledger.planned;
  return {
    what: `${driver}: ${RATE}/s for 10 s`,
    measured: `sent ${ledger.sent} of ${ledger.planned}; late by ${generator.lag.p50.toFixed(2)} ` +
      `ms at the median, ${generator.lag.p99.toFixed(2)} at p99`,
    bar: "within 0.1 %",
    holds: Math.abs(1 - share) <= 0.001,
  };
}

/** The server stands still for two seconds of ten: about a fifth of the requests feel it. */
export async function stall(driver: string, server: RunningServer, url: string): Promise<Finding> {
  const stalled = setTimeout(() => {
    Deno.kill(server.pid, "SIGSTOP");
    setTimeout(() => Deno.kill(server.pid, "SIGCONT"), STALL_MS);
  }, 5_000);
  const flags = [url, "-c", "100", "-q", String(RATE), "-z", "10s"];
  const { runs: [{ service, response }] } = await report(driver, flags);
  clearTimeout(stalled);
  return {
    what: `${driver}: a stall of 2 s at ${RATE}/s`,
    measured: `p90 ${Math.round(response.p90)} ms and p99 ${Math.round(response.p99)} ms from ` +
      `due, p99 ${service.p99.toFixed(2)} ms from sent`,
    bar: "p99 from due near 2 s",
    holds: response.p99 > 1_500 && response.p99 < 2_500 && response.p90 > 500,
  };
}

/** The most memory for few requests and for very many. */
export async function memory(driver: string, url: string): Promise<Finding> {
  const at = async (requests: number) =>
    (await report(driver, [url, "-c", "500", "-n", String(requests)])).peakMb;
  const [few, many] = [await at(FEW), await at(MANY[driver])];
  return {
    what: `${driver}: most memory at 500 connections, ${FEW} and ${MANY[driver]} requests`,
    measured: `${few.toFixed(0)} and ${many.toFixed(0)} MB`,
    bar: "≤ 120 MB",
    holds: many <= 120,
  };
}

/** The same search several times. */
export async function searches(driver: string, url: string): Promise<Finding> {
  const rates: number[] = [];
  for (let i = 0; i < SEARCHES; i++) {
    const flags = [url, "-c", "100", "--find-rate", "p99<10ms", "--probe", "1s"];
    const { capacity } = await report(driver, flags);
    rates.push(capacity.rate);
    console.error(`search ${i + 1}/${SEARCHES}: ${capacity.rate.toFixed(0)} req/s`);
  }
  const { min, median, max } = summarize(rates);
  const spread = (max - min) / median;
  return {
    what: `${driver}: --find-rate 'p99<10ms', ${SEARCHES} times`,
    measured: `${min.toFixed(0)} to ${max.toFixed(0)} req/s, spread ${(spread * 100).toFixed(1)} %`,
    bar: "< 10 %",
    holds: spread < 0.1,
  };
}
