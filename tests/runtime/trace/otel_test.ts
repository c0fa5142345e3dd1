import type { Context, Span, SpanOptions, Tracer as OtelTracer } from "@opentelemetry/api";
import { ROOT_CONTEXT, SpanStatusCode, trace } from "@opentelemetry/api";
import { Filter, filtered, Logger, Tracer } from "wakeful/runtime";
import { OtelLayer } from "wakeful/otel";
import { assertEquals, assertGreater, assertMatch, assertThrows } from "../../support/assert.ts";
import { runDeno } from "../../support/child_process.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { attributesOf, OtlpCollector } from "../../support/otlp_collector.ts";
import { importsOf, sourceFiles } from "../../support/source_files.ts";

/** Stands in for the API's tracer and notes, line by line, what it is asked for. */
class FakeOtel {
  readonly calls: string[] = [];
  #names = new Map<unknown, string>();

  tracer(): OtelTracer {
    return { startSpan: this.#start } as unknown as OtelTracer;
  }

  #start = (name: string, options: SpanOptions = {}, within: Context = ROOT_CONTEXT): Span => {
    const parent = this.#names.get(trace.getSpan(within));
    const { startTime, attributes } = options;
    this.#note(`start ${name} in ${parent} at ${startTime}`, attributes);
    const note = (what: string) => (...rest: unknown[]) => this.#note(`${name} ${what}`, ...rest);
    const span = {
      setAttribute: note("attribute"),
      setAttributes: note("attributes"),
      addEvent: note("event"),
      setStatus: note("status"),
      recordException: note("exception"),
      end: note("end"),
    } as unknown as Span;
    this.#names.set(span, name);
    return span;
  };

  #note(what: string, ...rest: unknown[]): void {
    const shown = rest.map((value) => value instanceof Error ? `${value}` : JSON.stringify(value));
    this.calls.push([what, ...shown].join(" "));
  }
}

/** A logger to a fake of OpenTelemetry. */
function faked(filter = "trace") {
  const [otel, clock] = [new FakeOtel(), new ManualClock(5)];
  const layer = filtered(Filter.parse(filter), new OtelLayer(otel.tracer()));
  const log = new Logger("shop", new Tracer({ clock, layers: [layer] }));
  return { log, clock, calls: otel.calls };
}

Deno.test("OtelLayer: a span has its fields as attributes, its events, and its times", () => {
  const { log, clock, calls } = faked();
  log.span("order", { table: 4, note: null, gone: undefined }).run(() => {
    clock.time = 7;
    log.warn("late", { ms: 2, cause: new Error("rain") });
    log.currentSpan()?.record({ paid: true });
  });
  assertEquals(calls, [
    'start order in undefined at 5 {"level":"info","module":"shop","table":4}',
    'order event "late" {"level":"warn","module":"shop","ms":2,"cause":"rain"} 7',
    'order attributes {"table":4,"paid":true}',
    "order end 7",
  ]);
});

Deno.test("OtelLayer: parents are kept, over spans that a filter hides", () => {
  const { log, calls } = faked("info");
  log.span("outer").run(() =>
    log.span("hidden", {}, "debug").run(() => {
      log.info("said");
      log.span("inner").run(() => {});
    })
  );
  assertEquals(calls.map((call) => call.replace(/ \{.*/, "")), [
    "start outer in undefined at 5",
    'outer event "said"',
    "start inner in outer at 5",
    "inner end 5",
    "outer end 5",
  ]);
});

Deno.test("OtelLayer: what is said outside all spans has no place", () => {
  const { log, calls } = faked();
  log.error("alone");
  assertEquals(calls, []);
});

Deno.test("OtelLayer: an error that comes out is the status, whatever was thrown", () => {
  const { log, calls } = faked();
  for (const thrown of [new RangeError("own"), "a word"]) {
    assertThrows(() =>
      log.span("bad").run(() => {
        throw thrown;
      })
    );
  }
  const { ERROR } = SpanStatusCode;
  assertEquals(calls.filter((call) => !call.startsWith("start")), [
    `bad status {"code":${ERROR},"message":"own"}`,
    "bad exception RangeError: own 5",
    "bad end 5",
    `bad status {"code":${ERROR},"message":"a word"}`,
    'bad exception "a word" 5',
    "bad end 5",
  ]);
});

Deno.test("OtelLayer: a span that was dropped says so", () => {
  const { log, calls } = faked();
  const scope = handPoll(log.span("order").scope(new Gate()));
  scope.assertPending();
  scope.drop();
  assertEquals(calls.slice(1), ['order attribute "aborted" true', "order end 5"]);
});

Deno.test("OtelLayer: without an exporter nothing goes wrong", () => {
  const errors: unknown[] = [];
  const onLayerError = (error: unknown) => void errors.push(error);
  const parts = { clock: new ManualClock(), layers: [new OtelLayer()], onLayerError };
  const log = new Logger("shop", new Tracer(parts));
  assertEquals(log.span("order").run(() => (log.info("said"), 42)), 42);
  assertEquals(errors, []);
});

Deno.test("OtelLayer: Deno's own exporter sends the spans as a tree, with all they know", async () => {
  await using collector = new OtlpCollector();
  const program = "tests/support/otel_program.ts";
  const { code, stderr } = await runDeno([], program, { env: collector.env });
  assertEquals([code, stderr], [0, ""]);
  const [order, pack, ship] = ["order", "pack", "ship"].map((name) => collector.named(name));
  assertEquals(collector.spans.length, 3);
  assertMatch(order.parentSpanId, /^0*$/);
  assertEquals([pack.parentSpanId, ship.parentSpanId], [order.spanId, order.spanId]);
  assertEquals(new Set(collector.spans.map(({ traceId }) => traceId)).size, 1);
  const asked = attributesOf(order.attributes);
  assertEquals([asked.module, Number(asked.order), asked.shipped], ["shop", 7, false]);
  const [packed] = pack.events;
  const { thing, grams } = attributesOf(packed.attributes);
  assertEquals([packed.name, thing, Number(grams)], ["packed", "tea", 125]);
  assertEquals([ship.status.code, ship.status.message], [SpanStatusCode.ERROR, "no such street"]);
  assertEquals(ship.events.map(({ name }) => name), ["exception"]);
  assertEquals([order.status.code ?? 0, order.startTimeUnixNano], [0, "1001000000"]);
  assertGreater(Number(order.endTimeUnixNano), Number(ship.endTimeUnixNano));
});

Deno.test("OtelLayer: only who imports it loads the API", () => {
  const files = sourceFiles("runtime", "net", "commands", "main.ts");
  const loading = files.filter((path) =>
    importsOf(path).some((target) => target.endsWith("/otel.ts") || target === "wakeful/otel")
  );
  assertEquals(loading, []);
});
