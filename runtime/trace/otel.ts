/**
 * Spans for OpenTelemetry. A module of its own, so that only who imports it loads the API.
 *
 * Deno exports them itself: run with `OTEL_DENO=true` and, for example,
 * `OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318`.
 *
 * @module
 */

import {
  type Attributes,
  type Context,
  context,
  type Span as OtelSpan,
  SpanStatusCode,
  trace,
  type Tracer as OtelTracer,
} from "@opentelemetry/api";
import type { Fields, SpanView, TraceEvent } from "./event.ts";
import type { Layer } from "./layer.ts";

/** Under which name wakeful's spans are exported. */
const INSTRUMENTATION = "wakeful";

/**
 * A layer that makes an OpenTelemetry span of each span, and adds the events inside to it.
 *
 * Fields become attributes, beside `level` and `module`. An error that comes out of the span sets
 * its status and is recorded; a span that was dropped has the attribute `aborted`. A span without a
 * parent belongs to OpenTelemetry's active context, if there is one. Events outside all spans have
 * no place there and are left out.
 *
 * @example
 * ```ts
 * import { Logger, realClock, Tracer } from "wakeful/runtime";
 * import { OtelLayer } from "wakeful/otel";
 *
 * const log = new Logger("shop", new Tracer({ clock: realClock, layers: [new OtelLayer()] }));
 * log.span("order", { table: 4 }).run(() => log.info("served"));
 * ```
 */
export class OtelLayer implements Layer {
  #tracer: OtelTracer;
  #spans = new WeakMap<SpanView, OtelSpan>();

  /** @param tracer that of the API's global provider by default */
  constructor(tracer: OtelTracer = trace.getTracer(INSTRUMENTATION)) {
    this.#tracer = tracer;
  }

  onNewSpan(span: SpanView): void {
    const { name, level, module, fields, at } = span;
    const attributes = { level, module, ...attributesOf(fields) };
    const options = { attributes, startTime: at };
    this.#spans.set(span, this.#tracer.startSpan(name, options, this.#contextOf(span)));
  }

  onRecord(span: SpanView): void {
    this.#spans.get(span)?.setAttributes(attributesOf(span.fields));
  }

  onEvent(event: TraceEvent, spans: readonly SpanView[]): void {
    const { at, level, module, message, fields } = event;
    const innermost = spans.findLast((span) => this.#spans.has(span));
    if (innermost === undefined) return;
    const attributes = { level, module, ...attributesOf(fields) };
    this.#spans.get(innermost)!.addEvent(message, attributes, at);
  }

  onClose(span: SpanView): void {
    const exported = this.#spans.get(span);
    if (exported === undefined) return;
    const end = span.at + span.duration;
    if (span.outcome === "error") {
      const message = messageOf(span.error);
      exported.setStatus({ code: SpanStatusCode.ERROR, message });
      exported.recordException(span.error instanceof Error ? span.error : message, end);
    } else if (span.outcome === "aborted") {
      exported.setAttribute("aborted", true);
    }
    exported.end(end);
  }

  /** That of the nearest parent this layer has heard of. */
  #contextOf({ parent }: SpanView): Context {
    const active = context.active();
    for (let outer = parent; outer !== undefined; outer = outer.parent) {
      const exported = this.#spans.get(outer);
      if (exported !== undefined) return trace.setSpan(active, exported);
    }
    return active;
  }
}

function attributesOf(fields: Fields): Attributes {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    attributes[name] = value instanceof Error ? value.message : value;
  }
  return attributes;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
