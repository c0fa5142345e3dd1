import { Filter, filtered, type Layer, Logger, RecordingLayer, Tracer } from "wakeful/runtime";
import { assertEquals } from "../../support/assert.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { NotingLayer, Traced } from "../../support/traced.ts";

const broken: Layer = {
  onEvent() {
    throw new RangeError("event");
  },
  onNewSpan() {
    throw new RangeError("new span");
  },
};

/** A logger over these layers, and the errors of layers that were reported. */
function over(...layers: Layer[]) {
  const errors: unknown[] = [];
  const onLayerError = (error: unknown) => void errors.push(error);
  const tracer = new Tracer({ clock: new ManualClock(), layers, onLayerError });
  return { log: new Logger("shop", tracer), errors };
}

Deno.test("Tracer: every layer hears of everything, in their order", () => {
  const seen: string[] = [];
  const layer = (name: string): Layer => ({
    onEvent: ({ message }) => void seen.push(`${name} ${message}`),
    onClose: (span) => void seen.push(`${name} ${span.name}`),
  });
  const { log } = over(layer("a"), layer("b"));
  log.span("order").run(() => log.info("served"));
  assertEquals(seen, ["a served", "b served", "a order", "b order"]);
});

Deno.test("Tracer: a layer that throws is reported once, and harms neither program nor layers", () => {
  const noting = new NotingLayer();
  const { log, errors } = over(broken, noting);
  const answer = log.span("order").run(() => {
    log.info("served");
    log.info("paid");
    return 42;
  });
  assertEquals(answer, 42);
  assertEquals(errors.map(String), ["RangeError: new span"]);
  const told = "new:order enter:order order/served order/paid exit:order close:order";
  assertEquals(noting.log.line, told);
});

Deno.test("Tracer: each broken layer is reported, and a reporter that throws is borne", () => {
  assertEquals(over(broken, { ...broken }).errors, []);
  const two = over(broken, { ...broken });
  two.log.info("one");
  two.log.info("two");
  assertEquals(two.errors.length, 2);
  const onLayerError = () => {
    throw new TypeError("reporter");
  };
  const tracer = new Tracer({ clock: new ManualClock(), layers: [broken], onLayerError });
  new Logger("shop", tracer).info("said");
});

Deno.test("Tracer: makes nothing that no layer wants", () => {
  let read = 0;
  const clock = { now: () => ++read, wall: () => ++read };
  const silent = new Logger("shop", new Tracer({ clock, layers: [] }));
  silent.error("unheard", () => ({ read: ++read }));
  const strict = filtered(Filter.parse("error"), new RecordingLayer());
  const log = new Logger("shop", new Tracer({ clock, layers: [strict] }));
  log.warn("unheard", () => ({ read: ++read }));
  assertEquals([read, silent.enabled("error")], [0, false]);
});

Deno.test("Tracer: two in one program do not see each other's spans", () => {
  const [one, two] = [new Traced(), new Traced()];
  one.log.span("one", { n: 1 }).run(() => {
    two.log.span("two", { m: 2 }).run(() => {
      one.log.info("from one");
      two.log.info("from two");
    });
  });
  assertEquals([one.fields, two.fields], [[{ n: 1 }], [{ m: 2 }]]);
  assertEquals(two.recording.spans[0].parent, undefined);
});

Deno.test("Tracer: a layer may speak itself", () => {
  const { log, errors } = over({
    onEvent({ level }) {
      if (level === "error") log.warn("an error was told");
    },
  }, new NotingLayer());
  log.error("failed");
  assertEquals(errors, []);
});
