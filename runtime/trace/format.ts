import type { Field, TraceEvent } from "./event.ts";

/** One event as one line of text, without the line's end. */
export type Format = (event: TraceEvent) => string;

/** Whether a value can stand in a pretty line as it is. */
const PLAIN = /^[^\s"=]+$/;
const CONTROL = /\p{Cc}/gu;

/** For people: `12:34:56.789 WARN  echo-server: idle for 10s peer=127.0.0.1:4711`. */
export function pretty({ at, level, module, message, fields }: TraceEvent): string {
  const time = new Date(at).toISOString().slice("2026-01-01T".length, -1);
  const shown = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${prettyField(value)}`);
  return `${time} ${level.toUpperCase().padEnd("ERROR".length)} ${module}: ` +
    `${message.replace(CONTROL, " ")}${shown.join("")}`;
}

/** For programs: a JSON object with `at`, `level`, `module`, `message` and the fields beside. */
export function json({ at, level, module, message, fields }: TraceEvent): string {
  const time = new Date(at).toISOString();
  return JSON.stringify({ ...fields, at: time, level, module, message }, (_key, value) => {
    return value instanceof Error ? value.message : value;
  });
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function prettyField(value: Field): string {
  const text = value instanceof Error ? value.message : String(value);
  return (PLAIN.test(text) ? text : JSON.stringify(text)).replace(CONTROL, escaped);
}
