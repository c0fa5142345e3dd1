import type { Outcome } from "../core/context.ts";
import type { Level } from "./level.ts";

/** What a field may hold: whatever JSON can, and errors. */
export type Field = string | number | boolean | null | undefined | Error;
export type Fields = Readonly<Record<string, Field>>;

/** Something that happened, with what is worth knowing about it. */
export interface TraceEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly level: Level;
  /** Which part of the program speaks, as filters name it. */
  readonly module: string;
  readonly message: string;
  /** Its own fields; {@link allFields} adds those of the spans around it. */
  readonly fields: Fields;
}

/** Something that lasts, as layers see it: what happens inside belongs to it. */
export interface SpanView {
  /** Counts the spans of one tracer, from 1. */
  readonly id: number;
  /** The span that was current when this one was made. */
  readonly parent: SpanView | undefined;
  readonly level: Level;
  readonly module: string;
  readonly name: string;
  /** What it was made with and what was recorded since. */
  readonly fields: Fields;
  /** When it was made, in milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds from its making to its close, or to now. */
  readonly duration: number;
  /** Milliseconds of that in which its code ran; the rest it waited. */
  readonly busy: number;
  /** How it ended, once it is closed: an error counts more than an abort, an abort than a value. */
  readonly outcome: Outcome | undefined;
  /** The first error that came out of it. */
  readonly error: unknown;
}

/** An event's own fields and those of all spans around it; of one name the innermost counts. */
export function allFields(event: TraceEvent, spans: readonly SpanView[]): Fields {
  if (spans.length === 0) return event.fields;
  const all: Record<string, Field> = { ...event.fields };
  for (const { fields } of spans.toReversed()) {
    for (const [name, value] of Object.entries(fields)) {
      if (!Object.hasOwn(all, name)) all[name] = value;
    }
  }
  return all;
}
