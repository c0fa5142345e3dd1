import { BUCKETS_MS, type Histogram } from "../engine/meter.ts";
import type { Service } from "../engine/service.ts";
import { STATES } from "../model/job.ts";
import { type StoreView, TOTALS } from "../store/store.ts";

const PREFIX = "wakeful_job_queue_";
const MS_PER_SECOND = 1_000;

/** The numbers in the text format of Prometheus. */
export function metricsText(service: Service, view: StoreView, at: number): string {
  const { pool, meter } = service;
  const queues = view.queues;
  const lines = [
    ...metric("jobs", "gauge", "Jobs by queue and state."),
    ...queues.flatMap(({ name, counts }) =>
      STATES.map((state) => sample("jobs", { queue: name, state }, counts[state]))
    ),
    ...TOTALS.flatMap((what) => [
      ...metric(`${what}_total`, "counter", `See the ledger of /status: ${what}.`),
      ...queues.map(({ name, totals }) => sample(`${what}_total`, { queue: name }, totals[what])),
    ]),
    ...metric("queue_paused", "gauge", "Whether a queue is paused."),
    ...queues.map(({ name, paused }) => sample("queue_paused", { queue: name }, Number(paused))),
    ...single("oldest_pending_seconds", view.oldestPendingMs / MS_PER_SECOND),
    ...single("throughput_jobs_per_second", meter.throughput(at)),
    ...single("workers", pool.workers),
    ...single("workers_busy", pool.busy),
    ...histogram("attempt_seconds", meter.took),
  ];
  return `${lines.join("\n")}\n`;
}

function metric(name: string, type: string, help: string): string[] {
  return [`# HELP ${PREFIX}${name} ${help}`, `# TYPE ${PREFIX}${name} ${type}`];
}

function single(name: string, value: number): string[] {
  return [...metric(name, "gauge", name.replaceAll("_", " ")), sample(name, {}, value)];
}

/** Names of queues have nothing in them that would have to be escaped. */
function sample(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`).join(",");
  return `${PREFIX}${name}${pairs === "" ? "" : `{${pairs}}`} ${value}`;
}

function histogram(name: string, { counts, sum, count }: Histogram): string[] {
  let below = 0;
  const buckets = BUCKETS_MS.map((end, i) =>
    sample(`${name}_bucket`, { le: String(end / MS_PER_SECOND) }, below += counts[i])
  );
  return [
    ...metric(name, "histogram", "How long completed attempts took."),
    ...buckets,
    sample(`${name}_bucket`, { le: "+Inf" }, count),
    sample(`${name}_sum`, {}, sum / MS_PER_SECOND),
    sample(`${name}_count`, {}, count),
  ];
}
