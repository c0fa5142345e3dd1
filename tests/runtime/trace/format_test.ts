import { type Fields, json, lines, pretty, type TraceEvent } from "wakeful/runtime";
import { assertEquals, assertNotMatch } from "../../support/assert.ts";
import { Traced } from "../../support/traced.ts";

const AT = Date.UTC(2026, 0, 2, 12, 34, 56, 789);

/** An event with these fields. */
function event(fields: Fields, message = "idle"): TraceEvent {
  return { at: AT, level: "warn", module: "echo", message, fields };
}

Deno.test("pretty: shows time of day, level, module, message and fields in one line", () => {
  const line = pretty(event({ peer: "127.0.0.1:4711", for: 10, last: true }));
  assertEquals(line, "12:34:56.789 WARN  echo: idle peer=127.0.0.1:4711 for=10 last=true");
});

const FIELDS: [unknown, string][] = [
  ["two words", ' f="two words"'],
  ["", ' f=""'],
  ["a=b", ' f="a=b"'],
  ['say "hi"', ' f="say \\"hi\\""'],
  ["line\nbreak", ' f="line\\nbreak"'],
  [null, " f=null"],
  [undefined, ""],
  [new Error("refused"), " f=refused"],
];

for (const [value, shown] of FIELDS) {
  Deno.test(`pretty: a field of ${JSON.stringify(value)} is shown as${shown || " nothing"}`, () => {
    assertEquals(pretty(event({ f: value } as Fields)), `12:34:56.789 WARN  echo: idle${shown}`);
  });
}

Deno.test("pretty: control characters of a peer do not reach the terminal", () => {
  const hostile = "\x1b[2J\x07\x9b31m\x7f";
  assertNotMatch(pretty(event({}, hostile)), /\p{Cc}/u);
  assertNotMatch(pretty(event({ nick: hostile })), /\p{Cc}/u);
});

Deno.test("json: one object with the fields beside, errors as their message", () => {
  const line = json(event({ peer: "p", error: new Error("refused"), gone: undefined }));
  assertEquals(JSON.parse(line), {
    at: "2026-01-02T12:34:56.789Z",
    level: "warn",
    module: "echo",
    message: "idle",
    peer: "p",
    error: "refused",
  });
});

Deno.test("json: a field cannot take the place of what the event says itself", () => {
  const line = JSON.parse(json(event({ level: "7", at: 1, module: "m", message: "mine" })));
  assertEquals([line.level, line.module, line.message], ["warn", "echo", "idle"]);
});

/** Two nested spans with these fields, outermost first. */
function spansWith(outer: Fields, inner: Fields, name = "query") {
  const { log, tracer } = new Traced();
  return log.span("request", outer).run(() => log.span(name, inner).run(() => tracer.spans()));
}

Deno.test("pretty: inside spans, their names stand behind the module and their fields at the end", () => {
  const line = pretty(event({ rows: 3 }), spansWith({ request: 7 }, { table: "tea pots" }));
  assertEquals(
    line,
    '12:34:56.789 WARN  echo request/query: idle rows=3 table="tea pots" request=7',
  );
});

Deno.test("pretty: control characters in a span's name do not reach the terminal", () => {
  assertNotMatch(pretty(event({}), spansWith({}, { nick: "\x07" }, "\x1b[2J")), /\p{Cc}/u);
});

Deno.test("json: inside spans, their names are a list and their fields stand beside", () => {
  const line = json(event({ rows: 3 }), spansWith({ request: 7, level: 1 }, { spans: 2 }));
  assertEquals(JSON.parse(line), {
    at: "2026-01-02T12:34:56.789Z",
    level: "warn",
    module: "echo",
    spans: ["request", "query"],
    message: "idle",
    rows: 3,
    request: 7,
  });
});

Deno.test("lines: writes each event in the given format", () => {
  const written: string[] = [];
  const layer = lines(pretty, (line) => written.push(line));
  layer.onEvent?.(event({}), spansWith({}, {}));
  assertEquals(written, ["12:34:56.789 WARN  echo request/query: idle"]);
});
