// graphile-worker: what the queue bench asks of everybody. Prints one line of JSON.
import { createRequire } from "node:module";
import process from "node:process";
import { measure } from "../queue/in_node.ts";
import { BULK, CONCURRENCY } from "../queue/plan.ts";

const [folder, connectionString] = process.argv.slice(2);
const { Logger, makeWorkerUtils, run } = createRequire(folder)("graphile-worker");

const logger = new Logger(() => () => {});
const utils = await makeWorkerUtils({ connectionString, logger });
await utils.migrate();

console.log(JSON.stringify(
  await measure({
    add: (job) => utils.addJob("noop", job),
    addMany: (jobs) => utils.addJobs(jobs.map((payload) => ({ identifier: "noop", payload }))),
    work: (begin) =>
      run({
        taskList: { noop: begin },
        preset: {
          worker: {
            connectionString,
            logger,
            concurrentJobs: CONCURRENCY,
            // Both are off by default; a job at a time would be a tenth as fast.
            localQueue: { size: BULK },
            completeJobBatchDelay: 0,
          },
        },
      }),
    left: () =>
      utils.withPgClient(async (client) => {
        const { rows } = await client.query("select count(*)::int as n from graphile_worker.jobs");
        return rows[0].n;
      }),
  }),
));
process.exit(0);
