import type { FailureClass, RequestError } from "./failure_class.ts";
import { type EncodedLatencies, Latencies } from "./latencies.ts";
import { type EncodedTally, FIRST_BAD_STATUS, Tally } from "./tally.ts";
import { type EncodedTimeline, Timeline } from "./timeline.ts";

/** One request and how it went; all times in milliseconds of the runtime's clock. */
export interface Attempt {
  /** Which request of the run it is, from 0 up. */
  readonly ticket: number;
  /** Which of the URLs it went to. */
  readonly target: number;
  /** In which step of the run it was due. */
  readonly step: number;
  /** When it was due; when it was begun, in a run where nothing is due. */
  readonly due: number;
  readonly begun: number;
  readonly firstByte: number;
  readonly done: number;
  readonly status: number;
  /** Of the answer, head and body, as they came. */
  readonly bytes: number;
}

/** What an answer's time consists of. */
export const PHASES = ["connect", "tls", "firstByte", "transfer"] as const;
export type Phase = typeof PHASES[number];
type PerPhase<T> = Record<Phase, T>;

/** How far a run is. */
export interface Progress {
  sent: number;
  ended: number;
  failed: number;
}

/** What there is to be measured. */
export interface MeterShape {
  readonly targets: number;
  readonly steps: number;
  readonly isOpen: boolean;
}

/** So many attempts to connect, and not one of them came through: there is nobody. */
const HOPELESS = 5;

/** Told of each request as it ends, and of when the run began. */
export type Observer = (
  attempt: Attempt,
  failure: FailureClass | undefined,
  start: number,
) => void;

/** What a run, or one thread of it, has measured. */
export class Meter {
  /** One for each URL. */
  readonly tallies: readonly Tally[];
  /** One for each step of a run that has some. */
  readonly steps: readonly Tally[];
  readonly timeline: Timeline = new Timeline();
  readonly #phases: PerPhase<Latencies> = perPhase(() => new Latencies());
  /** The service times of those answers that came in several pieces. */
  readonly #pieced: Latencies = new Latencies();
  /** How late requests were begun that had a connection waiting for them: our own doing. */
  readonly lag: Latencies = new Latencies();
  /** What the first failure of each class said. */
  readonly messages: Partial<Record<FailureClass, string>> = {};
  connections = 0;
  /** How many attempts to connect went wrong. */
  unconnected = 0;
  /** How many requests were sent once more because the server had closed an idle connection. */
  retried = 0;
  redirects = 0;
  /** When it began. */
  start = 0;
  /** When it is cut off or stopped: what is due then is not due any more. */
  end = Infinity;
  /** Whether requests are due at a time of their own. */
  readonly isOpen: boolean;

  constructor(shape: MeterShape, readonly observer?: Observer) {
    this.tallies = tallies(shape.targets);
    this.steps = tallies(shape.steps);
    this.isOpen = shape.isOpen;
  }

  connected(connectMs: number, tlsMs: number | undefined): void {
    this.connections++;
    this.#phases.connect.record(connectMs);
    if (tlsMs !== undefined) this.#phases.tls.record(tlsMs);
  }

  begun({ target, step, begun }: Attempt, bytes: number): void {
    this.tallies[target].begun(bytes);
    if (this.steps.length > 0) this.steps[step].begun(bytes);
    this.timeline.sent(begun - this.start);
  }

  answered(attempt: Attempt): void {
    const { due, begun, firstByte, done, status, bytes } = attempt;
    this.#note(this.tallies[attempt.target], attempt);
    if (this.steps.length > 0) this.#note(this.steps[attempt.step], attempt);
    if (firstByte < done) this.#inPieces(done - begun, firstByte - begun);
    this.timeline.answered(done - this.start, status < FIRST_BAD_STATUS, done - due, bytes);
    this.observer?.(attempt, undefined, this.start);
  }

  failed(attempt: Attempt, { failure, message }: RequestError): void {
    this.tallies[attempt.target].ledger.fail(failure);
    if (this.steps.length > 0) this.steps[attempt.step].ledger.fail(failure);
    this.messages[failure] ??= message;
    this.timeline.failed(attempt.done - this.start);
    this.observer?.(attempt, failure, this.start);
  }

  /** Nobody could be connected to, though that was tried often enough. */
  get isHopeless(): boolean {
    return this.unconnected >= HOPELESS && this.hasReachedNobody;
  }

  /** Whatever was sent was not, since there was nobody to connect to. */
  get hasReachedNobody(): boolean {
    if (this.connections > 0 || this.unconnected === 0) return false;
    return this.progress().ended === this.unconnected;
  }

  /** It was under way when time was up. */
  cutOff({ target, step }: Attempt): void {
    this.tallies[target].ledger.unfinished++;
    if (this.steps.length > 0) this.steps[step].ledger.unfinished++;
  }

  /**
   * How long one phase took. Most answers come in one piece: their first byte is their last, and
   * to record that for each would take as long as parsing it.
   */
  phase(phase: Phase): Latencies {
    const whole = new Latencies();
    whole.add(this.#phases[phase]);
    const { service } = this.total();
    if (phase === "transfer") whole.recordNothing(service.count - this.#pieced.count);
    if (phase === "firstByte") {
      whole.add(service);
      whole.subtract(this.#pieced);
    }
    return whole;
  }

  /** All URLs together. */
  total(): Tally {
    if (this.tallies.length === 1) return this.tallies[0];
    const total = new Tally();
    for (const tally of this.tallies) total.add(tally);
    return total;
  }

  /** How many have ended, and how many of them went wrong: cheap, to be asked often. */
  progress(): Progress {
    const sum = { sent: 0, ended: 0, failed: 0 };
    for (const { ledger } of this.tallies) {
      sum.sent += ledger.sent;
      sum.ended += ledger.ended;
      sum.failed += ledger.failed;
    }
    return sum;
  }

  add(other: EncodedMeter): void {
    other.tallies.forEach((tally, i) => this.tallies[i].add(Tally.decode(tally)));
    other.steps.forEach((tally, i) => this.steps[i].add(Tally.decode(tally)));
    this.timeline.add(other.timeline);
    for (const phase of PHASES) this.#phases[phase].add(Latencies.decode(other.phases[phase]));
    this.#pieced.add(Latencies.decode(other.pieced));
    this.lag.add(Latencies.decode(other.lag));
    Object.assign(this.messages, { ...other.messages, ...this.messages });
    this.connections += other.connections;
    this.unconnected += other.unconnected;
    this.retried += other.retried;
    this.redirects += other.redirects;
  }

  encode(): EncodedMeter {
    return {
      tallies: this.tallies.map((tally) => tally.encode()),
      steps: this.steps.map((tally) => tally.encode()),
      timeline: this.timeline.encode(),
      phases: perPhase((phase) => this.#phases[phase].encode()),
      pieced: this.#pieced.encode(),
      lag: this.lag.encode(),
      messages: this.messages,
      connections: this.connections,
      unconnected: this.unconnected,
      retried: this.retried,
      redirects: this.redirects,
    };
  }

  #inPieces(service: number, toFirstByte: number): void {
    this.#pieced.record(service);
    this.#phases.firstByte.record(toFirstByte);
    this.#phases.transfer.record(service - toFirstByte);
  }

  #note(tally: Tally, { due, begun, done, status, bytes }: Attempt): void {
    tally.answered(status, done - begun, bytes);
    if (this.isOpen) tally.response.record(done - due);
  }
}

function tallies(count: number): Tally[] {
  return Array.from({ length: count }, () => new Tally());
}

/** What can be sent to another thread. */
export interface EncodedMeter {
  readonly tallies: readonly EncodedTally[];
  readonly steps: readonly EncodedTally[];
  readonly timeline: EncodedTimeline;
  readonly phases: Readonly<PerPhase<EncodedLatencies>>;
  readonly pieced: EncodedLatencies;
  readonly lag: EncodedLatencies;
  readonly messages: Readonly<Partial<Record<FailureClass, string>>>;
  readonly connections: number;
  readonly unconnected: number;
  readonly retried: number;
  readonly redirects: number;
}

function perPhase<T>(make: (phase: Phase) => T): PerPhase<T> {
  return Object.fromEntries(PHASES.map((phase) => [phase, make(phase)])) as PerPhase<T>;
}
