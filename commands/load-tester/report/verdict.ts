import { duration } from "./figures.ts";
import type { RunReport } from "./report.ts";

const BUSY_CPU = 0.9;
/** A shorter run is busy with its own beginning. */
const WORTH_A_WORD_MS = 500;
/** Two figures that differ by less are the same to whoever reads them. */
const NOTABLE_GAP = 1.25;
const NOTABLE_GAP_MS = 1;
const NOTABLE_LAG_MS = 10;
const NEARLY_ALL = 0.9;
const ENOUGH_TO_SAY = 20;
const HUNDRED = 100;

/** What `verdict` looks at. */
export type Judged = Omit<RunReport, "generator"> & {
  readonly generator: Omit<RunReport["generator"], "verdict">;
};

/** What has to be known about the figures of a run, in sentences; none when they speak for themselves. */
export function verdict(run: Judged, concurrency: number): string[] {
  return [
    busy(run),
    unsent(run, concurrency),
    lagging(run),
    gap(run),
    unfinished(run),
    reconnecting(run),
    refused(run),
  ]
    .filter((sentence) => sentence !== undefined);
}

function busy({ durationMs, generator: { cpu } }: Judged): string | undefined {
  if (cpu < BUSY_CPU || durationMs < WORTH_A_WORD_MS) return undefined;
  return `The generator was the limit: it used ${percent(cpu)} of its CPU. The server may be ` +
    "capable of more, and latencies contain the generator's own; try --driver epoll or --threads.";
}

function unsent({ ledger, response, generator }: Judged, concurrency: number): string | undefined {
  const { notSent, planned } = ledger;
  if (notSent === 0 || response === null) return undefined;
  const what = `${notSent} requests were due and not sent (${share(notSent, planned)})`;
  if (generator.cpu >= BUSY_CPU) return `${what}: the generator did not keep up with the rate.`;
  return `${what}: all ${concurrency} connections were waiting for answers. The server did not ` +
    "keep up with the rate, unless more connections (-c) help.";
}

function lagging({ generator: { lag } }: Judged): string | undefined {
  if (lag.p99 < NOTABLE_LAG_MS) return undefined;
  return `The generator was late: one request in a hundred was sent ${
    duration(lag.p99)
  } or more after ` +
    "it was due although a connection was free. This machine is too busy for this rate.";
}

/** What is more than the generator's own lateness. */
function gap({ service, response, generator }: Judged): string | undefined {
  if (response === null) return undefined;
  const apart = response.p99 - service.p99 - generator.lag.p99;
  if (apart < NOTABLE_GAP_MS || response.p99 < service.p99 * NOTABLE_GAP) return undefined;
  return `Requests waited to be sent: p99 is ${
    duration(response.p99)
  } from when they were due, and ` +
    `${
      duration(service.p99)
    } from when they were sent. A client that arrives by itself sees the former.`;
}

function unfinished({ ledger }: Judged): string | undefined {
  const { unfinished, oldestUnfinishedMs, sent } = ledger;
  if (unfinished === 0 || unfinished * HUNDRED < sent) return undefined;
  return `${unfinished} requests (${
    share(unfinished, sent)
  }) had no answer when time was up, the ` +
    `oldest after ${duration(oldestUnfinishedMs)}; they are in no latency.`;
}

/** The server, or a flag, ends each connection: then connecting is most of what is measured. */
function reconnecting({ ledger, generator, phases: { connect } }: Judged): string | undefined {
  const answered = ledger.ok + ledger.badStatus;
  const isUsual = generator.connections < answered * NEARLY_ALL || answered < ENOUGH_TO_SAY;
  if (isUsual || connect === null) return undefined;
  return `Nearly every request had a connection of its own, which took ${duration(connect.mean)} ` +
    `on average and ${duration(connect.p99)} at p99; that is part of the latencies.`;
}

function refused({ ledger }: Judged): string | undefined {
  const answered = ledger.ok + ledger.badStatus;
  if (ledger.badStatus * 2 < answered || ledger.badStatus === 0) return undefined;
  return `${ledger.badStatus} of ${answered} answers say that something is wrong (400 and above): ` +
    "the latencies are mostly theirs.";
}

function share(part: number, whole: number): string {
  return percent(part / whole);
}

function percent(share: number): string {
  return `${Number((share * HUNDRED).toPrecision(3))} %`;
}
