/** Ours with a tracer built in whose filter lets nothing through. */
import * as face from "wakeful/runtime";
import { pick, workloadsOn } from "../wakeful_workloads.ts";
import type { Workloads } from "../workload.ts";

/** The face of a runtime that can be traced, should this one be such. */
interface Traced {
  Tracer?: new (parts: object) => object;
}

function tracedWorkloads(): Workloads {
  const { Tracer } = face as Traced;
  const builder = face.Runtime.builder().enableTime() as face.RuntimeBuilder<face.Runtime> & {
    tracer?(tracer: object): void;
  };
  if (Tracer === undefined || builder.tracer === undefined) return {};
  const filter = face.Filter.parse("error");
  const layer = { onEvent() {} };
  builder.tracer(new Tracer({ clock: face.realClock, filter, layers: [layer] }));
  return pick(workloadsOn(builder.build()), ["yield", "hop", "spawn", "spawn-await"]);
}

export const workloads = tracedWorkloads();
