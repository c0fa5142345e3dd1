import fc from "../../../support/fast_check.ts";
import {
  type FailureClass,
  RequestError,
} from "../../../../commands/load-tester/measure/failure_class.ts";
import { Latencies } from "../../../../commands/load-tester/measure/latencies.ts";
import { type Attempt, Meter } from "../../../../commands/load-tester/measure/meter.ts";
import { assert, assertEquals } from "../../../support/assert.ts";

const SHAPE = { targets: 2, steps: 3, isOpen: true };
const FAILURES: readonly FailureClass[] = ["refused", "reset", "timeout"];

/** An attempt, and how it went: a status, a failure, or cut off. */
interface Event {
  readonly attempt: Attempt;
  readonly failure: FailureClass | "cut off" | undefined;
}

const event: fc.Arbitrary<Event> = fc.record({
  failure: fc.option(fc.constantFrom(...FAILURES, "cut off" as const), { nil: undefined }),
  attempt: fc.record({
    ticket: fc.nat(1_000),
    target: fc.nat(SHAPE.targets - 1),
    step: fc.nat(SHAPE.steps - 1),
    due: fc.nat(1_000),
    status: fc.constantFrom(200, 204, 404, 503),
    bytes: fc.nat(10_000),
    late: fc.nat(50),
    wait: fc.nat(200),
    transfer: fc.nat(30),
  }).map(({ late, wait, transfer, ...attempt }) => {
    const begun = attempt.due + late;
    return { ...attempt, begun, firstByte: begun + wait, done: begun + wait + transfer };
  }),
});
const events = fc.array(event, { maxLength: 60 });

function record(meter: Meter, { attempt, failure }: Event): void {
  meter.begun(attempt, 80);
  if (failure === undefined) meter.answered(attempt);
  else if (failure === "cut off") meter.cutOff(attempt);
  else meter.failed(attempt, new RequestError(failure, `it was ${failure}`));
  if (attempt.ticket % 7 === 0) meter.connected(2, 3);
  if (attempt.ticket % 7 === 1) meter.connected(1, undefined);
  if (failure === "refused") meter.unconnected++;
  if (attempt.ticket % 5 === 0) meter.retried++;
  if (attempt.ticket % 5 === 1) meter.redirects++;
  meter.lag.record(attempt.begun - attempt.due);
}

function meterOf(history: readonly Event[]): Meter {
  const meter = new Meter(SHAPE);
  for (const event of history) record(meter, event);
  return meter;
}

function attempt(parts: Partial<Attempt>): Attempt {
  return {
    ...{ ticket: 0, target: 0, step: 0, due: 0, begun: 0, firstByte: 0, done: 0, status: 200 },
    bytes: 0,
    ...parts,
  };
}

Deno.test("meter: threads that measured apart have measured the same as one", () => {
  fc.assert(
    fc.property(events, events, (one, other) => {
      const sum = new Meter(SHAPE);
      sum.add(structuredClone(meterOf(one).encode()));
      sum.add(structuredClone(meterOf(other).encode()));
      assertEquals(sum.encode(), meterOf([...one, ...other]).encode());
    }),
    { numRuns: 20 },
  );
});

Deno.test("meter: URLs and steps share the same requests", () => {
  fc.assert(fc.property(events, (history) => {
    const meter = meterOf(history);
    const sent = (tallies: Meter["tallies"]) => tallies.map(({ ledger }) => ledger.sent);
    const at = (key: "target" | "step", count: number) =>
      Array.from(
        { length: count },
        (_, i) => history.filter(({ attempt }) => attempt[key] === i).length,
      );
    assertEquals(sent(meter.tallies), at("target", SHAPE.targets));
    assertEquals(sent(meter.steps), at("step", SHAPE.steps));
    const total = meter.total().ledger;
    assertEquals(total.ended + total.unfinished, history.length);
    const { ended, failed } = total;
    assertEquals(meter.progress(), { sent: history.length, ended, failed });
  }));
});

Deno.test("meter: two clocks: from when it was sent, and in an open run from when it was due", () => {
  const late = attempt({ due: 100, begun: 130, firstByte: 150, done: 190, bytes: 10 });
  for (const isOpen of [true, false]) {
    const meter = new Meter({ targets: 1, steps: 0, isOpen });
    meter.start = 50;
    meter.begun(late, 40);
    meter.answered(late);
    const { service, response } = meter.total();
    assertEquals([service.max, response.max], [60, isOpen ? 90 : 0]);
    assertEquals(meter.timeline.slices.map(({ sent, ok }) => [sent, ok]), [[1, 0], [0, 1]]);
  }
});

Deno.test("meter: answers in one piece have phases as well", () => {
  const answers = events.map((history) => history.filter((event) => event.failure === undefined));
  fc.assert(
    fc.property(answers, (history) => {
      const meter = new Meter(SHAPE);
      const [firstByte, transfer] = [new Latencies(), new Latencies()];
      for (const { attempt } of history) {
        meter.answered(attempt);
        firstByte.record(attempt.firstByte - attempt.begun);
        transfer.record(attempt.done - attempt.firstByte);
      }
      assertSame(meter.phase("firstByte"), firstByte);
      assertSame(meter.phase("transfer"), transfer);
    }),
    { numRuns: 30 },
  );
});

function assertSame(actual: Latencies, expected: Latencies): void {
  assertEquals(actual.count, expected.count);
  for (const percent of [1, 50, 90, 100]) {
    const [one, other] = [actual.percentile(percent), expected.percentile(percent)];
    assert(Math.abs(one - other) <= other / 1_000, `p${percent}: ${one} instead of ${other}`);
  }
  assert(Math.abs(actual.mean - expected.mean) < 1e-6);
}

Deno.test("meter: the first message of each class is kept", () => {
  const meter = new Meter({ targets: 1, steps: 0, isOpen: false });
  meter.failed(attempt({}), new RequestError("reset", "the first"));
  meter.failed(attempt({}), new RequestError("reset", "the second"));
  const other = new Meter({ targets: 1, steps: 0, isOpen: false });
  other.failed(attempt({}), new RequestError("reset", "elsewhere"));
  other.failed(attempt({}), new RequestError("TLS", "no hands"));
  meter.add(other.encode());
  assertEquals(meter.messages, { reset: "the first", TLS: "no hands" });
});

Deno.test("meter: an observer is told of each that ended, and not of those cut off", () => {
  const told: [number, FailureClass | undefined][] = [];
  const meter = new Meter({ targets: 1, steps: 0, isOpen: false }, ({ ticket }, failure) => {
    told.push([ticket, failure]);
  });
  meter.answered(attempt({ ticket: 1 }));
  meter.failed(attempt({ ticket: 2 }), new RequestError("closed", "it went"));
  meter.cutOff(attempt({ ticket: 3 }));
  assertEquals(told, [[1, undefined], [2, "closed"]]);
});

Deno.test("meter: five failed attempts to connect and nothing else is hopeless", () => {
  const refused = () => {
    const meter = new Meter({ targets: 1, steps: 0, isOpen: false });
    const fail = () => {
      meter.begun(attempt({}), 1);
      meter.failed(attempt({}), new RequestError("refused", "nobody"));
      meter.unconnected++;
    };
    return { meter, fail };
  };
  const { meter, fail } = refused();
  assertEquals(meter.hasReachedNobody, false);
  for (let i = 0; i < 4; i++) fail();
  assertEquals([meter.isHopeless, meter.hasReachedNobody], [false, true]);
  fail();
  assertEquals([meter.isHopeless, meter.hasReachedNobody], [true, true]);
  meter.connected(1, undefined);
  assertEquals([meter.isHopeless, meter.hasReachedNobody], [false, false]);
});
