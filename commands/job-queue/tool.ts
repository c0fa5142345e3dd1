import { tool } from "../cli/tool.ts";
import { cancel, enqueue, list, retry, status, watch } from "./ask.ts";
import { JOB_QUEUE } from "./command.ts";
import { run } from "./run.ts";
import { serve } from "./serve.ts";
import { work } from "./work.ts";

export const jobQueue = tool(JOB_QUEUE, {
  ...{ serve, run, work },
  ...{ enqueue, status, list, retry, cancel, watch },
});
