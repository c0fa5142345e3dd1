// BullMQ: what the queue bench asks of everybody. Prints one line of JSON.
import { Queue, Worker } from "bullmq";

const [port, plan] = [Number(process.argv[2]), JSON.parse(process.argv[3])];
const connection = { host: "127.0.0.1", port };
const queue = new Queue("bench", { connection });
const options = { removeOnComplete: true };

async function rateOf(count, work) {
  const begun = performance.now();
  await work();
  return count * 1000 / (performance.now() - begun);
}

function percentile(values, share) {
  const sorted = values.sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

queue.on("error", () => {}); // it connects again by itself
await queue.waitUntilReady();
const singles = await rateOf(plan.jobs, async () => {
  let left = plan.jobs;
  await Promise.all(Array.from({ length: plan.inFlight }, async () => {
    while (left-- > 0) await queue.add("noop", {}, options);
  }));
});
const bulk = await rateOf(plan.jobs, async () => {
  const jobs = Array.from({ length: plan.bulk }, () => ({ name: "noop", data: {}, opts: options }));
  for (let done = 0; done < plan.jobs; done += plan.bulk) await queue.addBulk(jobs);
});

const sent = new Map();
const waits = [];
let [done, all] = [0, 2 * plan.jobs];
let finished;
const end = new Promise((resolve) => finished = resolve);
const worker = new Worker("bench", (job) => {
  const at = sent.get(job.data.i);
  if (at !== undefined) waits.push(performance.now() - at);
  if (++done === all) finished();
}, { connection, concurrency: plan.concurrency, autorun: false });
worker.on("error", () => {});
const processed = await rateOf(all, () => {
  worker.run();
  return end;
});
for (let i = 0; i < plan.pacedJobs; i++) {
  const at = performance.now();
  sent.set(i, at);
  await queue.add("noop", { i }, options);
  await new Promise((resolve) =>
    setTimeout(resolve, Math.max(0, plan.paceMs - (performance.now() - at)))
  );
}
await new Promise((resolve) => setTimeout(resolve, 200));
console.log(JSON.stringify({
  singles,
  bulk,
  processed,
  p50: percentile(waits, 0.5),
  p99: percentile(waits, 0.99),
}));
process.exit(0);
