import {
  type CancellationToken,
  type Co,
  moveOnAt,
  now,
  scope,
  spawn,
} from "../../../runtime/mod.ts";
import { Meter, type Observer, type Progress } from "../measure/meter.ts";
import { Client, type ClientOptions } from "./client.ts";
import {
  type Crew,
  meterShape,
  type PassEnd,
  type PassResult,
  type PassSpec,
  settle,
  workOf,
} from "./pass.ts";
import type { Share, Work } from "./work.ts";

/** The clients of one thread: they keep their connections from one run to the next. */
export class Fleet implements Crew {
  #options: ClientOptions;
  #clients: readonly Client[];
  #meter: Meter | undefined;

  constructor(options: ClientOptions, size: number) {
    this.#options = options;
    this.#clients = Array.from({ length: size }, () => new Client(options));
  }

  *run(spec: PassSpec, stop: CancellationToken, observer?: Observer): Co<PassResult> {
    const meter = this.newMeter(spec, observer);
    const end = yield* this.runShare(spec, meter, stop);
    settle(spec, meter, end.sending);
    return { ...end, meter };
  }

  /** For one of several threads: its share of a run, whose book is closed elsewhere. */
  *runShare(spec: PassSpec, meter: Meter, stop: CancellationToken, share?: Share): Co<PassEnd> {
    const { duration, ramp } = spec;
    const work = workOf(spec, share);
    this.#meter = meter;
    meter.start = Math.ceil(now()); // where timers are exact
    meter.end = meter.start + duration;
    using _stopping = spawn(this.#stopAtOrder(work, meter, stop)).abortOnDrop();
    yield* moveOnAt(meter.end, this.#everybody(work, meter, ramp));
    const stoppedAt = now();
    const oldestUnfinished = this.#cutOff(meter, stoppedAt);
    const elapsed = Math.min(stoppedAt - meter.start, duration); // the timer is a little late
    const sending = Math.min(elapsed, meter.end - meter.start);
    return { elapsed, sending, oldestUnfinished };
  }

  newMeter(spec: PassSpec, observer?: Observer): Meter {
    return new Meter(meterShape(spec, this.#options.targets.length), observer);
  }

  progress(): Progress {
    return this.#meter?.progress() ?? { sent: 0, ended: 0, failed: 0 };
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #everybody(work: Work, meter: Meter, ramp: number) {
    const clients = this.#clients;
    return scope(function* (s) {
      clients.forEach((client, i) => {
        const begins = meter.start + i * ramp / clients.length;
        s.spawn(client.run(work, meter, begins));
      });
    });
  }

  *#stopAtOrder(work: Work, meter: Meter, stop: CancellationToken): Co<void> {
    yield* stop.cancelled();
    meter.end = Math.max(now(), meter.start);
    work.stop();
    for (const client of this.#clients) client.nudge();
  }

  #cutOff(meter: Meter, at: number): number {
    let oldest = 0;
    for (const client of this.#clients) {
      if (!client.busy) continue;
      meter.cutOff(client);
      oldest = Math.max(oldest, at - client.begun);
      client.close();
    }
    return oldest;
  }
}
