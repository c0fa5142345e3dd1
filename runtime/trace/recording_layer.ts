import { allFields, type SpanView, type TraceEvent } from "./event.ts";
import type { Layer } from "./layer.ts";

/** An event as it was recorded: its fields are its own and those of the spans around it. */
export interface RecordedEvent extends TraceEvent {
  /** The names of the spans around it, outermost first. */
  readonly spans: readonly string[];
}

/**
 * A layer for tests: it keeps everything, in order.
 *
 * @example
 * ```ts
 * import { Logger, realClock, RecordingLayer, Tracer } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const recording = new RecordingLayer();
 * const log = new Logger("shop", new Tracer({ clock: realClock, layers: [recording] }));
 * log.span("order", { table: 4 }).run(() => log.info("served", { dish: "soup" }));
 * const [{ message, fields, spans }] = recording.events;
 * assertEquals([message, fields, spans], ["served", { dish: "soup", table: 4 }, ["order"]]);
 * assertEquals(recording.closed.map(({ name }) => name), ["order"]);
 * ```
 */
export class RecordingLayer implements Layer {
  readonly events: RecordedEvent[] = [];
  /** Every span that was made. */
  readonly spans: SpanView[] = [];
  /** Every span that is over, in the order of closing. */
  readonly closed: SpanView[] = [];

  onEvent(event: TraceEvent, spans: readonly SpanView[]): void {
    const fields = allFields(event, spans);
    this.events.push({ ...event, fields, spans: spans.map(({ name }) => name) });
  }

  onNewSpan(span: SpanView): void {
    this.spans.push(span);
  }

  onClose(span: SpanView): void {
    this.closed.push(span);
  }
}
