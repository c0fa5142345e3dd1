/** The job queue as a real process, over real sockets. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { ORIGIN, runTool, ServerProcess } from "./tool_process.ts";

const TOOL = "job-queue";
const WAIT_LIMIT_MS = 30_000;

function smoke(name: string, body: (folder: string) => Promise<void>): void {
  Deno.test(`job-queue ${ORIGIN}: ${name}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await body(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** A server, and the way to ask it. */
class Queue implements AsyncDisposable {
  readonly process: ServerProcess;
  url = "";

  constructor(...flags: string[]) {
    this.process = new ServerProcess(TOOL, "serve", "--port", "0", ...flags);
  }

  static async start(...flags: string[]): Promise<Queue> {
    const queue = new Queue(...flags);
    queue.url = `http://127.0.0.1:${await queue.process.listening()}`;
    return queue;
  }

  // deno-lint-ignore no-explicit-any -- the server's JSON
  async ask(path: string, init?: RequestInit): Promise<any> {
    return await (await fetch(this.url + path, init)).json();
  }

  post(path: string, body: unknown): ReturnType<Queue["ask"]> {
    const headers = { "Content-Type": "application/json" };
    return this.ask(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  /** Waits until the status is as it should be. */
  // deno-lint-ignore no-explicit-any -- the server's JSON
  async until(isSo: (status: any) => boolean): Promise<any> {
    for (const end = Date.now() + WAIT_LIMIT_MS; Date.now() < end;) {
      const status = await this.ask("/status");
      if (isSo(status)) return status;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`never came: ${JSON.stringify(await this.ask("/status"))}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.process[Symbol.asyncDispose]();
  }
}

smoke("jobs are done, with threads as well, and SIGTERM ends it with 0", async (folder) => {
  await using queue = await Queue.start("--db", `${folder}/queue.db`);
  await queue.post("/jobs", [
    { type: "noop" },
    { type: "delay", ms: 20 },
    { type: "cpu", iterations: 100_000 },
    { type: "http", url: `${queue.url}/healthz` },
  ]);
  await queue.until(({ completed }) => completed === 4);
  assertEquals((await queue.ask("/jobs/4")).result.status, 200);
  assert((await queue.ask("/jobs/3")).result > 0);
  queue.process.signal("SIGTERM");
  assertEquals(await queue.process.exitCode(), 0);
});

smoke("a second server on the same file is told so, exit 1", async (folder) => {
  await using _queue = await Queue.start("--db", `${folder}/queue.db`);
  const { code, stderr } = await runTool(
    TOOL,
    "serve",
    "--port",
    "0",
    "--db",
    `${folder}/queue.db`,
  );
  assertEquals(code, 1);
  assertMatch(stderr, /^\S.*queue\.db: another process has it open.*\n$/);
});

smoke(
  "10,000 jobs of two clients, and kill -9 five times on the way: none is lost",
  async (folder) => {
    const flags = ["--db", `${folder}/queue.db`, "--workers", "20"];
    let queue = await Queue.start(...flags);
    const accepted: number[] = [];
    let isOver = false;
    const client = async (jobs: number) => {
      for (let left = jobs; left > 0;) {
        const batch = Array.from({ length: Math.min(50, left) }, () => ({ type: "noop" }));
        try {
          const { ids } = await queue.post("/jobs", batch);
          accepted.push(...ids);
          left -= ids.length;
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 50)); // it was killed
        }
      }
    };
    const killer = async () => {
      for (let kills = 0; kills < 5; kills++) {
        const goal = accepted.length + 1_000;
        while (accepted.length < Math.min(goal, 9_900)) {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        queue.process.signal("SIGKILL");
        await queue.process.exitCode();
        queue = await Queue.start(...flags);
      }
      isOver = true;
    };
    await Promise.all([client(5_000), client(5_000), killer()]);
    assert(isOver);
    const { ledger } = await queue.until(({ ledger }) => ledger.live === 0);
    assertEquals(accepted.length, 10_000);
    assertEquals(new Set(accepted).size, 10_000);
    assertEquals(ledger.completed, ledger.enqueued);
    assertEquals([ledger.dead, ledger.cancelled, ledger.pruned], [0, 0, 0]);
    assertEquals((await queue.ask("/status")).completed, ledger.completed); // none twice
    const completed = new Set<number>();
    for (let after = ""; after !== "&after=undefined";) {
      const { jobs, next } = await queue.ask(`/jobs?state=completed&limit=1000${after}`);
      for (const { id } of jobs) completed.add(id);
      after = `&after=${next}`;
    }
    assertEquals(accepted.filter((id) => !completed.has(id)), []);
    await queue[Symbol.asyncDispose]();
  },
);

smoke("what ran when the server was killed is run again at once", async (folder) => {
  const flags = ["--db", `${folder}/queue.db`];
  await using first = await Queue.start(...flags);
  await first.post("/jobs", { type: "delay", ms: 600 });
  await first.until(({ running }) => running === 1);
  first.process.signal("SIGKILL");
  await first.process.exitCode();
  await using second = await Queue.start(...flags);
  await second.until(({ completed }) => completed === 1);
  const { attempt, failures } = await second.ask("/jobs/1");
  assertEquals([attempt, failures[0].error], [2, "its worker ended in the middle of it"]);
});

const HANDLERS = `
  export async function later({ n }, job) {
    job.log("n is " + n);
    await new Promise((resolve) => setTimeout(resolve, 10));
    return n + 1;
  }
  export function fib({ n }) {
    const fib = (n) => n < 2 ? n : fib(n - 1) + fib(n - 2);
    return fib(n);
  }
  fib.blocking = true;
  export default { "image.resize": ({ file }) => file + ".small" };
`;

smoke("handlers of one's own, async, on threads, and from a worker elsewhere", async (folder) => {
  const path = `${folder}/handlers.js`;
  await Deno.writeTextFile(path, HANDLERS);
  await using queue = await Queue.start("--db", ":memory:", "--handlers", path, "--workers", "0");
  await using worker = new ServerProcess(
    ...[TOOL, "work", "--server", queue.url, "--handlers", path, "--name", "elsewhere"] as const,
  );
  await queue.post("/jobs", [
    { type: "later", n: 1 },
    { type: "fib", n: 20 },
    { type: "image.resize", file: "a" },
  ]);
  await queue.until(({ completed }) => completed === 3);
  const results = await Promise.all([1, 2, 3].map((id) => queue.ask(`/jobs/${id}`)));
  assertEquals(results.map(({ result }) => result), [2, 6765, "a.small"]);
  assertEquals([results[0].log, results[0].worker], [["n is 1"], "elsewhere"]);
  worker.signal("SIGTERM");
  assertEquals(await worker.exitCode(), 0);
});

const FORGETFUL = `
  export async function forgetful() {
    Promise.reject(new Error("of a promise"));
    setTimeout(() => { throw new Error("of a timer"); });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
`;

smoke("an error that a handler left behind is told, and ends nobody's job", async (folder) => {
  const path = `${folder}/handlers.js`;
  await Deno.writeTextFile(path, FORGETFUL);
  await using queue = await Queue.start("--db", ":memory:", "--handlers", path, "--workers", "1");
  await using worker = new ServerProcess(
    ...[TOOL, "work", "--server", queue.url, "--handlers", path, "--workers", "1"] as const,
  );
  await queue.post("/jobs", new Array(10).fill({ type: "forgetful" }));
  await queue.until(({ completed }) => completed === 10);
  for (const process of [queue.process, worker]) {
    await process.says(
      /ERROR job-queue: nobody caught an error: of a promise at=.*handlers\.js:3:/,
    );
    await process.says(/ERROR job-queue: nobody caught an error: of a timer at=.*handlers\.js:4:/);
  }
  const flags = ["--handlers", path, "--type", "forgetful", "-n", "2"];
  const { code, stdout } = await runTool(TOOL, "run", ...flags);
  assertEquals([code, stdout.split("\n")[0]], [0, "Jobs:        2 (2 completed, 0 dead)"]);
});

smoke("the words of the command, one after the other", async () => {
  await using queue = await Queue.start("--db", ":memory:", "--token", "secret");
  const say = async (...words: string[]) => {
    const { code, stdout, stderr } = await runTool(
      ...[TOOL, ...words, "--server", queue.url, "--token", "secret"] as [string, ...string[]],
    );
    assertEquals([code, stderr], [0, ""], words.join(" "));
    return stdout;
  };
  assertEquals(await say("enqueue", "delay", '{"ms":60000}', "--priority", "3"), "1\n");
  assertMatch(await say("list"), /^id +state .*\n1 +running +delay/);
  assertStringIncludes(await say("cancel", "1"), "job 1 was told to end");
  await say("enqueue", "http", '{"url":"ftp://x"}');
  let dead = "";
  while (!/2 +dead/.test(dead)) dead = await say("list", "--state", "dead");
  assertStringIncludes(await say("list", "2"), "expected a url");
  assertStringIncludes(await say("retry", "dead"), "1 dead jobs");
  assertStringIncludes(await say("status"), "jobs/s");
  const nobody = await runTool(TOOL, "status", "--server", "http://127.0.0.1:1");
  assertEquals(nobody.code, 1);
  assertStringIncludes(nobody.stderr, 'is "job-queue serve" running? --server says where');
  const refused = await runTool(TOOL, "status", "--server", queue.url, "--token", "wrong");
  assertEquals([refused.code, refused.stderr], [
    1,
    `${refused.stderr.split(":")[0]}: the token is wrong; give it with --token, or as ` +
    "WAKEFUL_JOB_QUEUE_TOKEN\n",
  ]);
});

smoke("what happens is logged, and a hook is told of what went wrong", async (folder) => {
  const told = Promise.withResolvers<{ text: string }>();
  await using hook = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      told.resolve(await request.json());
      return new Response();
    },
  );
  const log = `${folder}/events.jsonl`;
  const alerts = `http://127.0.0.1:${hook.addr.port}/`;
  await using queue = await Queue.start("--db", ":memory:", "--log", log, "--alert-url", alerts);
  await queue.post("/jobs", [{ type: "noop" }, { type: "http", url: "nonsense" }]);
  assertStringIncludes((await told.promise).text, "1 JobDead: http: expected a url");
  queue.process.signal("SIGTERM");
  assertEquals(await queue.process.exitCode(), 0);
  const events = (await Deno.readTextFile(log)).trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  assertEquals(events.filter(({ event }) => event === "JobCompleted").length, 1);
  assertEquals(events.at(-1).event, "JobDead");
});

smoke("run needs no server, and says how it went", async () => {
  const { code, stdout } = await runTool(TOOL, "run", "--jobs", "100", "--workers", "4");
  assertEquals(code, 0);
  assertMatch(
    stdout,
    /^Jobs: +100 \(100 completed, 0 dead\)\nDuration: .*\nThroughput: .* jobs\/s\n/,
  );
});
