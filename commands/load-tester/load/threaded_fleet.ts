import {
  type CancellationToken,
  type Co,
  type DriverName,
  End,
  spawn,
  Thread,
  ThreadDied,
} from "../../../runtime/mod.ts";
import { Meter, type Progress } from "../measure/meter.ts";
import { loadThread, type ThreadReport } from "./load_thread.ts";
import {
  type Crew,
  meterShape,
  type PassEnd,
  type PassResult,
  type PassSpec,
  settle,
} from "./pass.ts";
import type { Setup } from "./setup.ts";

/** The room for what a thread has measured, in bytes. */
const CAPACITY = 16 * 1024 * 1024;
const NOTHING_YET: Progress = { sent: 0, ended: 0, failed: 0 };

/** Clients that are spread over threads. */
export class ThreadedFleet implements Crew {
  #setup: Setup;
  #threads: readonly Thread<PassSpec, ThreadReport, void>[];
  #progress: Progress[];

  /** @param clients how many there are on all threads together, one on each at least */
  constructor(setup: Setup, clients: number, threads: number, driver: DriverName) {
    this.#setup = setup;
    this.#threads = Array.from({ length: threads }, (_, index) => {
      const size = Math.ceil((clients - index) / threads);
      const share = { index, of: threads };
      const name = `load ${index + 1}`;
      return Thread.start(loadThread, [setup, size, share], { name, driver, capacity: CAPACITY });
    });
    this.#progress = this.#threads.map(() => NOTHING_YET);
  }

  *run(spec: PassSpec, stop: CancellationToken): Co<PassResult> {
    this.#progress = this.#threads.map(() => NOTHING_YET);
    using _stopping = spawn(this.#stopAtOrder(stop)).abortOnDrop();
    for (const thread of this.#threads) yield* thread.send(spec);
    const meter = new Meter(meterShape(spec, this.#setup.urls.length));
    const ends: PassEnd[] = [];
    for (const [i, thread] of this.#threads.entries()) {
      const report = yield* this.#reportOf(thread, i);
      meter.add(report.meter);
      ends.push(report.end);
    }
    const longest = (key: keyof PassEnd) => Math.max(...ends.map((end) => end[key]));
    const sending = longest("sending");
    settle(spec, meter, sending);
    const elapsed = longest("elapsed");
    return { meter, elapsed, sending, oldestUnfinished: longest("oldestUnfinished") };
  }

  progress(): Progress {
    const sum = { ...NOTHING_YET };
    for (const { sent, ended, failed } of this.#progress) {
      sum.sent += sent;
      sum.ended += ended;
      sum.failed += failed;
    }
    return sum;
  }

  close(): void {
    for (const thread of this.#threads) thread[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  *#stopAtOrder(stop: CancellationToken): Co<void> {
    const reason = yield* stop.cancelled();
    for (const thread of this.#threads) thread.stop(reason);
  }

  *#reportOf(
    thread: Thread<PassSpec, ThreadReport, void>,
    index: number,
  ): Co<Extract<ThreadReport, { kind: "end" }>> {
    for (;;) {
      const report = yield* thread.recv();
      if (report === End) {
        yield* thread.join(); // throws what it has ended with
        throw new ThreadDied(`the thread ${thread.name}`, "before its run");
      }
      if (report.kind === "end") return report;
      this.#progress[index] = report.progress;
    }
  }
}
