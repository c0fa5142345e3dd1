import {
  CancellationToken,
  type JoinHandle,
  type Logger,
  type Span,
} from "../../../runtime/mod.ts";
import { cut, insteadOf, LONGEST_LINE, LONGEST_PROGRESS, MOST_LINES } from "../model/caps.ts";
import type { Claim, FailureKind } from "../model/command.ts";
import { Fatal, type JobContext, Snooze } from "./handler.ts";

/** An attempt that is being made: what it says, and why it is to end. */
export class RunningJob {
  readonly token: CancellationToken = new CancellationToken();
  readonly span: Span;
  /** What its end means, when it was told to end; "lost" when that is nobody's business any more. */
  ending: FailureKind | "lost" | undefined;
  /** Where it is worked on; undefined while no worker has taken it. */
  work: JoinHandle<unknown> | undefined;
  /** Memory shared with the thread it is for: 1 when its handler has begun there. */
  begun: Int32Array<SharedArrayBuffer> | undefined;
  /** When its lease was renewed last. */
  renewedAt: number;
  #progress: string | undefined;
  #lines: string[] = [];

  constructor(readonly claim: Claim, at: number, log: Logger) {
    const { id, type, attempt } = claim;
    this.span = log.span("job", { id, type, attempt });
    this.renewedAt = at;
  }

  /** Tells it to end; the first reason counts. */
  end(as: FailureKind | "lost", reason: string): void {
    this.ending ??= as;
    this.token.cancel(reason);
  }

  get hasNews(): boolean {
    return this.#progress !== undefined || this.#lines.length > 0;
  }

  /** What it has said since this was called last. */
  takeNews(): { progress?: string; log?: readonly string[] } {
    const [progress, log] = [this.#progress, this.#lines];
    this.#progress = undefined;
    this.#lines = [];
    return { progress, log };
  }

  /** As its handler sees it. */
  context(): JobContext {
    const { id, type, queue, key, attempt, maxRetries } = this.claim;
    const { token, span } = this;
    let controller: AbortController | undefined;
    return {
      ...{ id, type, queue, key, attempt, maxRetries, token, span },
      get signal() {
        if (controller === undefined) {
          const made = controller = new AbortController();
          token.subscribe(() => made.abort(token.reason));
        }
        return controller.signal;
      },
      progress: (value) => this.#say(value),
      log: (line) =>
        this.#addLine(typeof line === "string" ? line : JSON.stringify(line) ?? String(line)),
      fatal: (message) => {
        throw new Fatal(message);
      },
      snooze: (duration) => {
        throw new Snooze(duration);
      },
    };
  }

  #say(value: unknown): void {
    const text = JSON.stringify(value) ?? "null";
    if (text.length <= LONGEST_PROGRESS) this.#progress = text;
    else this.#addLine(insteadOf(text));
  }

  #addLine(line: string): void {
    this.#lines.push(cut(line, LONGEST_LINE));
    if (this.#lines.length > MOST_LINES) this.#lines.shift();
  }
}
