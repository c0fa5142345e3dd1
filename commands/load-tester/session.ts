import { type CancellationToken, type Co, sleep } from "../../runtime/mod.ts";
import { RuntimeFailure } from "../cli/errors.ts";
import type { Terminal } from "../cli/terminal.ts";
import { findCapacity, type Probe } from "./judge/capacity.ts";
import { type Goal, isMet, valueOf } from "./judge/goal.ts";
import { measured } from "./judge/measured.ts";
import type { Crew, PassResult, PassSpec } from "./load/pass.ts";
import type { Meter, Observer } from "./measure/meter.ts";
import type { LoadOptions } from "./command.ts";
import type { Plan } from "./plan.ts";
import { runReport } from "./report/build_report.ts";
import type { LiveView } from "./report/live_view.ts";
import type { CapacityReport, RunReport } from "./report/report.ts";

/** What a session works with. */
export interface SessionParts {
  readonly plan: Plan;
  readonly crew: Crew;
  readonly threads: number;
  readonly terminal: Terminal;
  /** Nothing is begun any more once it is cancelled. */
  readonly stop: CancellationToken;
  readonly observer?: Observer;
  /** Where somebody looks on. */
  readonly view?: LiveView;
}

/** What there is in the end. */
export interface SessionOutcome {
  /** The runs; of a search, the last window that met the goal. */
  readonly measurements: readonly Measurement[];
  readonly capacity?: CapacityReport;
  readonly interrupted: boolean;
}

/** A run that was measured, in both forms. */
export interface Measurement {
  readonly result: PassResult;
  readonly report: RunReport;
}

/** What share of the requests may be left at the end of a window: those that are just under way. */
const LEFT_OVER = 0.01;
/** A server that was asked too much is given this long to come to itself, of a probe's time. */
const RECOVERY_SHARE = 0.2;

/** Carries a plan out with one crew: the warm-up, then the runs or the search. */
export class Session {
  #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** All of it, or as much as there was time for before `stop` was cancelled. */
  *carryOut({ findRate, probe, repeat }: LoadOptions): Co<SessionOutcome> {
    yield* this.#warmUp();
    const { stop } = this.#parts;
    const done = findRate === undefined
      ? { measurements: yield* this.#measureAll(repeat) }
      : yield* this.#findRate(findRate, probe);
    return { ...done, interrupted: stop.isCancelled };
  }

  *#warmUp(): Co<void> {
    const { plan: { warmup }, crew, stop, view } = this.#parts;
    if (warmup === undefined) return;
    view?.begin(warmup, "warming up");
    yield* crew.run(warmup, stop);
  }

  *#measureAll(times: number): Co<Measurement[]> {
    const { plan: { pass }, stop, observer } = this.#parts;
    const all: Measurement[] = [];
    for (let i = 1; i <= times && !(stop.isCancelled && all.length > 0); i++) {
      const what = times === 1 ? "running" : `run ${i} of ${times}`;
      all.push(yield* this.#measure(pass, what, observer));
    }
    return all;
  }

  *#findRate(goal: Goal, probeMs: number): Co<Omit<SessionOutcome, "interrupted">> {
    const flatOut = { count: Infinity, stretches: [], duration: probeMs, ramp: 0, bySteps: false };
    let last = yield* this.#measure(flatOut, "asking as fast as it answers");
    let atRate: Measurement | undefined;
    yield* this.#recover(probeMs);
    const tryRate = function* (this: Session, rate: number): Co<Probe> {
      const stretches = [{ from: rate, to: rate, duration: probeMs }];
      last = yield* this.#measure({ ...flatOut, stretches }, `trying ${rate.toFixed(1)} req/s`);
      const probe = judge(last.result, rate, goal);
      if (probe.met) atRate = last;
      else yield* this.#recover(probeMs);
      return probe;
    }.bind(this);
    const most = measured(last.result).rps;
    const goesOn = () => !this.#parts.stop.isCancelled;
    const { failedAt = null, ...found } = yield* findCapacity(most, tryRate, goesOn);
    const capacity = { goal: goal.text, failedAt, ...found };
    return { measurements: [atRate ?? last], capacity };
  }

  *#recover(probeMs: number): Co<void> {
    if (!this.#parts.stop.isCancelled) yield* sleep(probeMs * RECOVERY_SHARE);
  }

  *#measure(spec: PassSpec, what: string, observer?: Observer): Co<Measurement> {
    const { plan, crew, threads, terminal, stop, view } = this.#parts;
    view?.begin(spec, what);
    const cpuBefore = terminal.cpuTime();
    const result = yield* crew.run(spec, stop, observer);
    const report = runReport(result, {
      urls: plan.setup.urls,
      rates: spec.stretches.map(({ to }) => to),
      concurrency: plan.concurrency,
      cpuMs: terminal.cpuTime() - cpuBefore,
      threads,
    });
    if (result.meter.hasReachedNobody) throw new RuntimeFailure(hopeless(result.meter));
    return { result, report };
  }
}

const HINTS: Readonly<Record<string, string>> = {
  "TLS": "; if it speaks plain http say http://, and --insecure takes any certificate",
};

/** In one line: nobody could be connected to. */
function hopeless({ messages }: Meter): string {
  const [failure, message] = Object.entries(messages)[0];
  return message + (HINTS[failure] ?? "");
}

/** A rate is met when its goal is, and nearly everything that was due has been answered. */
function judge(result: PassResult, rate: number, goal: Goal): Probe {
  const figures = measured(result);
  const { ledger } = result.meter.total();
  const left = ledger.notSent + ledger.unfinished;
  const keptUp = left <= Math.max(1, ledger.planned * LEFT_OVER);
  const value = valueOf(goal, figures);
  return { rate, met: keptUp && isMet(goal, figures), keptUp, value, throughput: figures.rps };
}
