// BullMQ: what the queue bench asks of everybody. Prints one line of JSON.
import { createRequire } from "node:module";
import process from "node:process";
import { measure } from "../queue/in_node.ts";
import { CONCURRENCY } from "../queue/plan.ts";

const [folder, port] = process.argv.slice(2);
const { Queue, Worker } = createRequire(folder)("bullmq");

const connection = { host: "127.0.0.1", port: Number(port) };
const opts = { removeOnComplete: true };
const queue = new Queue("bench", { connection });
queue.on("error", () => {}); // it connects again by itself
await queue.waitUntilReady();

console.log(JSON.stringify(
  await measure({
    add: (job) => queue.add("noop", job, opts),
    addMany: (jobs) => queue.addBulk(jobs.map((data) => ({ name: "noop", data, opts }))),
    work(begin) {
      const handle = ({ data }) => begin(data);
      const worker = new Worker("bench", handle, { connection, concurrency: CONCURRENCY });
      worker.on("error", () => {});
    },
    left: () => queue.getJobCountByTypes("wait", "active"),
  }),
));
process.exit(0);
