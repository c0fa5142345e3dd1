import { CancellationToken, type Co, now, sleep } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { RuntimeFailure } from "../../../commands/cli/errors.ts";
import {
  type Crew,
  meterShape,
  type PassResult,
  type PassSpec,
  settle,
} from "../../../commands/load-tester/load/pass.ts";
import { RequestError } from "../../../commands/load-tester/measure/failure_class.ts";
import { Meter } from "../../../commands/load-tester/measure/meter.ts";
import { makePlan } from "../../../commands/load-tester/plan.ts";
import { LiveView } from "../../../commands/load-tester/report/live_view.ts";
import { Session, type SessionOutcome } from "../../../commands/load-tester/session.ts";
import { assert, assertEquals, assertInstanceOf } from "../../support/assert.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { liveRecord } from "../../support/live_record.ts";
import { optionsOf } from "./options.ts";

/** A crew on a server that takes so many requests a second, each within 10 ms; more take longer. */
class ModelCrew implements Crew {
  readonly specs: PassSpec[] = [];
  /** Whether anybody is there. */
  reaches = true;

  constructor(readonly capacity: number, readonly onRun: (number: number) => void = () => {}) {}

  *run(spec: PassSpec, stop: CancellationToken): Co<PassResult> {
    this.specs.push(spec);
    this.onRun(this.specs.length);
    const meter = new Meter(meterShape(spec, 1));
    const duration = spec.duration === Infinity ? 100 : spec.duration;
    const rate = spec.stretches[0]?.to ?? this.capacity;
    const count = stop.isCancelled ? 0 : Math.min(spec.count, rate * duration / 1_000);
    for (let ticket = 0; ticket < count; ticket++) this.#attempt(meter, ticket, rate);
    yield* sleep(duration);
    settle(spec, meter, stop.isCancelled ? 0 : duration);
    return { meter, elapsed: duration, sending: duration, oldestUnfinished: 0 };
  }

  #attempt(meter: Meter, ticket: number, rate: number): void {
    const done = rate > this.capacity ? 500 : 10;
    const parts = { ticket, target: 0, step: 0, due: 0, begun: 0, status: 200, bytes: 1 };
    const attempt = { ...parts, firstByte: done, done };
    meter.begun(attempt, 1);
    if (this.reaches) {
      meter.connections = 1;
      meter.answered(attempt);
    } else {
      meter.unconnected++;
      meter.failed(attempt, new RequestError("refused", "connect to a:80: nobody"));
    }
  }

  progress() {
    return { sent: 0, ended: 0, failed: 0 };
  }
  close() {}
  [Symbol.dispose]() {}
}

/** What comes of a command line with such a crew. */
function* outcomeOf(
  crew: Crew,
  line: string,
  stop = new CancellationToken(),
  view?: LiveView,
): Co<SessionOutcome> {
  const options = optionsOf(...line.split(" "));
  const terminal = new FakeTerminal();
  const plan = makePlan(options, ["http://a/"], terminal);
  return yield* new Session({ plan, crew, threads: 1, terminal, stop, view }).carryOut(options);
}

Deno.test("session: the warm-up first, and it is left out", async () => {
  await runTest(function* () {
    const crew = new ModelCrew(100);
    const { measurements, interrupted } = yield* outcomeOf(crew, "-n 7 --warmup 50ms");
    assertEquals(crew.specs.map(({ count, duration }) => [count, duration]), [
      ...[[Infinity, 50], [7, Infinity]],
    ]);
    assertEquals(measurements.map(({ report }) => report.ledger.ok), [7]);
    assertEquals(interrupted, false);
  });
});

Deno.test("session: as many runs as --repeat asks for, until somebody has had enough", async () => {
  await runTest(function* () {
    const whole = yield* outcomeOf(new ModelCrew(100), "-n 7 --repeat 4");
    assertEquals(whole.measurements.length, 4);
    const stop = new CancellationToken();
    const crew = new ModelCrew(100, (number) => number === 2 && stop.cancel("enough"));
    const part = yield* outcomeOf(crew, "-n 7 --repeat 4", stop);
    assertEquals([part.measurements.length, part.interrupted], [2, true]);
  });
});

Deno.test("session: even what was ended in the warm-up has a report", async () => {
  await runTest(function* () {
    const stop = new CancellationToken();
    stop.cancel("at once");
    const { measurements } = yield* outcomeOf(new ModelCrew(100), "-n 7 --warmup 9", stop);
    assertEquals(measurements.map(({ report }) => report.ledger.sent), [0]);
  });
});

Deno.test("session: a server's capacity is found to 3 %, with the window that confirms it", async () => {
  await runTest(function* () {
    for (const capacity of [150, 1_000, 7_777]) {
      const crew = new ModelCrew(capacity);
      const outcome = yield* outcomeOf(crew, "--find-rate p99<50ms --probe 500ms");
      const { rate, failedAt, confirmed, goal, probes } = outcome.capacity!;
      assert(rate <= capacity && rate > capacity * 0.97, `${rate} of ${capacity}`);
      assert(failedAt === null || failedAt > capacity);
      assertEquals([goal, confirmed], ["p99<50ms", { met: 3, of: 3 }]);
      assertEquals(probes.every((probe) => probe.met === probe.rate <= capacity), true);
      const [{ report }] = outcome.measurements;
      assert(report.service.max === 10 && Math.abs(report.throughput - rate) < 4);
    }
  });
});

Deno.test("session: the report is of a window that met the goal, not of the last one", async () => {
  await runTest(function* () {
    let windows = Infinity;
    /** Fails once, in the very last window. */
    class Unlucky extends ModelCrew {
      override *run(spec: PassSpec, stop: CancellationToken): Co<PassResult> {
        const isLast = this.specs.length + 1 === windows;
        if (isLast) return yield* new ModelCrew(1).run(spec, stop);
        return yield* super.run(spec, stop);
      }
    }
    const line = "--find-rate p99<50ms --probe 500ms";
    const lucky = new Unlucky(1_000);
    yield* outcomeOf(lucky, line);
    windows = lucky.specs.length;
    const { capacity, measurements } = yield* outcomeOf(new Unlucky(1_000), line);
    assertEquals(capacity!.confirmed, { met: 2, of: 3 });
    assertEquals(measurements[0].report.service.max, 10);
  });
});

Deno.test("session: the search begins with what the server answers at most", async () => {
  await runTest(function* () {
    const crew = new ModelCrew(1_000);
    const { capacity } = yield* outcomeOf(crew, "--find-rate p99<50ms --probe 100ms");
    assertEquals([crew.specs[0].stretches, crew.specs[0].duration], [[], 100]);
    assertEquals(capacity!.probes[0].rate, 800);
  });
});

Deno.test("session: a rate that is not kept up with does not meet its goal", async () => {
  await runTest(function* () {
    /** It answers quickly what it is sent, but is not sent everything. */
    class Lazy extends ModelCrew {
      override *run(spec: PassSpec, stop: CancellationToken): Co<PassResult> {
        const rate = spec.stretches[0]?.to ?? 0;
        const result = yield* super.run(spec, stop);
        if (rate > 500) result.meter.total().ledger.planned *= 1.05;
        return result;
      }
    }
    const { capacity } = yield* outcomeOf(new Lazy(1_000), "--find-rate p99<50ms --probe 1s");
    assert(capacity!.rate <= 500 && capacity!.rate > 485, `${capacity!.rate}`);
  });
});

Deno.test("session: a search that is ended early tells what it has, and probes no more", async () => {
  await runTest(function* () {
    const stop = new CancellationToken();
    const crew = new ModelCrew(1_000, (number) => number === 4 && stop.cancel("enough"));
    const begun = now();
    const { capacity, interrupted } = yield* outcomeOf(crew, "--find-rate p99<50ms", stop);
    assertEquals([crew.specs.length, interrupted], [4, true]);
    assertEquals(capacity!.confirmed, { met: 0, of: 3 });
    assert(capacity!.rate >= 800, `${capacity!.rate}`);
    assertEquals(now() - begun, 4 * 5_000 + 1_000); // nobody recovers from the last one
  });
});

Deno.test("session: nobody to connect to is one line, however few were to be sent", async () => {
  for (const line of ["-n 2", "-n 100"]) {
    const crew = new ModelCrew(100);
    crew.reaches = false;
    const failure = await runTest(function* () {
      try {
        yield* outcomeOf(crew, line);
      } catch (error) {
        return error;
      }
    });
    assertInstanceOf(failure, RuntimeFailure);
    assertEquals(failure.message, "connect to a:80: nobody");
  }
});

Deno.test("session: whoever looks on is told what goes on", async () => {
  await runTest(function* () {
    const shown: string[] = [];
    const crew = new ModelCrew(10);
    const view = new LiveView(liveRecord(shown), () => crew.progress());
    using _showing = view.start();
    const flags = "-z 250ms --warmup 250ms --repeat 2";
    yield* outcomeOf(crew, flags, new CancellationToken(), view);
    const whats = shown.map((text) => text.slice(0, text.indexOf(" [")));
    assertEquals([...new Set(whats)], ["warming up", "run 1 of 2", "run 2 of 2"]);
  });
});
