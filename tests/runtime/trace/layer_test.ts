import { Filter, filtered, type Layer, LEVELS, Logger, Tracer } from "wakeful/runtime";
import { assertEquals } from "../../support/assert.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { NotingLayer, Traced } from "../../support/traced.ts";

/** A noting layer behind a filter, beside one that hears everything, and a logger over both. */
function behind(filter: string) {
  const [hidden, open] = [new NotingLayer(), new NotingLayer()];
  const layers = [filtered(Filter.parse(filter), hidden), open];
  const log = new Logger("shop", new Tracer({ clock: new ManualClock(), layers }));
  return { log, hidden: hidden.log, open: open.log };
}

Deno.test("filtered: stands in front of one layer, and the others hear everything", () => {
  const { log, hidden, open } = behind("warn,till=info");
  for (const speaker of [log, log.for("till")]) {
    for (const level of LEVELS) speaker[level](`${speaker.module}-${level}`);
  }
  assertEquals(hidden.line, "shop-error shop-warn till-error till-warn till-info");
  assertEquals(open.seen.length, 2 * LEVELS.length);
});

Deno.test("filtered: spans are hidden by their level, and nothing that becomes of them is told", () => {
  const { log, hidden, open } = behind("warn");
  const span = log.span("quiet", {}, "debug");
  span.record({ n: 1 });
  span.run(() => {});
  log.span("loud", {}, "warn").run(() => {});
  assertEquals(hidden.line, "new:loud enter:loud exit:loud close:loud");
  assertEquals(open.line.slice(0, "new:quiet record:quiet".length), "new:quiet record:quiet");
});

Deno.test("filtered: a hidden span still lends its fields to what is shown", () => {
  const traced = new Traced("warn");
  traced.log.span("request", { request: 7 }, "trace").run(() => traced.log.warn("slow", { ms: 9 }));
  assertEquals(traced.fields, [{ ms: 9, request: 7 }]);
  assertEquals(traced.recording.spans, []);
});

Deno.test("filtered: wants no more than both the filter and the layer behind it", () => {
  const least = (filter: string, inner: Layer) =>
    filtered(Filter.parse(filter), inner).least?.("shop");
  assertEquals(least("info", {}), "info");
  assertEquals(least("info", { least: () => "error" }), "error");
  assertEquals(least("info", { least: () => "trace" }), "info");
});

Deno.test("Layer: of spans that no layer wants, none is told", () => {
  const picky = Object.assign(new NotingLayer(), { least: () => "warn" as const });
  const log = new Logger("shop", new Tracer({ clock: new ManualClock(), layers: [picky] }));
  log.span("quiet").run(() => log.info("quiet"));
  log.span("loud", {}, "warn").run(() => {});
  assertEquals(picky.log.line, "new:loud enter:loud exit:loud close:loud");
});
