import { type Co, type Logger, sleep } from "../../../runtime/mod.ts";
import { RequestFailed } from "../../../net/mod.ts";
import type { Backend, Beat, Report } from "../engine/backend.ts";
import type { Claim, Verdict } from "../model/command.ts";
import { type QueueClient, Refused } from "./queue_client.ts";

/** As whom it takes jobs. */
export interface RemoteWorker {
  readonly worker: string;
  readonly types: readonly string[];
  readonly lease: number;
}

const LONGEST_WAIT_MS = 20_000;
/** A claim that waits longer could have used up its lease before it is known here. */
const WAIT_SHARE = 0.5;
const FIRST_REST_MS = 100;
const LONGEST_REST_MS = 5_000;
const NOT_FOUND = 404;
const CONFLICT = 409;
const UNAVAILABLE = 503;

/** Jobs from a server elsewhere, which may be away for a while. */
export class RemoteBackend implements Backend {
  #client: QueueClient;
  #as: RemoteWorker;
  #log: Logger;
  #isAway = false;

  constructor(client: QueueClient, as: RemoteWorker, log: Logger) {
    this.#client = client;
    this.#as = as;
    this.#log = log;
  }

  *claim(room: () => number): Co<readonly Claim[]> {
    const wait = Math.min(LONGEST_WAIT_MS, this.#as.lease * WAIT_SHARE);
    const request = () => ({ ...this.#as, max: room(), wait });
    const { body } = yield* this.#insist(() => this.#client.post("/lease", request()));
    return body.jobs.map(({ payload, ...claim }: Claim) => ({
      ...claim,
      payload: JSON.stringify(payload),
    }));
  }

  *report(report: Report): Co<Verdict> {
    const { id, epoch } = report;
    const [call, body] = report.kind === "complete"
      ? ["ack", { epoch, result: parsed(report.result) }]
      : ["nack", { epoch, error: report.error, ...howView(report) }];
    return yield* this.#insist(() => this.#verdict(`/jobs/${id}/${call}`, body));
  }

  /** One that gets no answer is no reason to end a job: the lease may last. */
  *heartbeat({ id, epoch, lease, progress, log }: Beat): Co<Verdict> {
    const body = { epoch, lease, progress: parsed(progress), log };
    try {
      return yield* this.#verdict(`/jobs/${id}/heartbeat`, body);
    } catch (error) {
      if (isPassing(error)) return "ok";
      throw error;
    }
  }

  *giveBack(claims: readonly Claim[]): Co<void> {
    for (const { id, epoch } of claims) {
      const error = "its worker does not know the type";
      yield* this.report({ kind: "fail", id, epoch, how: "interrupted", error });
    }
  }

  *#verdict(target: string, body: object): Co<Verdict> {
    try {
      return (yield* this.#client.post(target, body)).body.verdict;
    } catch (error) {
      if (error instanceof Refused && error.status === NOT_FOUND) return "unknown";
      if (error instanceof Refused && error.status === CONFLICT) return "lost";
      throw error;
    }
  }

  /** Asks again for as long as the server is away; what it did twice it did once, by the epoch. */
  *#insist<T>(ask: () => Co<T>): Co<T> {
    for (let rest = FIRST_REST_MS;; rest = Math.min(2 * rest, LONGEST_REST_MS)) {
      try {
        const answer = yield* ask();
        if (this.#isAway) this.#log.info("the server is back");
        this.#isAway = false;
        return answer;
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (!this.#isAway) this.#log.warn(`${(error as Error).message}; trying again`);
        this.#isAway = true;
        yield* sleep(rest);
      }
    }
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof RequestFailed ||
    (error instanceof Refused && error.status === UNAVAILABLE);
}

function parsed(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}

function howView({ how, delay }: Extract<Report, { kind: "fail" }>): object {
  if (how === "error") return {};
  return how === "snooze" ? { snooze: delay } : { [how]: true };
}
