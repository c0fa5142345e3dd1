// pg-boss: what the queue bench asks of everybody. Prints one line of JSON.
import { createRequire } from "node:module";
import process from "node:process";
import { measure } from "../queue/in_node.ts";
import { BULK } from "../queue/plan.ts";

const [folder, connectionString] = process.argv.slice(2);
const { PgBoss } = createRequire(folder)("pg-boss");

// Told of new jobs, instead of asking for them twice a second at most.
const boss = new PgBoss({ connectionString, useListenNotify: true });
boss.on("error", (error) => console.error(error));
await boss.start();
await boss.createQueue("noop", { notify: true });

console.log(JSON.stringify(
  await measure({
    add: (job) => boss.send("noop", job),
    addMany: (jobs) => boss.insert("noop", jobs.map((data) => ({ data }))),
    work: (begin) =>
      // By default it fetches one job every two seconds.
      boss.work("noop", { batchSize: BULK, burstWhenBatchFull: true }, (jobs) => {
        for (const { data } of jobs) begin(data);
        return Promise.resolve();
      }),
    async left() {
      const sql = "select count(*)::int as n from pgboss.job where state < 'completed'";
      const { rows } = await boss.getDb().executeSql(sql);
      return rows[0].n;
    },
  }),
));
process.exit(0);
