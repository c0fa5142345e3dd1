import { type Co, type Logger, pollFn, sleep, spawn, yieldNow } from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { failing, failingInCleanup } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { NotingLayer, Traced } from "../../support/traced.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** Says something before and after a wait, two calls below whoever calls it. */
function* deepWork(log: Logger, ms = 1): Co<void> {
  log.info("begun");
  yield* (function* () {
    yield* sleep(ms);
    log.info("done");
  })();
}

/** A virtual runtime and a logger on the same clock. */
function virtually() {
  const virtual = new VirtualRuntime();
  return { virtual, traced: new Traced("trace", virtual.clock) };
}

Deno.test("Span: its fields reach every event below, across awaits, and none after", () => {
  const { virtual, traced } = virtually();
  virtual.run(function* () {
    yield* traced.log.span("request", { request: 7 }).scope(() => deepWork(traced.log));
    traced.log.info("after");
  });
  assertEquals(traced.fields, [{ request: 7 }, { request: 7 }, {}]);
});

Deno.test("Span: tasks that take turns do not see each other's fields", () => {
  const { virtual, traced } = virtually();
  for (const request of [1, 2, 3]) {
    virtual.spawn(() => traced.log.span("request", { request }).scope(() => deepWork(traced.log)));
  }
  virtual.advance(1);
  assertEquals(traced.fields.map(({ request }) => request), [1, 2, 3, 1, 2, 3]);
});

Deno.test("Span: a spawned task begins outside, unless it is spawned with the scope", () => {
  const { virtual, traced } = virtually();
  const { log } = traced;
  virtual.run(() => {
    const request = log.span("request", { request: 7 });
    return request.scope(function* () {
      yield* spawn(() => deepWork(log));
      yield* spawn(request.scope(() => deepWork(log)));
    });
  });
  assertEquals(traced.fields.map(({ request }) => request), [undefined, undefined, 7, 7]);
});

Deno.test("Span: knows its parent, of whose fields the inner ones win", () => {
  const { virtual, traced } = virtually();
  const { log, recording } = traced;
  virtual.run(() =>
    log.span("request", { id: 1, user: "ann" }).scope(function* () {
      yield* log.span("query", { id: 2 }).scope(() => deepWork(log));
      log.info("answered");
    })
  );
  assertEquals(traced.fields.at(0), { id: 2, user: "ann" });
  assertEquals(traced.fields.at(-1), { id: 1, user: "ann" });
  assertEquals(recording.events[0].spans, ["request", "query"]);
  assertEquals(recording.spans.map(({ parent }) => parent?.name), [undefined, "request"]);
});

Deno.test("Span: is entered at each poll and exited after it, and closes at the end", () => {
  const traced = new Traced();
  const [span, gate] = [traced.log.span("job"), new Gate<string>()];
  const scope = handPoll(span.scope(gate));
  scope.assertPending();
  assertEquals([traced.tracer.spans(), traced.closed], [[], []]);
  gate.open("value");
  scope.assertReady("value");
  assertEquals([traced.tracer.spans(), traced.closed], [[], ["job value"]]);
  assertThrows(() => scope.poll(), Error, "a span's scope()");
  scope.drop();
  assertEquals(traced.closed, ["job value"]);
});

Deno.test("Span: counts how long it ran and how long it lasted", () => {
  const { virtual, traced } = virtually();
  const busy = (ms: number) => virtual.clock.time += ms;
  const span = traced.log.span("job");
  virtual.run(() =>
    span.scope(function* () {
      busy(3);
      yield* sleep(100);
      span.run(() => busy(4));
    })
  );
  busy(50);
  const [{ at, duration, busy: ran }] = traced.recording.closed;
  assertEquals([at, duration, ran], [0, 107, 7]);
});

Deno.test("Span: is open until the last of its scopes has ended, and closes once", () => {
  const traced = new Traced();
  const [span, first, second] = [traced.log.span("job"), new Gate(), new Gate()];
  const [a, b] = [handPoll(span.scope(first)), handPoll(span.scope(second))];
  a.assertPending();
  b.assertPending();
  first.open();
  a.assertReady(undefined);
  assertEquals([traced.closed, span.outcome], [[], undefined]);
  b.drop();
  assertEquals([traced.closed, span.outcome], [["job aborted"], "aborted"]);
  b.drop();
  assertEquals(traced.closed.length, 1);
});

Deno.test("Span: dropped with its task it closes once, and cleanup speaks inside it", () => {
  const { virtual, traced } = virtually();
  const { log } = traced;
  function* body(): Co<void> {
    try {
      yield* new Gate();
    } finally {
      log.info("cleaned");
    }
  }
  const started = virtual.spawn(() => log.span("started", { n: 1 }).scope(body));
  virtual.settle();
  started.abort();
  started.abort();
  const unstarted = virtual.spawn(log.span("unstarted", { n: 2 }).scope(body));
  unstarted.abort();
  virtual.settle();
  assertEquals(traced.closed, ["started aborted", "unstarted aborted"]);
  assertEquals(traced.fields, [{ n: 1 }]);
});

Deno.test("Span: an error passes through and is its outcome, worse than an abort", () => {
  const traced = new Traced();
  const span = traced.log.span("job");
  const other = handPoll(span.scope(new Gate()));
  const broken = handPoll(span.scope(() => failing()));
  assertThrows(() => broken.poll(), RangeError, "own");
  other.drop();
  assertEquals([traced.closed, String(span.error)], [["job error"], "RangeError: own"]);
});

Deno.test("Span: an error of cleanup is its outcome, too", () => {
  const traced = new Traced();
  const scope = handPoll(traced.log.span("job").scope(() => failingInCleanup()));
  scope.assertPending();
  assertThrows(() => scope.drop(), RangeError, "in cleanup");
  scope.drop();
  assertEquals(traced.closed, ["job error"]);
});

Deno.test("Span: run() holds plain functions, whose value or error comes out", () => {
  const traced = new Traced();
  const { log } = traced;
  assertEquals(log.span("sum", { n: 1 }).run(() => (log.info("adding"), 42)), 42);
  assertThrows(() =>
    log.span("bad").run(() => {
      throw new RangeError("own");
    }), RangeError);
  assertEquals(traced.fields, [{ n: 1 }]);
  assertEquals(traced.closed, ["sum value", "bad error"]);
  assertEquals(traced.tracer.spans(), []);
});

Deno.test("Span: once closed it still lends its fields, and layers hear no more of it", () => {
  const noting = new NotingLayer();
  const traced = new Traced("trace", new ManualClock(), [noting]);
  const span = traced.log.span("job", { n: 1 });
  span.run(() => {});
  assertThrows(() =>
    span.run(() => {
      span.record({ late: true });
      traced.log.info("again");
      failing().next();
    }), RangeError);
  assertEquals(noting.log.line, "new:job enter:job exit:job close:job job/again");
  assertEquals(traced.fields, [{ n: 1, late: true }]);
  assertEquals([span.outcome, span.error], ["value", undefined]);
});

Deno.test("Span: a scope that has ended counts once, however often it is dropped", () => {
  const noting = new NotingLayer();
  const traced = new Traced("trace", new ManualClock(), [noting]);
  const span = traced.log.span("job");
  const other = handPoll(span.scope(new Gate()));
  const leaving: HandPoll<void> = handPoll(span.scope(pollFn(() => leaving.drop())));
  leaving.assertReady(undefined);
  leaving.drop();
  assertEquals(noting.log.line, "new:job enter:job exit:job");
  other.drop();
  assertEquals(noting.log.line, "new:job enter:job exit:job enter:job exit:job close:job");
});

Deno.test("Span: what is recorded takes the place of earlier fields and reaches open scopes", () => {
  const { virtual, traced } = virtually();
  const { log } = traced;
  const span = log.span("request", { request: 7, user: "unknown" });
  virtual.run(() =>
    span.scope(function* () {
      log.info("before");
      yield* yieldNow();
      span.record({ user: "ann" });
      log.info("after");
    })
  );
  assertEquals(traced.fields.map(({ user }) => user), ["unknown", "ann"]);
  assertEquals(traced.fields[1], { request: 7, user: "ann" });
});

Deno.test("Span: a task that aborts another inside the same span is entered once", () => {
  const { virtual, traced } = virtually();
  const span = traced.log.span("job");
  virtual.run(() =>
    span.scope(function* () {
      const other = spawn(span.scope(new Gate()));
      yield* yieldNow();
      virtual.clock.time += 5;
      other.abort();
      virtual.clock.time += 5;
    })
  );
  assertEquals([span.busy, traced.closed], [10, ["job aborted"]]);
});
