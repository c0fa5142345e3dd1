import { Ajv2020 } from "ajv/2020";
import { type Co, sleep } from "wakeful/runtime";
import { assert, assertEquals } from "../../../support/assert.ts";
import type { Route } from "../../../../commands/job-queue/api/route.ts";
import { type ServiceRig, withService } from "../service_rig.ts";

const ajv = new Ajv2020({ strict: false, validateFormats: false });

/** Asks, and holds the answers against what the calls say they give. */
class Checker {
  /** The answers that have been seen: `GET /jobs 200`. */
  readonly seen: Set<string> = new Set();
  #rig: ServiceRig;

  constructor(rig: ServiceRig) {
    this.#rig = rig;
  }

  // deno-lint-ignore no-explicit-any -- the test looks into it
  *ask(method: string, target: string, body?: unknown): Co<any> {
    const [path] = target.split("?");
    const route = this.#rig.api.routes.find((route) =>
      route.method === method && patternOf(route).test(path)
    )!;
    const answer = yield* this.#rig.ask(method, target, body);
    const isValid = ajv.compile(route.gives![answer.status]);
    const what = `${method} ${target}: ${JSON.stringify(answer.body)}`;
    assert(isValid(answer.body), `${what}: ${ajv.errorsText(isValid.errors)}`);
    this.seen.add(`${method} ${route.path} ${answer.status}`);
    return answer.body;
  }
}

function patternOf({ path }: Route): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`);
}

const LEASE = { worker: "w", types: ["resize"], max: 10 };

/** A life of jobs in which every answer comes once. */
function* life({ ask }: { ask: Checker["ask"] }): Co<void> {
  yield* ask("GET", "/healthz");
  yield* ask("POST", "/lease", LEASE);
  const job = { type: "resize", options: { key: "ann", uniqueKey: "one", timeout: "1m" } };
  const { id } = yield* ask("POST", "/jobs", job);
  yield* ask("POST", "/jobs", job);
  yield* ask("POST", "/jobs", [job, { type: "resize", options: { delay: "1h", expires: "1m" } }]);
  yield* ask("POST", "/jobs", { type: "resize" });
  const { jobs } = yield* ask("POST", "/lease", LEASE);
  assertEquals(jobs.length, 2);
  const news = { epoch: 1, progress: 0.5, log: ["half"] };
  yield* ask("POST", `/jobs/${id}/heartbeat`, news);
  yield* ask("DELETE", `/jobs/${id}`); // 202: it runs
  yield* ask("POST", `/jobs/${id}/heartbeat`, news);
  yield* ask("GET", "/jobs?limit=1");
  yield* ask("GET", "/jobs");
  yield* ask("POST", `/jobs/${id}/nack`, { epoch: 1, cancelled: true });
  yield* ask("DELETE", "/jobs/2");
  yield* ask("GET", "/jobs/2");
  yield* ask("POST", `/jobs/${id}/retry`);
  yield* ask("POST", "/jobs/3/ack", { epoch: 1, result: { w: 1 } });
  yield* ask("GET", "/jobs/3");
  yield* ask("POST", "/lease", LEASE);
  yield* ask("POST", `/jobs/${id}/nack`, { epoch: 2, error: "no", fatal: true });
  yield* ask("GET", "/dead");
  yield* ask("GET", `/jobs/${id}`);
  yield* ask("POST", "/dead/retry");
  yield* ask("POST", "/jobs/cancel", { queue: "other" });
  const limit = { concurrency: 1, rate: { count: 1, per: "1s" } };
  yield* ask("PUT", "/queues/default/limits", { queue: limit, types: { resize: limit } });
  yield* ask("POST", "/queues/default/pause");
  yield* ask("GET", "/queues");
  yield* ask("POST", "/queues/default/resume");
  const again = { type: "resize", n: 1, options: { uniqueKey: "one", priority: 5 } };
  yield* ask("PUT", "/schedules/often", { cron: "* * * * *", job: again });
  yield* sleep(61_000);
  const { schedules } = yield* ask("GET", "/schedules");
  assertEquals(schedules[0].skipped.why, "duplicate");
  yield* ask("DELETE", "/schedules/often");
  yield* ask("GET", "/status");
}

Deno.test("answer schemas: real answers are what they say, and every one is seen", () =>
  withService({ options: { workers: 0 } }, function* (rig) {
    const checker = new Checker(rig);
    yield* life({ ask: (...asked) => checker.ask(...asked) });
    const described = rig.api.routes.flatMap(({ method, path, gives = {} }) =>
      Object.keys(gives).map((status) => `${method} ${path} ${status}`)
    );
    const unseen = new Set(described).difference(checker.seen);
    assertEquals([...unseen], ["GET /healthz 503"]); // a store that does nothing
  }));

Deno.test("answer schemas: every call says what it gives, but for those that give no JSON", () =>
  withService({}, function* (rig) {
    const silent = rig.api.routes.filter(({ gives }) => gives === undefined);
    assertEquals(silent.map(({ path }) => path), ["/events", "/metrics", "/openapi.json"]);
  }));
