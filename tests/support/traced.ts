import {
  Filter,
  type Layer,
  Logger,
  RecordingLayer,
  type SpanView,
  type TraceEvent,
  Tracer,
} from "wakeful/runtime";
import { ManualClock } from "./manual_clock.ts";
import { Recorder } from "./recorder.ts";

/** A logger whose events and spans can be looked at, and whose clock is in the test's hands. */
export class Traced {
  readonly recording = new RecordingLayer();
  readonly tracer: Tracer;
  readonly log: Logger;

  constructor(filter = "trace", readonly clock = new ManualClock(), more: readonly Layer[] = []) {
    const layers = [this.recording, ...more];
    this.tracer = new Tracer({ clock, filter: Filter.parse(filter), layers });
    this.log = new Logger("shop", this.tracer);
  }

  /** The fields of every event so far. */
  get fields() {
    return this.recording.events.map(({ fields }) => fields);
  }

  /** What was said so far. */
  get messages(): string[] {
    return this.recording.events.map(({ message }) => message);
  }

  /** Name and outcome of every span that is over. */
  get closed(): string[] {
    return this.recording.closed.map(({ name, outcome }) => `${name} ${outcome}`);
  }
}

/** A layer that notes every call. */
export class NotingLayer implements Layer {
  readonly log = new Recorder();

  onEvent({ message }: TraceEvent, spans: readonly SpanView[]): void {
    this.log.note(`${[...spans.map(({ name }) => name), ""].join("/")}${message}`);
  }

  onNewSpan({ name }: SpanView): void {
    this.log.note(`new:${name}`);
  }

  onRecord({ name }: SpanView): void {
    this.log.note(`record:${name}`);
  }

  onEnter({ name }: SpanView): void {
    this.log.note(`enter:${name}`);
  }

  onExit({ name }: SpanView): void {
    this.log.note(`exit:${name}`);
  }

  onClose({ name }: SpanView): void {
    this.log.note(`close:${name}`);
  }
}
