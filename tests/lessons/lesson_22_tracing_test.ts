/**
 * Lesson 22, tracing: events with fields, spans that lend them theirs, layers that listen.
 *
 * Read on in runtime/trace: event.ts and layer.ts first, then tracer.ts, logger.ts and span.ts. The
 * way of a span across awaits is that of a task-local, see lesson 20.
 */

import {
  Filter,
  filtered,
  json,
  type Layer,
  LevelCounter,
  lines,
  Logger,
  now,
  pretty,
  RecordingLayer,
  scope,
  sleep,
  spawn,
  Tracer,
} from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { assertEquals } from "../support/assert.ts";
import { show } from "./show.ts";

/** A logger that speaks to `layers`, by the clock of the task that speaks. */
const logger = (...layers: Layer[]) =>
  new Logger("shop", new Tracer({ clock: { now, wall: now }, layers }));

Deno.test("lesson 22.1 · an event is data: when, how important, who, what, and its fields", async () => {
  const recording = new RecordingLayer();
  const forPeople: string[] = [], forPrograms: string[] = [];
  const log = logger(
    recording,
    lines(pretty, (line) => forPeople.push(line)),
    lines(json, (line) => forPrograms.push(line)),
  );
  await runTest(function* () {
    yield* sleep(1_500);
    log.warn("sold out", { item: "tea", left: 0 });
  });
  const fields = { item: "tea", left: 0 };
  assertEquals(recording.events, [
    { at: 1_500, level: "warn", module: "shop", message: "sold out", fields, spans: [] },
  ]);
  show(...forPeople, ...forPrograms);
  assertEquals(forPeople, ["00:00:01.500 WARN  shop: sold out item=tea left=0"]);
  assertEquals(JSON.parse(forPrograms[0]), {
    at: "1970-01-01T00:00:01.500Z",
    level: "warn",
    module: "shop",
    message: "sold out",
    ...fields,
  });
});

Deno.test("lesson 22.2 · a layer counts per level, another shows warnings, of the same events", async () => {
  const counter = new LevelCounter();
  const shown: string[] = [];
  const printer = filtered(Filter.parse("warn"), { onEvent: (event) => shown.push(event.message) });
  const log = logger(counter, printer);
  await runTest(function* () {
    for (let order = 1; order <= 10; order++) {
      log.debug("order", { order });
      if (order % 3 === 0) log.warn(`order ${order} is late`);
      if (order === 7) log.error("order 7 is lost");
      yield* sleep(100);
    }
  });
  assertEquals(counter.counts, { error: 1, warn: 3, info: 0, debug: 10, trace: 0 });
  assertEquals(shown, [
    "order 3 is late",
    "order 6 is late",
    "order 7 is lost",
    "order 9 is late",
  ]);
});

Deno.test("lesson 22.2 · a layer of one's own is one method", async () => {
  const perSecond = new Map<number, number>();
  const log = logger({
    onEvent({ at }) {
      const second = Math.floor(at / 1_000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    },
  });
  await runTest(function* () {
    for (let beat = 0; beat < 5; beat++) {
      log.info("beat");
      yield* sleep(400);
    }
  });
  assertEquals([...perSecond], [[0, 3], [1, 2]]);
});

Deno.test("lesson 22.2 · what no layer wants is not even made", async () => {
  let made = 0;
  const log = logger(filtered(Filter.parse("info"), new LevelCounter()));
  await runTest(function* () {
    log.debug("expensive", () => ({ made: ++made }));
    log.info("expensive", () => ({ made: ++made }));
  });
  assertEquals(made, 1);
});

Deno.test("lesson 22.3 · a request's id reaches every event inside, across awaits and tasks", async () => {
  const recording = new RecordingLayer();
  const log = logger(recording);

  /** It has never heard of requests. */
  const query = function* (table: string) {
    log.debug("query begins", { table });
    yield* sleep(100);
    log.debug("query ends", { table });
  };
  const handle = (id: number) =>
    log.span("request", { id }).scope(function* () {
      yield* log.span("lookup").scope(() => query("users"));
      yield* spawn(log.currentSpan()!.scope(() => query("orders"))); // a task is taken along
      log.info("answered");
    });

  await runTest(() =>
    scope(function* (s) {
      for (const id of [1, 2, 3]) s.spawn(() => handle(id)); // they take turns
    })
  );
  assertEquals(recording.events.length, 3 * 5);
  const said = (id: number) =>
    recording.events.filter(({ fields }) => fields.id === id).map((
      { at, spans, message, fields },
    ) => `${at} ${spans.join("/")}: ${message} ${fields.table ?? ""}`.trim());
  show(...said(2));
  for (const id of [1, 2, 3]) {
    assertEquals(said(id), [
      "0 request/lookup: query begins users",
      "100 request/lookup: query ends users",
      "100 request: query begins orders",
      "200 request: query ends orders",
      "200 request: answered",
    ]);
  }
  const durations = recording.closed.map(({ name, duration }) => `${name} ${duration}`);
  assertEquals(durations.filter((line) => line.startsWith("request")), [
    "request 200",
    "request 200",
    "request 200",
  ]);
});
