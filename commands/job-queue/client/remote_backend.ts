import { type Co, type Logger, sleep } from "../../../runtime/mod.ts";
import { RequestFailed } from "../../../net/mod.ts";
import { type Backend, type Beat, ClaimRefused, type Report } from "../engine/backend.ts";
import type { Claim, Verdict } from "../model/command.ts";
import { type Answered, NO_QUEUE, type QueueClient, Refused } from "./queue_client.ts";
import { refusalText } from "./refusal_text.ts";

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
/** What a worker that has lost its job is told, and what that means. */
const VERDICTS: Readonly<Record<string, Verdict>> = { "not-found": "unknown", lost: "lost" };

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
    const { body } = yield* this.#insist(() => this.#lease(request()));
    return body.jobs.map(({ payload, ...claim }: Claim) => ({
      ...claim,
      payload: JSON.stringify(payload),
    }));
  }

  /** A job whose report is refused for good would run for ever: it has failed with that. */
  *report(report: Report): Co<Verdict> {
    try {
      return yield* this.#send(report);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { id, epoch } = report;
      this.#log.error("what came of a job was refused", { job: id, error: error.message });
      if (report.kind === "fail") return "unknown";
      const reason = `its result was refused: ${error.message}`;
      return yield* this.report({ kind: "fail", id, epoch, how: "fatal", error: reason });
    }
  }

  *#send(report: Report): Co<Verdict> {
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

  *#lease(request: object): Co<Answered> {
    try {
      return yield* this.#client.post("/lease", request);
    } catch (error) {
      if (!(error instanceof Refused) || isPassing(error)) throw error;
      throw new ClaimRefused(refusalText(error), { cause: error });
    }
  }

  *#verdict(target: string, body: object): Co<Verdict> {
    try {
      return (yield* this.#client.post(target, body)).body.verdict;
    } catch (error) {
      const verdict = error instanceof Refused ? VERDICTS[error.code] : undefined;
      if (verdict === undefined) throw error;
      return verdict;
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
  if (error instanceof Refused) return error.isBusy || error.code === NO_QUEUE;
  return error instanceof RequestFailed;
}

function parsed(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}

function howView({ how, delay }: Extract<Report, { kind: "fail" }>): object {
  if (how === "error") return {};
  return how === "snooze" ? { snooze: delay } : { [how]: true };
}
