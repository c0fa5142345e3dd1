import type { PassResult } from "../load/pass.ts";
import type { Measured } from "./goal.ts";

const MS_PER_SECOND = 1_000;

/** A run as goals see it: latency counts from when requests were due, where they were due. */
export function measured({ meter, elapsed }: PassResult): Measured {
  const { ledger, service, response } = meter.total();
  const latencies = meter.isOpen ? response : service;
  return {
    percentile: (percent) => latencies.percentile(percent),
    mean: latencies.mean,
    max: latencies.max,
    rps: elapsed > 0 ? ledger.answered * MS_PER_SECOND / elapsed : 0,
    errors: ledger.ended > 0 ? ledger.failed / ledger.ended : 0,
    unsent: ledger.planned > 0 ? ledger.notSent / ledger.planned : 0,
    any: latencies.count > 0,
  };
}
