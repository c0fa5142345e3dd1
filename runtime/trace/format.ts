import { allFields, type Field, type SpanView, type TraceEvent } from "./event.ts";
import type { Layer } from "./layer.ts";

/** One event as one line of text, without the line's end. */
export type Format = (event: TraceEvent, spans?: readonly SpanView[]) => string;

/** Whether a value can stand in a pretty line as it is. */
const PLAIN = /^[^\s"=]+$/;
const CONTROL = /\p{Cc}/gu;

/**
 * For people: `12:34:56.789 WARN  echo-server: idle for 10s peer=127.0.0.1:4711`. Inside spans
 * their names stand behind the module, `shop request/query: sold`, and their fields at the end.
 */
export function pretty(event: TraceEvent, spans: readonly SpanView[] = []): string {
  const { at, level, module, message } = event;
  const time = new Date(at).toISOString().slice("2026-01-01T".length, -1);
  const where = spans.length === 0 ? module : `${module} ${namesOf(spans).join("/")}`;
  const shown = Object.entries(allFields(event, spans))
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${prettyField(value)}`);
  return `${time} ${level.toUpperCase().padEnd("ERROR".length)} ` +
    `${`${where}: ${message}`.replace(CONTROL, " ")}${shown.join("")}`;
}

/**
 * For programs: a JSON object with `at`, `level`, `module`, `message`, inside spans their names as
 * `spans`, and all fields beside.
 */
export function json(event: TraceEvent, spans: readonly SpanView[] = []): string {
  const { at, level, module, message } = event;
  const where = spans.length === 0 ? { module } : { module, spans: namesOf(spans) };
  const line = { ...allFields(event, spans), at: new Date(at).toISOString(), level, ...where };
  return JSON.stringify({ ...line, message }, (_key, value) => {
    return value instanceof Error ? value.message : value;
  });
}

/** A layer that writes each event as a line. */
export function lines(format: Format, write: (line: string) => void): Layer {
  return { onEvent: (event, spans) => write(format(event, spans)) };
}

function namesOf(spans: readonly SpanView[]): string[] {
  return spans.map(({ name }) => name);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function prettyField(value: Field): string {
  const text = value instanceof Error ? value.message : String(value);
  return (PLAIN.test(text) ? text : JSON.stringify(text)).replace(CONTROL, escaped);
}
