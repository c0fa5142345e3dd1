/** Ours without the cooperative budget: an await never suspends a future that is ready. */
import { type Co, Pending, Runtime } from "wakeful/runtime";
import { currentContext } from "../../../runtime/core/context.ts";
import { SUSPENDED } from "../../../runtime/core/future.ts";
import { AlwaysReady, awaitReady } from "../wakeful_workloads.ts";
import { cpuTime, type Workloads } from "../workload.ts";

class Unbudgeted extends AlwaysReady {
  override next(): IteratorResult<void, number> {
    const polled = this.poll(currentContext());
    return polled === Pending ? SUSPENDED : { done: true, value: polled };
  }
}

const runtime = Runtime.builder().build();

export const workloads: Workloads = {
  "ready": cpuTime((count) => runtime.blockOn((): Co<void> => awaitReady(new Unbudgeted(), count))),
};
