import { type Co, sleep } from "wakeful/runtime";
import { type BodyWriter, serve, TcpListener } from "wakeful/net";
import { simulate } from "wakeful/testing";
import { type CommandError, RuntimeFailure, UsageError } from "../../../commands/cli/errors.ts";
import { parse } from "../../../commands/cli/parse.ts";
import * as ask from "../../../commands/job-queue/ask.ts";
import { JOB_QUEUE } from "../../../commands/job-queue/command.ts";
import { assert, assertEquals, assertMatch } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { liveRecord } from "../../support/live_record.ts";
import { NO_LOG } from "./service_rig.ts";

type Answer = readonly [status: number, body: unknown];
type Word = keyof typeof ask;

const HOUR_MS = 3_600_000;
const STATUS = {
  ...{ pending: 5, scheduled: 0, running: 1, completed: 42, failed: 0, dead: 0, cancelled: 0 },
  ...{ throughput: 1, busy: 1, workers: 4, oldestPendingMs: 7, queues: [] },
};
const EVENT = { event: "JobStarted", at: 0, id: 7 };
const EVENT_LINE = "1970-01-01T00:00:00.000Z JobStarted id=7";

/** What a command line has led to. */
interface Asked {
  readonly code: number | undefined;
  readonly error: unknown;
  readonly out: readonly string[];
  /** What was asked of the server: method, target, and the body if there was one. */
  readonly requests: readonly string[];
}

function* run(terminal: FakeTerminal, argv: readonly string[]): Co<number> {
  const parsed = parse(JOB_QUEUE, argv, () => undefined);
  assert("options" in parsed);
  const { action, options, rest } = parsed;
  return yield* ask[action as Word](options, { terminal, log: NO_LOG, args: rest });
}

/** Runs a command line beside a server that answers so; SIGINT comes in the end. */
async function asked(
  argv: readonly string[],
  answer: Answer,
  terminal: FakeTerminal = new FakeTerminal(),
): Promise<Asked> {
  const requests: string[] = [];
  const { value } = await simulate({ seed: 1 }, function* (world) {
    world.host("server", function* () {
      using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: 80 });
      yield* serve(listener, function* ({ method, path, body }) {
        requests.push(`${method} ${path} ${yield* body.text()}`.trimEnd());
        const [status, sent] = answer;
        const isText = typeof sent === "string" || typeof sent === "function";
        return { status, body: isText ? sent as string : JSON.stringify(sent) };
      }, { onError: () => {} });
    });
    const client = world.host("client", function* () {
      yield* sleep(10);
      try {
        return { code: yield* run(terminal, [...argv, "--server", "server"]), error: undefined };
      } catch (error) {
        return { code: undefined, error };
      }
    });
    yield* sleep(5_000);
    client.signal("SIGINT");
    return yield* client.outcome();
  });
  return { ...value, out: terminal.stdout, requests };
}

function liveTerminal(shown: string[]): FakeTerminal {
  return Object.assign(new FakeTerminal(), { live: liveRecord(shown) });
}

async function assertAsked(argv: string[], answer: Answer, request: string, ...out: string[]) {
  const result = await asked(argv, answer);
  assertEquals([result.error, result.code], [undefined, 0]);
  assertEquals([result.requests, result.out], [[request], out]);
}

async function assertFails(
  argv: string[],
  answer: Answer,
  kind: new (message: string) => CommandError,
  message: string,
): Promise<void> {
  const { error, out } = await asked(argv, answer);
  assert(error instanceof kind, String(error));
  assertEquals([error.message, out], [message, []]);
}

function assertRefused(argv: string[], message: string): Promise<void> {
  return assertFails(argv, [200, {}], UsageError, message);
}

Deno.test("enqueue: a type, a payload, and what else is said of the job", async () => {
  const runAt = "2030-01-31T08:00:00Z";
  const flags = [
    ...["--queue", "q", "--key", "ann", "--delay", "10s", "--run-at", runAt],
    ...["--expires", "1h", "--max-retries", "0"],
  ];
  const options = {
    queue: "q",
    key: "ann",
    delay: 10_000,
    runAt,
    expires: 3_600_000,
    maxRetries: 0,
  };
  const body = JSON.stringify({ file: "a.png", type: "resize", options });
  const argv = ["enqueue", "resize", '{"file":"a.png"}', ...flags];
  await assertAsked(argv, [202, { id: 7 }], `POST /jobs ${body}`, "7");
});

Deno.test("enqueue: tells a job that is there already, or all of it as JSON", async () => {
  const request = 'POST /jobs {"type":"noop","options":{}}';
  const body = { id: 7, duplicate: true };
  await assertAsked(["enqueue", "noop"], [200, body], request, "7 is there");
  await assertAsked(
    ["enqueue", "noop", "--json"],
    [200, body],
    request,
    '{"id":7,"duplicate":true}',
  );
});

Deno.test("enqueue: what is no job is refused", async () => {
  await assertRefused(["enqueue"], "missing TYPE: enqueue TYPE [PAYLOAD]");
  const expected = `expected an object in JSON, such as '{"ms":10}'`;
  for (const payload of ["7", "[]", "null", "{"]) {
    await assertRefused(["enqueue", "noop", payload], `payload ${payload}: ${expected}`);
  }
  const own = "expected no field options, which is the job's own";
  await assertRefused(["enqueue", "a", '{"options":1}'], `payload {"options":1}: ${own}`);
});

Deno.test("status: numbers in lines, or as JSON", async () => {
  const { out } = await asked(["status"], [200, STATUS]);
  assertEquals(out[0], "         5  pending    can be started now");
  await assertAsked(["status", "--json"], [200, STATUS], "GET /status", JSON.stringify(STATUS));
});

Deno.test("list: jobs by what they are, or everything about one", async () => {
  const flags = ["--state", "dead", "--type", "a@b", "--queue", "q", "--limit", "5"];
  const request = "GET /jobs?state=dead&type=a%40b&queue=q&limit=5";
  const header = "id  state  type  queue  attempt  created";
  await assertAsked(["list", ...flags], [200, { jobs: [] }], request, header);
  const next = "GET /jobs?limit=20&after=7";
  await assertAsked(["list", "--after", "7", "--json"], [200, { jobs: [] }], next, "[]");
  await assertAsked(["list", "--json"], [200, { jobs: [] }], "GET /jobs?limit=20", "[]");
  const job = { id: 7, failures: [], log: ["done"] };
  await assertAsked(["list", "7"], [200, job], "GET /jobs/7", "id          7", "log: done");
  await assertAsked(["list", "7", "--json"], [200, job], "GET /jobs/7", JSON.stringify(job));
});

Deno.test("retry: one job, or all that are dead of a type and queue", async () => {
  const one = [200, { id: 7 }] as const;
  await assertAsked(["retry", "7"], one, "POST /jobs/7/retry {}", "job 7 is pending again");
  await assertAsked(["retry", "7", "--json"], one, "POST /jobs/7/retry {}", '{"id":7}');
  const all = [200, { retried: 3 }] as const;
  const lines = "3 dead jobs are pending again";
  await assertAsked(["retry", "dead"], all, "POST /dead/retry {}", lines);
  const flags = ["--type", "t", "--queue", "q", "--json"];
  const body = '{"type":"t","queue":"q"}';
  await assertAsked(["retry", "dead", ...flags], all, `POST /dead/retry ${body}`, '{"retried":3}');
});

Deno.test("cancel: a job that runs is told to end, another is cancelled", async () => {
  const [ended, told] = [[200, { id: 7 }], [202, { id: 7 }]] as const;
  await assertAsked(["cancel", "7"], ended, "DELETE /jobs/7", "job 7 is cancelled");
  await assertAsked(["cancel", "7"], told, "DELETE /jobs/7", "job 7 was told to end");
  await assertAsked(["cancel", "7", "--json"], told, "DELETE /jobs/7", '{"id":7}');
});

Deno.test("cancel: all jobs that are not over, or those of a queue and a type", async () => {
  const all = [200, { cancelled: 3 }] as const;
  await assertAsked(["cancel", "all"], all, "POST /jobs/cancel {}", "3 jobs are cancelled");
  const flags = ["--queue", "q", "--type", "t", "--json"];
  const request = 'POST /jobs/cancel {"type":"t","queue":"q"}';
  await assertAsked(["cancel", "all", ...flags], all, request, '{"cancelled":3}');
});

Deno.test("list, retry, cancel: what is no ID is refused", async () => {
  for (const id of ["x", "0", "07", "1.5"]) {
    for (const word of ["list", "retry", "cancel"]) {
      await assertRefused([word, id], `${id}: expected the ID of a job`);
    }
  }
  for (const argv of [["retry"], ["retry", "--type", "t"], ["cancel"]]) {
    await assertRefused(argv, "missing ID of a job");
  }
  for (
    const [word, flag] of [["list", "state"], ["list", "type"], ["retry", "queue"], [
      "cancel",
      "type",
    ]]
  ) {
    const argv = [word, "7", `--${flag}`, "dead"];
    await assertRefused(argv, `unexpected flag --${flag}: an ID names one job`);
  }
});

Deno.test("ask: what the server refuses is told in its words, and where a token goes", async () => {
  const missing = [404, { error: "not-found", message: "there is no job 7" }] as const;
  await assertFails(["cancel", "7"], missing, RuntimeFailure, "there is no job 7");
  const wrong = [401, { error: "unauthorized", message: "the token is wrong" }] as const;
  const hint = "the token is wrong; give it with --token, or as WAKEFUL_JOB_QUEUE_TOKEN";
  await assertFails(["status"], wrong, RuntimeFailure, hint);
});

Deno.test("ask: where no queue answers, that is told, and what to look for", async () => {
  const argv = ["status", "--server", "server:81"];
  const { error } = await asked(argv.slice(0, 1), [200, "<html>"]);
  assertEquals(String(error), "RuntimeFailure: what answers there is no job queue (status 200)");
  const terminal = new FakeTerminal();
  const { value } = await simulate({ seed: 1 }, function* (world) {
    world.host("server", () => sleep(HOUR_MS));
    const client = world.host("client", function* () {
      try {
        return yield* run(terminal, argv);
      } catch (error) {
        return error;
      }
    });
    return yield* client.outcome();
  });
  assert(value instanceof RuntimeFailure);
  assertMatch(
    value.message,
    /^no job queue answers: .*refused; is "job-queue serve" running\? --server says where$/,
  );
});

Deno.test("watch: into a pipe each event is a line, until SIGINT", async () => {
  const text = `: events follow\n\nevent: JobStarted\ndata: ${JSON.stringify(EVENT)}\n\n`;
  const stream = function* (out: BodyWriter): Co<void> {
    yield* out.write(text);
    yield* sleep(HOUR_MS);
  };
  await assertAsked(["watch"], [200, stream], "GET /events", EVENT_LINE);
  await assertAsked(["watch", "--json"], [200, stream], "GET /events", JSON.stringify(EVENT));
  const { out } = await asked(["watch", "--json"], [200, stream], liveTerminal([]));
  assertEquals(out, [JSON.stringify(EVENT)]); // on a terminal as well
  const refused = [401, { error: "unauthorized", message: "no" }] as const;
  const { error } = await asked(["watch"], refused);
  assert(error instanceof RuntimeFailure);
});

Deno.test("watch: a server that goes away in the middle is told in a sentence", async () => {
  const stream = function* (out: BodyWriter): Co<void> {
    yield* out.write(": events follow\n\n");
    throw new Error("its power was cut");
  };
  const message = "server has broken off the connection; is the server still running?";
  await assertFails(["watch"], [200, stream], RuntimeFailure, message);
});

Deno.test("watch: on a terminal the numbers are shown each second, until SIGINT", async () => {
  const shown: string[] = [];
  const terminal = liveTerminal(shown);
  const { code, requests, out } = await asked(["watch"], [200, STATUS], terminal);
  assertEquals([code, out, terminal.stderr, shown.pop()], [0, [], [], "left"]);
  assertEquals([requests[0], requests.length, shown.length], ["GET /status", 5, 5]);
  assertMatch(shown[0], /^pending 5 .* completed 42 /);
});
